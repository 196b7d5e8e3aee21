/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFactRow: a row of a list with what it is about, quietly, and what is the case.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TH_TYPE_FACT_ROW (th_fact_row_get_type ())
G_DECLARE_FINAL_TYPE (ThFactRow, th_fact_row, TH, FACT_ROW, GtkListBoxRow)

/*
 * Properties:
 *
 * - title (string)
 * - value (string)
 */

void th_fact_row_set_value (ThFactRow *self, const char *value);

G_END_DECLS
