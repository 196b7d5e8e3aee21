/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Records in a file: a queue of changes on the main context, each carried out in a thread.
 */
#include "credentials/record-file.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/kept-json.h"
#include "credentials/ring.h"
#include "credentials/store.h"

#define FORMAT_VERSION 1

struct _ThRecordFile
{
  char *directory;
  const ThRecordForm *form;
  GPtrArray *stored; /* as far as is known; never changed, but replaced while no thread is at it */
  GQueue waiting;    /* (element-type Change) */
  gboolean busy;
};

typedef struct {
  ThRecordFile *file; /* lives as long as the task's source object */
  GTask *task;
  ThRecordChange change;
  ThRecordsStored stored;
  GPtrArray *records; /* nullable: what was written */
} Change;

static void
change_free (Change *change)
{
  g_clear_pointer (&change->records, g_ptr_array_unref);
  g_object_unref (change->task);
  g_free (change);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

/* (transfer full) (nullable) */
static GPtrArray *
parse_records (const ThRecordForm *form, const char *json, gsize length)
{
  g_autoptr (ThKeptJson) root = th_kept_json_parse (json, length);
  g_autoptr (GPtrArray) records = g_ptr_array_new_with_free_func (form->free);
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;
  JsonNode *list = object != NULL ? json_object_get_member (object, form->member) : NULL;
  JsonArray *array;

  if (list == NULL || !JSON_NODE_HOLDS_ARRAY (list) ||
      th_kept_json_get_number (object, "version") != FORMAT_VERSION)
    return NULL;
  array = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node) || !form->read (records, json_node_get_object (node)))
        return NULL;
    }
  return g_steal_pointer (&records);
}

/* (transfer full): wipe it after use */
static char *
print_records (const ThRecordForm *form, GPtrArray *records, gsize *length)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  th_json_add_number (builder, "version", FORMAT_VERSION);
  json_builder_set_member_name (builder, form->member);
  json_builder_begin_array (builder);
  for (guint i = 0; i < records->len; i++)
    {
      json_builder_begin_object (builder);
      form->print (builder, g_ptr_array_index (records, i));
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return th_kept_json_print (json_builder_get_root (builder), length);
}

/* (transfer full) (nullable) */
static GPtrArray *
copy_records (const ThRecordForm *form, GPtrArray *records)
{
  gsize length = 0;
  g_autofree char *json = print_records (form, records, &length);
  GPtrArray *copy = parse_records (form, json, length);

  explicit_bzero (json, length);
  return copy;
}

/* (transfer full) (nullable): if somebody removed the file, what was in it goes on */
static GPtrArray *
read_records (ThRecordFile *self, ThStore *store, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *json = NULL;
  gsize length = 0;
  GPtrArray *records = NULL;
  gboolean damaged = FALSE;

  if (!th_store_read (store, self->form->file_name, &json, &length, &why))
    damaged = g_error_matches (why, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
  else if (json == NULL)
    return copy_records (self->form, self->stored);
  else
    {
      records = parse_records (self->form, json, length);
      damaged = records == NULL;
      explicit_bzero (json, length);
    }
  if (damaged)
    g_propagate_error (error, th_store_set_damaged_aside (store, self->form->file_name,
                                                         _(self->form->lost)));
  else if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return records;
}

static gboolean
write_records (ThRecordFile *self, ThStore *store, GPtrArray *records, GError **error)
{
  gsize length = 0;
  g_autofree char *json = print_records (self->form, records, &length);
  gboolean written = FALSE;

  if (length > TH_STORE_FILE_SIZE_MAX)
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 _("%s has no room for more"), self->form->file_name);
  else
    written = th_store_write (store, self->form->file_name, json, length, error);
  explicit_bzero (json, length);
  return written;
}

/* In a thread. */
static void
carry_out (GTask *work, gpointer source, gpointer data, GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;
  g_autoptr (ThStore) store = th_store_open (change->file->directory, &error);
  g_autoptr (GPtrArray) records =
      store != NULL ? read_records (change->file, store, &error) : NULL;

  if (records == NULL ||
      !change->change (records, g_task_get_task_data (change->task), &error) ||
      !write_records (change->file, store, records, &error))
    {
      g_task_return_error (work, error);
      return;
    }
  change->records = g_steal_pointer (&records);
  g_task_return_boolean (work, TRUE);
}

static void start_next (ThRecordFile *self);

static void
on_carried_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Change) change = data;
  g_autoptr (GObject) owner = g_object_ref (g_task_get_source_object (change->task));
  ThRecordFile *self = change->file;
  GError *error = NULL;

  self->busy = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_ptr_array_unref (self->stored);
      self->stored = g_ptr_array_ref (change->records);
      change->stored (owner);
      g_task_return_boolean (change->task, TRUE);
    }
  else
    g_task_return_error (change->task, error);
  start_next (self);
}

static void
start_next (ThRecordFile *self)
{
  while (!self->busy && !g_queue_is_empty (&self->waiting))
    {
      Change *change = g_queue_pop_head (&self->waiting);
      g_autoptr (GTask) work = NULL;

      if (g_task_return_error_if_cancelled (change->task))
        {
          change_free (change);
          continue;
        }
      /* From here on it is done, whoever loses interest: the answer must say so. */
      g_task_set_check_cancellable (change->task, FALSE);
      self->busy = TRUE;
      work = g_task_new (NULL, NULL, on_carried_out, change);
      g_task_set_task_data (work, change, NULL);
      g_task_run_in_thread (work, carry_out);
    }
}

ThRecordFile *
th_record_file_open (const char *directory,
                     const ThRecordForm *form,
                     GError **error)
{
  g_autoptr (ThRecordFile) self = g_new (ThRecordFile, 1);
  g_autoptr (ThStore) store = NULL;
  GPtrArray *records = NULL;

  *self = (ThRecordFile) {
    .directory = g_strdup (directory),
    .form = form,
    .stored = g_ptr_array_new_with_free_func (form->free),
  };
  store = th_store_open (directory, error);
  if (store != NULL)
    records = read_records (self, store, error);
  if (records == NULL)
    return NULL;
  g_ptr_array_unref (self->stored);
  self->stored = records;
  return g_steal_pointer (&self);
}

/* Nothing waits any more: what waits keeps the owner alive. */
void
th_record_file_free (ThRecordFile *self)
{
  g_ptr_array_unref (self->stored);
  g_free (self->directory);
  g_free (self);
}

GPtrArray *
th_record_file_get_records (ThRecordFile *self)
{
  return self->stored;
}

void
th_record_file_change (ThRecordFile *self,
                       GTask *task,
                       ThRecordChange change,
                       ThRecordsStored stored)
{
  Change *entry = g_new (Change, 1);

  *entry = (Change) { .file = self, .task = task, .change = change, .stored = stored };
  g_queue_push_tail (&self->waiting, entry);
  start_next (self);
}
