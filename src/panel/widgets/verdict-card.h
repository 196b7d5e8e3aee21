/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThVerdictCard: how a test goes while it runs, and what came of it.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-test.h"

G_BEGIN_DECLS

#define TH_TYPE_VERDICT_CARD (th_verdict_card_get_type ())
G_DECLARE_FINAL_TYPE (ThVerdictCard, th_verdict_card, TH, VERDICT_CARD, AdwBin)

/* @test: (nullable): followed from now on; hidden without one */
void th_verdict_card_set_test (ThVerdictCard *self, ThIceTest *test);

G_END_DECLS
