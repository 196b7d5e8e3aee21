/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRecordFile: a short list of records that is kept as JSON in the state directory. A change reads
 * the file again, since another process may have changed it, and writes it durably, all of it away
 * from the main context and one change at a time; what is in memory follows only then.
 * Main context only, but for the functions of ThRecordForm and ThRecordChange.
 */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* How the records of one file look. Any thread may call these. */
typedef struct {
  const char *file_name;
  const char *member; /* of the array in the file */
  const char *lost;   /* "then …", in N_(): what is to do if a damaged file is given up */
  GDestroyNotify free;
  /* Appends what is in @object, if that is a record and fits to those before it. */
  gboolean (*read) (GPtrArray *records, JsonObject *object);
  /* Adds the members of @record to the object that is open. */
  void (*print) (JsonBuilder *builder, gconstpointer record);
} ThRecordForm;

/* Changes the stored records, in a thread; FALSE with an error leaves them as they were. */
typedef gboolean (*ThRecordChange) (GPtrArray *records, gpointer data, GError **error);

/* The records are others now. */
typedef void (*ThRecordsStored) (gpointer owner);

typedef struct _ThRecordFile ThRecordFile;

/**
 * th_record_file_open:
 * @form: static
 *
 * A file that is damaged is kept aside under another name: that is an error. Blocks.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE or _DAMAGED
 */
ThRecordFile *th_record_file_open (const char *directory,
                                   const ThRecordForm *form,
                                   GError **error);
void th_record_file_free (ThRecordFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRecordFile, th_record_file_free)

/* (transfer none): what is stored; empty if there is no file. The next change that succeeds brings
 * another array. */
GPtrArray *th_record_file_get_records (ThRecordFile *self);

/**
 * th_record_file_change:
 * @task: (transfer full): its source object owns @self. Returns TRUE when all is durable, and
 *   @stored was called with that object; or an error, and then nothing has changed
 * @change: is called with the task's data
 *
 * Waits for the changes before it. Cancelling the task's cancellable helps until it begins.
 */
void th_record_file_change (ThRecordFile *self,
                            GTask *task,
                            ThRecordChange change,
                            ThRecordsStored stored);

G_END_DECLS
