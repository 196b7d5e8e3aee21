/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRotator passes changes on to the ring, and tells the relay what follows from them.
 */
#include "app/rotator.h"

#include "app/old-sessions.h"
#include "app/rotation-schedule.h"
#include "credentials/alarm.h"

#define RETRY_AFTER 3600 /* seconds, where the schedule's rotation failed */

struct _ThRotator {
  GObject parent_instance;
  ThSecretRing *ring;
  ThRelay *relay;
  ThSettings *settings;
  ThOldSessions *old_sessions;
  ThAlarm *alarm;    /* when the schedule wants a rotation */
  gboolean rotating; /* the schedule's rotation is on its way */
  guint64 rotations[TH_RING_N_KINDS];
};

G_DEFINE_FINAL_TYPE (ThRotator, th_rotator, G_TYPE_OBJECT)

enum {
  PROP_OLD_SECRET_SESSIONS = 1,
  PROP_OLD_API_SESSIONS,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

/* What was undone does not come again at once: the time counts from the undoing. */
static gint64
find_last_undo (ThRotator *self)
{
  GListModel *history = th_secret_ring_get_history (self->ring);

  for (guint i = 0; i < g_list_model_get_n_items (history); i++)
    {
      g_autoptr (ThRingEvent) event = g_list_model_get_item (history, i);

      if (th_ring_event_get_kind (event) == TH_RING_SECRET &&
          th_ring_event_get_deed (event) == TH_RING_DEED_UNDONE)
        return th_ring_event_get_time (event);
    }
  return 0;
}

static void
follow_schedule (ThRotator *self)
{
  GListModel *secrets = th_secret_ring_get_secrets (self->ring, TH_RING_SECRET);
  g_autoptr (ThSecretInfo) current = g_list_model_get_item (secrets, 0);
  gint64 since = MAX (th_secret_info_get_created (current), find_last_undo (self));
  ThSettingRotate rotate = th_settings_get_integer (self->settings, TH_SETTING_CREDENTIALS_ROTATE);

  th_alarm_set (self->alarm, th_relay_is_running (self->relay) && !self->rotating
                                 ? th_rotation_schedule_get_due (rotate, since)
                                 : 0);
}

static void
on_scheduled_rotation (GObject *object, GAsyncResult *result, gpointer data)
{
  ThRotator *self = TH_ROTATOR (object);
  g_autoptr (GError) error = NULL;

  self->rotating = FALSE;
  if (th_rotator_rotate_finish (self, result, &error))
    {
      follow_schedule (self);
      return;
    }
  g_warning ("The scheduled rotation failed: %s", error->message);
  th_alarm_set (self->alarm, g_get_real_time () / G_USEC_PER_SEC + RETRY_AFTER);
}

static void
on_alarm (gpointer data)
{
  ThRotator *self = data;

  self->rotating = TRUE;
  th_rotator_rotate_async (self, TH_RING_SECRET, "schedule", NULL, on_scheduled_rotation, NULL);
}

/* At once, also while the relay is stopped: secrets can be rotated then, too. */
static void
follow_grace (ThRotator *self)
{
  th_secret_ring_set_grace (self->ring, th_settings_get_integer (self->settings,
                                                                 TH_SETTING_CREDENTIALS_GRACE));
}

static void
on_old_sessions_counted (ThRingKind kind, gpointer data)
{
  g_object_notify_by_pspec (data, properties[kind == TH_RING_API ? PROP_OLD_API_SESSIONS
                                                                 : PROP_OLD_SECRET_SESSIONS]);
}

static void
th_rotator_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThRotator *self = TH_ROTATOR (object);

  switch (id)
    {
    case PROP_OLD_SECRET_SESSIONS:
      g_value_set_uint (value, th_rotator_count_old_sessions (self, TH_RING_SECRET));
      break;
    case PROP_OLD_API_SESSIONS:
      g_value_set_uint (value, th_rotator_count_old_sessions (self, TH_RING_API));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_rotator_finalize (GObject *object)
{
  ThRotator *self = TH_ROTATOR (object);

  g_clear_pointer (&self->alarm, th_alarm_free);
  g_clear_pointer (&self->old_sessions, th_old_sessions_free);
  g_clear_object (&self->settings);
  g_clear_object (&self->relay);
  g_clear_object (&self->ring);
  G_OBJECT_CLASS (th_rotator_parent_class)->finalize (object);
}

static void
th_rotator_class_init (ThRotatorClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_rotator_get_property;
  object_class->finalize = th_rotator_finalize;
  properties[PROP_OLD_SECRET_SESSIONS] =
      g_param_spec_uint ("old-secret-sessions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_OLD_API_SESSIONS] =
      g_param_spec_uint ("old-api-sessions", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_rotator_init (ThRotator *self)
{
  self->alarm = th_alarm_new (on_alarm, self);
}

ThRotator *
th_rotator_new (ThSecretRing *ring, ThRelay *relay, ThSettings *settings)
{
  ThRotator *self = g_object_new (TH_TYPE_ROTATOR, NULL);
  GCallback follow = G_CALLBACK (follow_schedule);

  self->ring = g_object_ref (ring);
  self->relay = g_object_ref (relay);
  self->settings = g_object_ref (settings);
  self->old_sessions = th_old_sessions_new (ring, relay, on_old_sessions_counted, self);
  g_signal_connect_object (ring, "changed", follow, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (relay, "notify::running", follow, self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::credentials-rotate", follow, self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings, "changed::credentials-grace", G_CALLBACK (follow_grace), self,
                           G_CONNECT_SWAPPED);
  follow_schedule (self);
  return self;
}

static void
on_rotated (GObject *ring, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ThRotator *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (th_secret_ring_rotate_finish (TH_SECRET_RING (ring), result, &error))
    {
      self->rotations[GPOINTER_TO_UINT (g_task_get_task_data (task))]++;
      g_task_return_boolean (task, TRUE);
    }
  else
    g_task_return_error (task, error);
}

void
th_rotator_rotate_async (ThRotator *self,
                         ThRingKind kind,
                         const char *by,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE); /* the ring does */
  g_task_set_task_data (task, GUINT_TO_POINTER (kind), NULL);
  th_secret_ring_rotate_async (self->ring, kind, by, cancellable, on_rotated, task);
}

gboolean
th_rotator_rotate_finish (ThRotator *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_undone (GObject *ring, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  GError *error = NULL;

  if (th_secret_ring_undo_finish (TH_SECRET_RING (ring), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
th_rotator_undo_async (ThRotator *self,
                       ThRingKind kind,
                       const char *by,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  th_secret_ring_undo_async (self->ring, kind, by, cancellable, on_undone, task);
}

gboolean
th_rotator_undo_finish (ThRotator *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
end_sessions (ThRotator *self, GArray *secrets)
{
  for (guint i = 0; i < secrets->len; i++)
    th_relay_end_secret (self->relay, g_array_index (secrets, guint, i));
}

/* The relay has the authenticator without the revoked secrets already: the ring's "changed" came
 * first. What the ring names may have sessions that the list does not show yet. */
static void
on_revoked (GObject *ring, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  ThRotator *self = g_task_get_source_object (task);
  ThRingKind kind = GPOINTER_TO_UINT (g_task_get_task_data (task));
  GError *error = NULL;
  g_autoptr (GArray) revoked =
      th_secret_ring_revoke_finish (TH_SECRET_RING (ring), result, &error);
  g_autoptr (GArray) seen = NULL;

  if (revoked == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  seen = th_old_sessions_list_secrets (self->old_sessions, kind);
  end_sessions (self, revoked);
  end_sessions (self, seen);
  g_task_return_int (task, th_rotator_count_old_sessions (self, kind));
}

void
th_rotator_revoke_async (ThRotator *self,
                         ThRingKind kind,
                         const char *by,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, GUINT_TO_POINTER (kind), NULL);
  th_secret_ring_revoke_async (self->ring, kind, by, cancellable, on_revoked, task);
}

gboolean
th_rotator_revoke_finish (ThRotator *self, GAsyncResult *result, guint *n_ended, GError **error)
{
  gssize count = g_task_propagate_int (G_TASK (result), error);

  if (n_ended != NULL)
    *n_ended = (guint) MAX (count, 0);
  return count >= 0;
}

guint64
th_rotator_count_rotations (ThRotator *self, ThRingKind kind)
{
  return self->rotations[kind];
}

guint
th_rotator_count_old_sessions (ThRotator *self, ThRingKind kind)
{
  return th_old_sessions_count (self->old_sessions, kind);
}
