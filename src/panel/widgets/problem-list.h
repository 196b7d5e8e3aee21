/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProblemList: what is wrong, worst first: three rows at most, and the rest on request. Not to be
 * seen when nothing is wrong.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_PROBLEM_LIST (th_problem_list_get_type ())
G_DECLARE_FINAL_TYPE (ThProblemList, th_problem_list, TH, PROBLEM_LIST, AdwBin)

/* Signal "resolve" (ThProblem): the user asks to have this problem solved. */

/* @problems: (transfer none) (element-type ThProblem): worst first */
void th_problem_list_set_model (ThProblemList *self, GListModel *problems);

G_END_DECLS
