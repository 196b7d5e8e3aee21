/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of the ring that people and the schedule ask for. One is made at a time, in a thread,
 * as disks and keyrings take their time: it reads what is stored, changes that, and writes it.
 * Only then, back on the main context, it is put in force.
 */
#include <glib/gi18n.h>
#include <string.h>

#include "credentials/ring-file.h"
#include "credentials/ring-private.h"
#include "credentials/secret.h"

/* All that the thread gets and gives. */
typedef struct
{
  ThRingDeed deed;
  ThRingKind kind;
  char *by;
  char *directory;
  gint64 grace;
  char *seed, *api_key, *api_secret; /* of the configuration; nullable */
  ThRingState *in_force; /* a copy, of when it was this change's turn */
  ThRingState *state;    /* nullable: what it becomes, once that is stored; nothing changes */
  GArray *revoked;       /* nullable: of guint */
} Change;

static void
change_free (gpointer data)
{
  Change *change = data;

  g_free (change->by);
  g_free (change->directory);
  th_secret_free (change->seed);
  th_secret_free (change->api_key);
  th_secret_free (change->api_secret);
  g_clear_pointer (&change->in_force, th_ring_state_free);
  g_clear_pointer (&change->state, th_ring_state_free);
  g_clear_pointer (&change->revoked, g_array_unref);
  g_free (change);
}

static ThRingState *
copy_state (const ThRingState *state)
{
  gsize length = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  ThRingState *copy = th_ring_state_parse (json, length, NULL);

  explicit_bzero (json, length);
  return copy;
}

/* (transfer full) (nullable): what is stored now, which another process may have changed */
static ThRingState *
read_stored (ThStore *store, Change *change, gint64 now, GError **error)
{
  ThRingState *state = th_ring_file_read (store, error);

  if (state != NULL && th_ring_state_get_current (state) == NULL)
    {
      th_ring_state_free (state); /* somebody removed the file; what is in force goes on */
      state = g_steal_pointer (&change->in_force);
    }
  if (state != NULL)
    {
      th_ring_state_drop_expired (state, now);
      th_ring_state_make_missing (state, now);
    }
  return state;
}

/* @changed: (out): whether there is anything to store */
static gboolean
apply (Change *change, ThRingState *state, gint64 now, gboolean *changed, GError **error)
{
  *changed = TRUE;
  switch (change->deed)
    {
    case TH_RING_DEED_ROTATED:
      th_ring_state_rotate (state, change->kind, change->by, now, change->grace);
      return TRUE;
    case TH_RING_DEED_REVOKED:
      change->revoked = th_ring_state_revoke (state, change->kind, change->by, now);
      return TRUE;
    case TH_RING_DEED_UNDONE:
      if (th_ring_state_undo (state, change->kind, change->by, now, change->grace))
        return TRUE;
      g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_NO_UNDO,
                           _("There is no rotation to undo, or the secret before is accepted no "
                             "longer"));
      return FALSE;
    case TH_RING_DEED_CONFIGURED:
      *changed = th_ring_state_take_seeds (
          state, &(ThRingSeed) { change->seed, change->api_key, change->api_secret }, now,
          change->grace);
      return TRUE;
    }
  g_return_val_if_reached (FALSE);
}

/* In a thread of its own. */
static void
make_change (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Change *change = data;
  GError *error = NULL;
  gboolean changed;
  gint64 now;
  g_autoptr (ThStore) store = th_store_open (change->directory, &error);
  g_autoptr (ThRingState) state = NULL;

  now = th_secret_ring_now (); /* opening may have waited */
  if (store != NULL)
    state = read_stored (store, change, now, &error);
  if (state == NULL || !apply (change, state, now, &changed, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (!changed)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  th_ring_state_drop_expired (state, now); /* with no grace, what was replaced */
  if (!th_ring_file_write (store, state, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  change->state = g_steal_pointer (&state);
  g_task_return_boolean (task, TRUE);
}

static void start_next (ThSecretRing *self);

static void
on_change_made (GObject *source, GAsyncResult *result, gpointer data)
{
  ThSecretRing *self = TH_SECRET_RING (source);
  g_autoptr (GTask) asked = data;
  Change *change = g_task_get_task_data (asked);
  GError *error = NULL;

  self->changing = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error) && change->state != NULL)
    th_secret_ring_take_over (self, g_steal_pointer (&change->state));
  start_next (self);
  if (error != NULL)
    g_task_return_error (asked, error);
  else
    g_task_return_boolean (asked, TRUE);
}

/* Those that were given up while they waited are not begun; once begun, a change is made. */
static void
start_next (ThSecretRing *self)
{
  while (!self->changing && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) asked = g_queue_pop_head (&self->waiting);
      g_autoptr (GTask) work = NULL;
      Change *change = g_task_get_task_data (asked);

      if (g_task_return_error_if_cancelled (asked))
        continue;
      self->changing = TRUE;
      change->grace = self->grace;
      change->in_force = copy_state (self->state);
      work = g_task_new (self, NULL, on_change_made, g_steal_pointer (&asked));
      g_task_set_task_data (work, change, NULL);
      g_task_run_in_thread (work, make_change);
    }
}

/* The task is to return when the change is in force, or failed.
 *
 * Returns: (transfer none): to fill in before start_next() */
static Change *
new_change (ThSecretRing *self,
            ThRingKind kind,
            ThRingDeed deed,
            const char *by,
            gpointer tag,
            GCancellable *cancellable,
            GAsyncReadyCallback callback,
            gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Change *change = g_new0 (Change, 1);

  change->deed = deed;
  change->kind = kind;
  change->by = g_strdup (by);
  change->directory = g_strdup (self->directory);
  g_task_set_source_tag (task, tag);
  g_task_set_check_cancellable (task, FALSE); /* what is in force is not reported as given up */
  g_task_set_task_data (task, change, change_free);
  g_queue_push_tail (&self->waiting, task);
  return change;
}

static gboolean
is_asked_well (ThSecretRing *self, ThRingKind kind, const char *by)
{
  return TH_IS_SECRET_RING (self) && kind < TH_RING_N_KINDS && th_ring_event_is_name (by);
}

void
th_secret_ring_rotate_async (ThSecretRing *self,
                             ThRingKind kind,
                             const char *by,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (is_asked_well (self, kind, by));

  new_change (self, kind, TH_RING_DEED_ROTATED, by, th_secret_ring_rotate_async, cancellable,
              callback, user_data);
  start_next (self);
}

gboolean
th_secret_ring_rotate_finish (ThSecretRing *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, th_secret_ring_rotate_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
th_secret_ring_revoke_async (ThSecretRing *self,
                             ThRingKind kind,
                             const char *by,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_return_if_fail (is_asked_well (self, kind, by));

  new_change (self, kind, TH_RING_DEED_REVOKED, by, th_secret_ring_revoke_async, cancellable,
              callback, user_data);
  start_next (self);
}

GArray *
th_secret_ring_revoke_finish (ThSecretRing *self, GAsyncResult *result, GError **error)
{
  Change *change;

  g_return_val_if_fail (g_async_result_is_tagged (result, th_secret_ring_revoke_async), NULL);
  change = g_task_get_task_data (G_TASK (result));
  return g_task_propagate_boolean (G_TASK (result), error) ? g_steal_pointer (&change->revoked)
                                                           : NULL;
}

void
th_secret_ring_undo_async (ThSecretRing *self,
                           ThRingKind kind,
                           const char *by,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_return_if_fail (is_asked_well (self, kind, by));

  new_change (self, kind, TH_RING_DEED_UNDONE, by, th_secret_ring_undo_async, cancellable,
              callback, user_data);
  start_next (self);
}

gboolean
th_secret_ring_undo_finish (ThSecretRing *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, th_secret_ring_undo_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
th_secret_ring_take_seed_async (ThSecretRing *self,
                                const ThRingSeed *seed,
                                const char *by,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GError *error = NULL;
  Change *change;

  g_return_if_fail (is_asked_well (self, TH_RING_SECRET, by));

  if (!th_ring_seed_check (seed, &error))
    {
      g_task_report_error (self, callback, user_data, th_secret_ring_take_seed_async, error);
      return;
    }
  change = new_change (self, TH_RING_SECRET, TH_RING_DEED_CONFIGURED, by,
                       th_secret_ring_take_seed_async, cancellable, callback, user_data);
  change->seed = g_strdup (seed->secret);
  change->api_key = g_strdup (seed->api_key);
  change->api_secret = g_strdup (seed->api_secret);
  start_next (self);
}

gboolean
th_secret_ring_take_seed_finish (ThSecretRing *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_async_result_is_tagged (result, th_secret_ring_take_seed_async), FALSE);
  return g_task_propagate_boolean (G_TASK (result), error);
}
