/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Moving: all is copied and read back, then the marker names the new place, and only then it is
 * removed from the old one. Before the first copy and until the last is gone the marker also says
 * that the place it does not name may have some, so that a move that was cut off is cleaned up.
 */
#include "credentials/store-move.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/ring.h"
#include "credentials/store-driver.h"

typedef struct {
  char *directory;
  ThStoreKind kind;
} Request;

/* The place that the store does not use, with its driver. */
typedef struct {
  const ThStoreDriver *driver;
  ThStorePlace *place;
} Other;

static void
free_request (gpointer data)
{
  Request *self = data;

  g_free (self->directory);
  g_free (self);
}

static ThStoreKind
other_kind (ThStoreKind kind)
{
  return kind == TH_STORE_FILES ? TH_STORE_KEYRING : TH_STORE_FILES;
}

static gboolean
open_other (ThStore *store, Other *other, GError **error)
{
  other->driver = th_store_get_driver (other_kind (store->kind), error);
  other->place =
      other->driver != NULL ? other->driver->open (store->directory, store->fd, error) : NULL;
  return other->place != NULL;
}

static void
close_other (Other *other)
{
  if (other->place != NULL)
    other->driver->close (other->place);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Other, close_other)

static gboolean
remove_all (const ThStoreDriver *driver, ThStorePlace *place, GError **error)
{
  g_auto (GStrv) names = driver->list (place, error);

  if (names == NULL)
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    if (!driver->remove (place, *name, error))
      return FALSE;
  return TRUE;
}

static void
wipe (char *bytes, gsize length)
{
  if (bytes != NULL)
    explicit_bzero (bytes, length);
  g_free (bytes);
}

/* Whether the other place really has what it was given. */
static gboolean
is_there (Other *other, const char *name, const char *bytes, gsize length, GError **error)
{
  char *read = NULL;
  gsize read_length = 0;
  gboolean same;

  if (!other->driver->read (other->place, name, &read, &read_length, error))
    return FALSE;
  same = read != NULL && read_length == length && memcmp (read, bytes, length) == 0;
  wipe (read, read_length);
  if (!same)
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
                 _("%s was written, but something else was read back"), name);
  return same;
}

static gboolean
copy (ThStore *store, Other *other, const char *name, GError **error)
{
  char *bytes = NULL;
  gsize length = 0;
  gboolean copied;

  if (!store->driver->read (store->place, name, &bytes, &length, error))
    return FALSE;
  copied = bytes == NULL || (other->driver->write (other->place, name, bytes, length, error) &&
                             is_there (other, name, bytes, length, error));
  wipe (bytes, length);
  return copied;
}

/* What the other place had before has no say, and would turn up among what is copied. */
static gboolean
copy_all (ThStore *store, Other *other, GError **error)
{
  g_auto (GStrv) names = store->driver->list (store->place, error);

  if (names == NULL || !remove_all (other->driver, other->place, error))
    return FALSE;
  for (char **name = names; *name != NULL; name++)
    if (!copy (store, other, *name, error))
      return FALSE;
  return TRUE;
}

/* What is left in the place that is not in use goes. If it cannot, that is for another time. */
static void
clean_up (ThStore *store, const ThStoreDriver *driver, ThStorePlace *place, ThStoreKind in_use)
{
  g_autoptr (GError) error = NULL;

  if (!remove_all (driver, place, &error) || !th_store_mark (store, in_use, FALSE, &error))
    g_warning ("Copies of secrets are left where they were before: %s", error->message);
}

static gboolean
move (ThStore *store, GError **error)
{
  ThStoreKind from = store->kind, to = other_kind (from);
  g_auto (Other) other = { NULL, NULL };

  if (!open_other (store, &other, error) || !th_store_mark (store, from, TRUE, error))
    return FALSE;
  if (!copy_all (store, &other, error) || !th_store_mark (store, to, TRUE, error))
    {
      /* The new marker may be there all the same: nothing goes before the old one is again. */
      if (th_store_mark (store, from, TRUE, NULL))
        clean_up (store, other.driver, other.place, from);
      return FALSE;
    }
  clean_up (store, store->driver, store->place, to);
  return TRUE;
}

/* After a move that was cut off. */
static void
finish_move (ThStore *store)
{
  g_autoptr (GError) error = NULL;
  g_auto (Other) other = { NULL, NULL };

  if (!store->copied)
    return;
  if (open_other (store, &other, &error))
    clean_up (store, other.driver, other.place, store->kind);
  else
    g_warning ("Copies of secrets may be left where they were before: %s", error->message);
}

/* Has the user asked, where that is needed for what is kept as @kind. */
static gboolean
unlock (const char *directory, ThStoreKind kind, gboolean make, GError **error)
{
  const ThStoreDriver *driver = th_store_get_driver (kind, error);

  return driver != NULL && (driver->unlock == NULL || driver->unlock (directory, make, error));
}

/* Until here a task could return while the user was asked; the answer is of no use then.
 * Returns: FALSE if it has */
static gboolean
go_on (GTask *task)
{
  if (!g_task_set_return_on_cancel (task, FALSE))
    return FALSE;
  g_task_set_check_cancellable (task, FALSE); /* what is done from now on is done */
  return TRUE;
}

/* With the lock on the directory, so not before the user has answered. */
static gboolean
finish_move_in (const char *directory, GError **error)
{
  g_autoptr (ThStore) store = th_store_open (directory, error);

  if (store == NULL)
    return FALSE;
  finish_move (store);
  return TRUE;
}

static gboolean
move_in (const char *directory, ThStoreKind to, GError **error)
{
  g_autoptr (ThStore) store = th_store_open (directory, error);

  if (store == NULL)
    return FALSE;
  if (store->kind != to)
    return move (store, error);
  finish_move (store);
  return TRUE;
}

static void
unlock_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  GError *error = NULL;
  gboolean unlocked =
      unlock (request->directory, th_store_get_kind (request->directory), FALSE, &error);

  if (!go_on (task))
    g_clear_error (&error);
  else if (unlocked && finish_move_in (request->directory, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
move_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Request *request = data;
  ThStoreKind from = th_store_get_kind (request->directory);
  GError *error = NULL;
  gboolean unlocked = unlock (request->directory, from, FALSE, &error) &&
                      unlock (request->directory, request->kind, TRUE, &error);

  if (!go_on (task))
    g_clear_error (&error);
  else if (unlocked && move_in (request->directory, request->kind, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
is_available_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const ThStoreDriver *driver = th_store_get_driver (((Request *) data)->kind, NULL);

  g_task_return_boolean (task, driver != NULL &&
                                   (driver->is_available == NULL || driver->is_available ()));
}

static void
run (GTaskThreadFunc function,
     const char *directory,
     ThStoreKind kind,
     GCancellable *cancellable,
     GAsyncReadyCallback callback,
     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Request *request = g_new (Request, 1);

  *request = (Request) { .directory = g_strdup (directory), .kind = kind };
  g_task_set_task_data (task, request, free_request);
  g_task_set_return_on_cancel (task, TRUE);
  g_task_run_in_thread (task, function);
}

void
th_store_kind_is_available_async (ThStoreKind kind,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  run (is_available_in_thread, NULL, kind, cancellable, callback, user_data);
}

gboolean
th_store_kind_is_available_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
th_store_unlock_async (const char *directory,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  run (unlock_in_thread, directory, TH_STORE_FILES, cancellable, callback, user_data);
}

gboolean
th_store_unlock_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
th_store_move_async (const char *directory,
                     ThStoreKind kind,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data)
{
  run (move_in_thread, directory, kind, cancellable, callback, user_data);
}

gboolean
th_store_move_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
