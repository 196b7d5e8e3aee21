/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserList: users of the configuration and of the store as one list, and as one table of keys.
 */
#include "credentials/user-list.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "credentials/ring.h"
#include "credentials/secret.h"
#include "credentials/user-entry-private.h"
#include "credentials/user-record.h"

#define PASSWORD_LENGTH 20

/* No letter that looks like another or like a digit. 32 of them: 5 bits each, 100 in all. */
static const char alphabet[] = "abcdefghijkmnpqrstuvwxyz23456789";

struct _ThUserList {
  ThRowList parent_instance;
  ThRecordFile *file;
  ThUsers *configured;
  ThUsers *users;    /* of both */
};

/* What is asked for; its thread reads it. */
typedef struct {
  char *name;
  char *realm;    /* nullable, as are those below: of a user to add */
  char *password; /* for the caller */
  ThUser user;
  gint64 now;
} Request;

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ThUserList, th_user_list, TH_TYPE_ROW_LIST)

static void
request_free (gpointer data)
{
  Request *request = data;

  g_free (request->name);
  g_free (request->realm);
  th_secret_free (request->password);
  explicit_bzero (&request->user, sizeof request->user);
  g_free (request);
}

/* (transfer full) */
static char *
make_password (void)
{
  guint8 bytes[PASSWORD_LENGTH];
  char *password = g_malloc (PASSWORD_LENGTH + 1);

  if (gnutls_rnd (GNUTLS_RND_KEY, bytes, sizeof bytes) != 0)
    g_error ("The system gives no random numbers");
  for (guint i = 0; i < PASSWORD_LENGTH; i++)
    password[i] = alphabet[bytes[i] % (sizeof alphabet - 1)];
  password[PASSWORD_LENGTH] = '\0';
  explicit_bzero (bytes, sizeof bytes);
  return password;
}

static gboolean
is_configured (ThUserList *self, const char *name)
{
  for (guint i = 0; i < th_users_get_count (self->configured); i++)
    if (g_str_equal (th_users_get (self->configured, i)->name, name))
      return TRUE;
  return FALSE;
}

/* (transfer full): the row of before, if it is the same user */
static ThUserEntry *
make_row (ThUserList *self, const char *name, const char *realm, gint64 created)
{
  for (guint i = 0; i < th_row_list_get_count (TH_ROW_LIST (self)); i++)
    {
      ThUserEntry *row = th_row_list_get_row (TH_ROW_LIST (self), i);

      if (th_user_entry_get_created (row) == created &&
          g_str_equal (th_user_entry_get_name (row), name) &&
          g_str_equal (th_user_entry_get_realm (row), realm))
        return g_object_ref (row);
    }
  return th_user_entry_new (name, realm, created);
}

static void
add_row (ThUserList *self, GPtrArray *rows, const char *name, const char *realm, gint64 created)
{
  ThUserEntry *row = make_row (self, name, realm, created);

  th_user_entry_set_usable (row, g_str_equal (realm, th_users_get_realm (self->configured)));
  g_ptr_array_add (rows, row);
}

static void
update_rows (ThUserList *self)
{
  g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func (g_object_unref);
  const char *realm = th_users_get_realm (self->configured);
  GPtrArray *stored = th_record_file_get_records (self->file);

  for (guint i = 0; i < th_users_get_count (self->configured); i++)
    add_row (self, rows, th_users_get (self->configured, i)->name, realm, 0);
  for (guint i = 0; i < stored->len; i++)
    {
      const ThUserRecord *record = g_ptr_array_index (stored, i);

      if (!is_configured (self, record->user.name))
        add_row (self, rows, record->user.name, record->realm, record->created);
    }
  th_row_list_set_rows (TH_ROW_LIST (self), rows);
}

static void
update (ThUserList *self)
{
  g_autoptr (GPtrArray) usable = g_ptr_array_new ();
  GPtrArray *stored = th_record_file_get_records (self->file);

  for (guint i = 0; i < stored->len; i++)
    {
      ThUserRecord *record = g_ptr_array_index (stored, i);

      if (g_str_equal (record->realm, th_users_get_realm (self->configured)))
        g_ptr_array_add (usable, &record->user);
    }
  g_clear_pointer (&self->users, th_users_unref);
  self->users = th_users_new_with (self->configured, (const ThUser *const *) usable->pdata,
                                   usable->len);
  update_rows (self);
  g_signal_emit (self, signals[CHANGED], 0);
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

  return th_user_records_add (records, &request->user, request->realm, request->now, error);
}

static gboolean
change_by_removing (GPtrArray *records, gpointer data, GError **error)
{
  return th_user_records_remove (records, ((Request *) data)->name, error);
}

/* Returns FALSE, with the task done, if it is one of the configuration. */
static gboolean
check_not_configured (ThUserList *self, const char *name, GTask *task)
{
  if (!is_configured (self, name))
    return TRUE;
  g_task_return_new_error (task, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                           _("The user %s is named in the configuration, and changed there"),
                               name);
  return FALSE;
}

static void
th_user_list_finalize (GObject *object)
{
  ThUserList *self = TH_USER_LIST (object);

  g_clear_pointer (&self->file, th_record_file_free);
  g_clear_pointer (&self->configured, th_users_unref);
  g_clear_pointer (&self->users, th_users_unref);
  G_OBJECT_CLASS (th_user_list_parent_class)->finalize (object);
}

static void
th_user_list_class_init (ThUserListClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_user_list_finalize;

  signals[CHANGED] = g_signal_new ("changed", TH_TYPE_USER_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
th_user_list_init (ThUserList *self)
{
  th_row_list_set_type (TH_ROW_LIST (self), TH_TYPE_USER_ENTRY);
}

ThUserList *
th_user_list_open (const char *directory, const char *realm, GError **error)
{
  const char *none[] = { NULL };
  ThRecordFile *file = th_record_file_open (directory, &th_user_record_form, error);
  ThUserList *self;

  if (file == NULL)
    return NULL;
  self = g_object_new (TH_TYPE_USER_LIST, NULL);
  self->file = file;
  self->configured = th_users_new (realm, none, NULL);
  update (self);
  return self;
}

gboolean
th_user_list_set_configured (ThUserList *self,
                             const char *realm,
                             const char *const *pairs,
                             GError **error)
{
  ThUsers *fresh;

  g_return_val_if_fail (TH_IS_USER_LIST (self) && realm != NULL && pairs != NULL, FALSE);

  fresh = th_users_new (realm, pairs, error);
  if (fresh == NULL)
    return FALSE;
  th_users_unref (self->configured);
  self->configured = fresh;
  update (self);
  return TRUE;
}

void
th_user_list_add_async (ThUserList *self,
                        const char *name,
                        const char *password,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;
  GError *error = NULL;

  g_return_if_fail (TH_IS_USER_LIST (self) && name != NULL);

  request = g_new0 (Request, 1);
  request->realm = g_strdup (th_users_get_realm (self->configured));
  request->password = password != NULL ? g_strdup (password) : make_password ();
  request->now = g_get_real_time () / G_USEC_PER_SEC;
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, th_user_list_add_async);
  g_task_set_task_data (task, request, request_free);
  if (!th_user_make (&request->user, request->realm, name, request->password, &error))
    g_task_return_error (task, error);
  else if (check_not_configured (self, request->user.name, task))
    th_record_file_change (self->file, g_steal_pointer (&task), change_by_adding, on_stored);
}

char *
th_user_list_add_finish (ThUserList *self, GAsyncResult *result, GError **error)
{
  Request *request;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, th_user_list_add_async), NULL);

  request = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error) ? g_steal_pointer (&request->password)
                                                           : NULL;
}

void
th_user_list_remove_async (ThUserList *self,
                           const char *name,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer data)
{
  g_autoptr (GTask) task = NULL;
  Request *request;

  g_return_if_fail (TH_IS_USER_LIST (self) && name != NULL);

  request = g_new0 (Request, 1);
  request->name = g_strdup (name);
  task = g_task_new (self, cancellable, callback, data);
  g_task_set_source_tag (task, th_user_list_remove_async);
  g_task_set_task_data (task, request, request_free);
  if (check_not_configured (self, name, task))
    th_record_file_change (self->file, g_steal_pointer (&task), change_by_removing, on_stored);
}

gboolean
th_user_list_remove_finish (ThUserList *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, th_user_list_remove_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

ThUsers *
th_user_list_get_users (ThUserList *self)
{
  g_return_val_if_fail (TH_IS_USER_LIST (self), NULL);
  return self->users;
}
