/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file in which ICE tests are remembered: JSON, never larger than a store takes; the oldest
 * make room.
 */
#pragma once

#include "app/ice-run.h"

G_BEGIN_DECLS

#define TH_ICE_RUN_FILE_NAME "ice-tests"

/* As many runs as are kept. */
#define TH_ICE_RUNS_MAX 50

/**
 * th_ice_run_file_print:
 * @runs: (element-type ThIceRun): newest first
 *
 * Returns: (transfer full): of as many of them as fit; any thread may call
 */
char *th_ice_run_file_print (GListModel *runs, gsize *length);

/* (transfer full) (nullable) (element-type ThIceRun): NULL if the text is damaged or of another
 * version */
GListStore *th_ice_run_file_parse (const char *json, gsize length);

/**
 * th_ice_run_file_read:
 * @directory: the state directory
 *
 * A file that makes no sense is kept aside under another name; the log says so. Blocks.
 *
 * Returns: (transfer full) (element-type ThIceRun): empty where there is no file or none that can
 *   be read
 */
GListStore *th_ice_run_file_read (const char *directory);

G_END_DECLS
