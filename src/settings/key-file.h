/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the lines of a key file: which group, which key, which text, on which line. Stricter than
 * GKeyFile and, unlike it, able to say where. Knows nothing of which settings there are.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* More than any configuration needs; a file above it is something else. */
#define TH_KEY_FILE_SIZE_MAX (1024 * 1024)

typedef struct {
  char *group;
  char *key;  /* NULL where the line opens the group */
  char *text; /* blanks around it are gone, escapes still stand */
  guint line; /* from 1 */
} ThKeyFileEntry;

void th_key_file_entry_free (ThKeyFileEntry *self);

/**
 * th_key_file_read:
 * @name: the file's name for messages
 * @bytes: its contents; nothing is promised of them
 *
 * Lines end with LF or CRLF, a byte order mark at the start is passed over, comments are whole
 * lines that start with "#". There are no continued lines.
 *
 * Returns: (transfer full) (element-type ThKeyFileEntry) (nullable): in order; %NULL with one line
 *   "FILE:LINE: what" in TH_SETTINGS_ERROR_SYNTAX
 */
GPtrArray *th_key_file_read (const char *name, const char *bytes, gsize length, GError **error);

G_END_DECLS
