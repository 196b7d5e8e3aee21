/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What changed from one ICE test to another, in words.
 */
#pragma once

#include "app/ice-run.h"

G_BEGIN_DECLS

/* (transfer full) (array zero-terminated=1): translated sentences, the weightiest first; empty
 * where nothing changed that matters */
char **th_ice_changes_describe (ThIceRun *before, ThIceRun *after);

G_END_DECLS
