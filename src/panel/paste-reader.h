/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what people paste or drop, a dump of a browser with megabytes perhaps, in a thread. Main
 * context.
 */
#pragma once

#include "ice/ice-paste.h"

G_BEGIN_DECLS

/* @text: (transfer full) */
void th_paste_read_text_async (char *text,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);

/* Reads no more of the file than th_ice_paste_parse() takes. */
void th_paste_read_file_async (GFile *file,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer data);

/* Of both. Returns: (transfer full) (nullable): as th_ice_paste_parse() */
ThIcePaste *th_paste_read_finish (GAsyncResult *result, GError **error);

G_END_DECLS
