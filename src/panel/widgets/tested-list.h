/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTestedList: what was tested, step by step, for who wants to see it all: a row that unfolds.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_TESTED_LIST (th_tested_list_get_type ())
G_DECLARE_FINAL_TYPE (ThTestedList, th_tested_list, TH, TESTED_LIST, AdwBin)

/* @paths: (nullable) (element-type ThIcePath): hidden without one */
void th_tested_list_set_model (ThTestedList *self, GListModel *paths);

G_END_DECLS
