/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThVerdictCard: how a test goes while it runs, and what came of it: where that is not good, with the
 * worst that it found and what to do about it.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-test.h"

G_BEGIN_DECLS

#define TH_TYPE_VERDICT_CARD (th_verdict_card_get_type ())
G_DECLARE_FINAL_TYPE (ThVerdictCard, th_verdict_card, TH, VERDICT_CARD, AdwBin)

/* @test: (nullable): followed from now on; hidden without one; @own_relay: it is about this program's
 * relay, whose settings may be changed */
void th_verdict_card_set_test (ThVerdictCard *self, ThIceTest *test, gboolean own_relay);

G_END_DECLS
