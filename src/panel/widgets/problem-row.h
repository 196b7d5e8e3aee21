/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblemRow: one thing that is wrong, what to do about it, and the button that does it.
 */
#pragma once

#include <adwaita.h>

#include "app/problem.h"

G_BEGIN_DECLS

#define TH_TYPE_PROBLEM_ROW (th_problem_row_get_type ())
G_DECLARE_FINAL_TYPE (ThProblemRow, th_problem_row, TH, PROBLEM_ROW, AdwPreferencesRow)

/* Signal "resolve" (ThProblem): the button was pressed. The row may go while this is handled. */

GtkWidget *th_problem_row_new (ThProblem *problem);

G_END_DECLS
