/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests of paths share: whom to trust, and running a path to its end.
 */
#pragma once

#include "ice/ice-path.h"

/* (transfer full): @file: (nullable): trusted besides the system's */
ThIceTrust *load_trust (const char *file);

/* Runs the main loop until @path has finished; no longer than a minute. */
void run_path (ThIcePath *path);

/* (transfer full): a path that has finished; @family: 4 or 6 */
ThIcePath *try_path (const char *url,
                     guint family,
                     const char *username,
                     const char *password,
                     const ThIcePathOptions *options);

/*
 * (transfer full): the stages of a path in one line: "dns connect - binding allocate …", with "-"
 * for those that were skipped, and "!ERROR/CODE" behind one that failed.
 */
char *describe_path (ThIcePath *path);
