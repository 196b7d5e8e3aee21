/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppTokens: apps of the configuration and of the store as one list.
 */
#include "credentials/app-tokens.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/app-record.h"
#include "credentials/app-token-private.h"
#include "credentials/ring-state.h"
#include "credentials/secret.h"

struct _ThAppTokens {
  ThRowList parent_instance;
  ThRecordFile *file;
  GPtrArray *configured; /* (element-type ThAppRecord) */
  GPtrArray *in_force;   /* (element-type ThAppRecord): of both, borrowed */
};

/* What is asked for; its thread reads it. */
typedef struct {
  char *name;
  char *token; /* nullable: for the caller */
  guint8 digest[TH_APP_DIGEST_SIZE];
  guint n_configured;
  gint64 now, grace;
} Request;

G_DEFINE_FINAL_TYPE (ThAppTokens, th_app_tokens, TH_TYPE_ROW_LIST)

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->name);
  th_secret_free (request->token);
  g_free (request);
}

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* (transfer none) (nullable) */
static ThAppToken *
find_row (ThAppTokens *self, const char *name)
{
  for (guint i = 0; i < th_row_list_get_count (TH_ROW_LIST (self)); i++)
    {
      ThAppToken *row = th_row_list_get_row (TH_ROW_LIST (self), i);

      if (g_str_equal (th_app_token_get_name (row), name))
        return row;
    }
  return NULL;
}

/* (transfer full): the row of before, if there was one */
static ThAppToken *
make_row (ThAppTokens *self, const ThAppRecord *record, gboolean configured)
{
  ThAppToken *before = find_row (self, record->name);
  ThAppToken *row = before != NULL && th_app_token_is_configured (before) == configured
                        ? g_object_ref (before)
                        : th_app_token_new (record->name, configured);

  th_app_token_set_created (row, record->created);
  return row;
}

static void
add_in_force (ThAppTokens *self, GPtrArray *rows, ThAppRecord *record, gboolean configured)
{
  g_ptr_array_add (self->in_force, record);
  g_ptr_array_add (rows, make_row (self, record, configured));
}

static void
update (ThAppTokens *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *stored = th_record_file_get_records (self->file);

  g_ptr_array_set_size (self->in_force, 0);
  for (guint i = 0; i < self->configured->len; i++)
    add_in_force (self, rows, g_ptr_array_index (self->configured, i), TRUE);
  for (guint i = 0; i < stored->len; i++)
    {
      ThAppRecord *record = g_ptr_array_index (stored, i);

      if (th_app_records_get (self->configured, record->name) == NULL)
        add_in_force (self, rows, record, FALSE);
    }
  th_row_list_set_rows (TH_ROW_LIST (self), rows);
}

static void
on_stored (gpointer owner)
{
  update (owner);
}

static gboolean
change_by_adding (GPtrArray *records, gpointer data, GError **error)
{
  Request *request = data;

  return th_app_records_add (records, request->n_configured, request->name, request->digest,
                             request->now, error);
}

static gboolean
change_by_replacing (GPtrArray *records, gpointer data, GError **error)
{
  Request *request = data;

  return th_app_records_replace (records, request->name, request->digest, request->now,
                                 request->grace, error);
}

static gboolean
change_by_removing (GPtrArray *records, gpointer data, GError **error)
{
  return th_app_records_remove (records, ((Request *) data)->name, error);
}

/* @with_token: of a fresh one, the thread is given the digest and the caller the text. */
static void
request_change (ThAppTokens *self,
                const char *name,
                gboolean with_token,
                gint64 grace,
                ThRecordChange change,
                GTask *task)
{
  Request *request = g_new (Request, 1);

  *request = (Request) {
    .name = g_strdup (name),
    .n_configured = self->configured->len,
    .now = now_in_seconds (),
    .grace = grace,
  };
  g_task_set_task_data (task, request, request_free);
  if (th_app_records_get (self->configured, name) != NULL)
    {
      g_task_return_new_error (task, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                               _("The app %s is named in the configuration, and changed there"),
                               name);
      g_object_unref (task);
      return;
    }
  if (with_token)
    {
      request->token = th_secret_generate ();
      th_app_digest (request->token, request->digest);
    }
  th_record_file_change (self->file, task, change, on_stored);
}

static char *
finish_with_token (ThAppTokens *self, GAsyncResult *result, gpointer tag, GError **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, tag), NULL);

  request = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error) ? g_steal_pointer (&request->token)
                                                           : NULL;
}

static void
th_app_tokens_finalize (GObject *object)
{
  ThAppTokens *self = TH_APP_TOKENS (object);

  g_clear_pointer (&self->file, th_record_file_free);
  g_ptr_array_unref (self->in_force);
  g_ptr_array_unref (self->configured);
  G_OBJECT_CLASS (th_app_tokens_parent_class)->finalize (object);
}

static void
th_app_tokens_class_init (ThAppTokensClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_app_tokens_finalize;
}

static void
th_app_tokens_init (ThAppTokens *self)
{
  th_row_list_set_type (TH_ROW_LIST (self), TH_TYPE_APP_TOKEN);
  self->configured = g_ptr_array_new ();
  self->in_force = g_ptr_array_new ();
}

ThAppTokens *
th_app_tokens_open (const char *directory, GError **error)
{
  ThRecordFile *file = th_record_file_open (directory, &th_app_record_form, error);
  ThAppTokens *self;

  if (file == NULL)
    return NULL;
  self = g_object_new (TH_TYPE_APP_TOKENS, NULL);
  self->file = file;
  update (self);
  return self;
}

void
th_app_tokens_set_configured (ThAppTokens *self, const char *const *pairs)
{
  g_return_if_fail (TH_IS_APP_TOKENS (self) && pairs != NULL);

  g_ptr_array_set_size (self->in_force, 0);
  g_ptr_array_unref (self->configured);
  self->configured = th_app_records_from_pairs (pairs);
  update (self);
}

void
th_app_tokens_add_async (ThAppTokens *self,
                         const char *name,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer data)
{
  GTask *task;

  g_return_if_fail (TH_IS_APP_TOKENS (self) && name != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, th_app_tokens_add_async);
  request_change (self, name, TRUE, 0, change_by_adding, task);
}

char *
th_app_tokens_add_finish (ThAppTokens *self, GAsyncResult *result, GError **error)
{
  return finish_with_token (self, result, th_app_tokens_add_async, error);
}

void
th_app_tokens_replace_async (ThAppTokens *self,
                             const char *name,
                             gint64 grace,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  GTask *task;

  g_return_if_fail (TH_IS_APP_TOKENS (self) && name != NULL && grace >= 0);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, th_app_tokens_replace_async);
  request_change (self, name, TRUE, grace, change_by_replacing, task);
}

char *
th_app_tokens_replace_finish (ThAppTokens *self, GAsyncResult *result, GError **error)
{
  return finish_with_token (self, result, th_app_tokens_replace_async, error);
}

void
th_app_tokens_remove_async (ThAppTokens *self,
                            const char *name,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer data)
{
  GTask *task;

  g_return_if_fail (TH_IS_APP_TOKENS (self) && name != NULL);

  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, th_app_tokens_remove_async);
  request_change (self, name, FALSE, 0, change_by_removing, task);
}

gboolean
th_app_tokens_remove_finish (ThAppTokens *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, th_app_tokens_remove_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
th_app_tokens_find (ThAppTokens *self, const char *token)
{
  const ThAppRecord *record;

  g_return_val_if_fail (TH_IS_APP_TOKENS (self) && token != NULL, NULL);

  record = th_app_records_find (self->in_force, token, now_in_seconds ());
  return record != NULL ? record->name : NULL;
}

void
th_app_tokens_note (ThAppTokens *self, const char *name, gint64 now, guint generation)
{
  ThAppToken *row;

  g_return_if_fail (TH_IS_APP_TOKENS (self) && name != NULL);

  row = find_row (self, name);
  if (row != NULL)
    th_app_token_note (row, now, generation);
}

guint
th_app_tokens_count_behind (ThAppTokens *self, guint generation)
{
  guint count = 0;

  g_return_val_if_fail (TH_IS_APP_TOKENS (self), 0);

  for (guint i = 0; i < th_row_list_get_count (TH_ROW_LIST (self)); i++)
    {
      guint last = th_app_token_get_generation (th_row_list_get_row (TH_ROW_LIST (self), i));
      gboolean same_kind = ((last ^ generation) & TH_RING_API_GENERATIONS) == 0;

      if (last != 0 && same_kind && last != generation)
        count++;
    }
  return count;
}
