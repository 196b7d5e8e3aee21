/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A small file of the state directory whose loss is bearable: what makes no sense is kept aside and
 * begun anew, and what is written is handed to a thread, since a disk may take its time. It is no
 * secret: it stays there where those are in the keyring, so its name does not end in ".json".
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_kept_file_read:
 * @directory: the state directory
 * @parse: returns NULL where the text makes no sense
 * @then: what follows from that, for the log: "traffic is counted anew"
 *
 * Blocks.
 *
 * Returns: (nullable): what @parse made of the file; NULL where there is none, or none of use
 */
gpointer th_kept_file_read (const char *directory,
                            const char *name,
                            gpointer (*parse) (const char *text, gsize length),
                            const char *then);

/* Durable, or what was there stays. Blocks; any thread may call. */
gboolean th_kept_file_write (const char *directory,
                             const char *name,
                             const char *text,
                             gsize length,
                             GError **error);

typedef struct _ThKeptFileWriter ThKeptFileWriter;

/* From one thread, as are these. */
ThKeptFileWriter *th_kept_file_writer_new (const char *directory, const char *name);

/* Waits until all is written. */
void th_kept_file_writer_free (ThKeptFileWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThKeptFileWriter, th_kept_file_writer_free)

/* @text: (transfer full): of several that come while one is written, the last is written next.
 * Where it cannot be written, the log says so, and not again until one could. */
void th_kept_file_writer_write (ThKeptFileWriter *self, char *text, gsize length);

/* Waits until all is written. */
void th_kept_file_writer_flush (ThKeptFileWriter *self);

/* Whether the last text that was tried could not be written. */
gboolean th_kept_file_writer_has_failed (ThKeptFileWriter *self);

G_END_DECLS
