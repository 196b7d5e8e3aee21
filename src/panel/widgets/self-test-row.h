/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSelfTestRow: when this relay was tested last, what came of it, and the way to the page of tests.
 */
#pragma once

#include <adwaita.h>

#include "app/ice-runs.h"

G_BEGIN_DECLS

#define TH_TYPE_SELF_TEST_ROW (th_self_test_row_get_type ())
G_DECLARE_FINAL_TYPE (ThSelfTestRow, th_self_test_row, TH, SELF_TEST_ROW, AdwActionRow)

/* Says what is the case now: time passes. */
void th_self_test_row_show (ThSelfTestRow *self, ThIceRuns *runs);

G_END_DECLS
