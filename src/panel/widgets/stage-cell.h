/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStageCell: a stage of a path in a few characters: whether it is done, its name, how long it
 * took.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-stage.h"

G_BEGIN_DECLS

#define TH_TYPE_STAGE_CELL (th_stage_cell_get_type ())
G_DECLARE_FINAL_TYPE (ThStageCell, th_stage_cell, TH, STAGE_CELL, AdwBin)

/* Follows the stage for as long as it lives. */
GtkWidget *th_stage_cell_new (ThIceStage *stage);

/* "done", "failed": how it went, in a word */
const char *th_stage_cell_name_state (ThIceStageState state);

G_END_DECLS
