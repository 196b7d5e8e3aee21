/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the small files that settings come from, whole and with a limit. Blocks; for start and
 * reload only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_read_limited:
 * @readable_by_others: (out): the file's mode lets every user of the machine read it
 *
 * Returns: (transfer full) (nullable): the contents, with a NUL behind; wipe them if they may hold
 *   secrets. %NULL with TH_SETTINGS_ERROR_READ, also if there are more than @limit bytes
 */
char *th_read_limited (const char *path,
                       gsize limit,
                       gsize *length,
                       gboolean *readable_by_others,
                       GError **error);

/* (transfer full): @path for messages: UTF-8, on one line */
char *th_display_path (const char *path);

/* Says in the log that @path holds secrets that everyone on this machine may read. */
void th_warn_about_open_file (const char *path);

G_END_DECLS
