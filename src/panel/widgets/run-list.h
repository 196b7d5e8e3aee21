/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRunList: how earlier tests ended, newest first, and what changed between two of them.
 */
#pragma once

#include <adwaita.h>

#include "app/ice-runs.h"

G_BEGIN_DECLS

#define TH_TYPE_RUN_LIST (th_run_list_get_type ())
G_DECLARE_FINAL_TYPE (ThRunList, th_run_list, TH, RUN_LIST, AdwBin)

void th_run_list_set_runs (ThRunList *self, ThIceRuns *runs);

G_END_DECLS
