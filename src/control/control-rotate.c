/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One change after the other, each answered when it is durable.
 */
#include "control/control-rotate.h"

#include "credentials/json-object.h"

/* The word for the history. */
#define BY "command-line"

typedef struct {
  ThEngine *engine;
  ThRingKind kind;
  gboolean revoke;
  ThControlReply *reply;
} Rotation;

static void
rotation_free (Rotation *self)
{
  g_object_unref (self->engine);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rotation, rotation_free)

/* 0 where it is accepted no longer, as there is no grace */
static gint64
find_end_of_former (Rotation *self)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  g_autoptr (ThSecretInfo) former =
      g_list_model_get_item (th_secret_ring_get_secrets (ring, self->kind), 1);

  return former != NULL ? th_secret_info_get_expires_at (former) : 0;
}

static void
answer_rotated (Rotation *self)
{
  g_autoptr (JsonBuilder) object = th_control_reply_begin ();
  gint64 end = find_end_of_former (self);

  if (end != 0)
    th_json_add_time (object, "formerUntil", end);
  th_control_reply_send (self->reply, object);
}

static void
on_revoked (GObject *rotator, GAsyncResult *result, gpointer data)
{
  g_autoptr (Rotation) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonBuilder) object = NULL;
  guint n_ended;

  if (!th_rotator_revoke_finish (TH_ROTATOR (rotator), result, &n_ended, &error))
    {
      g_prefix_error (&error, "There is a new secret, but the former ones are still accepted: ");
      th_control_reply_fail (self->reply, error->message);
      return;
    }
  object = th_control_reply_begin ();
  th_json_add_number (object, "ended", n_ended);
  th_control_reply_send (self->reply, object);
}

/* @rotation: (transfer full) */
static void
revoke_former (ThRotator *rotator, Rotation *rotation)
{
  th_rotator_revoke_async (rotator, rotation->kind, BY, NULL, on_revoked, rotation);
}

static void
on_rotated (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (Rotation) self = data;
  ThRotator *rotator = TH_ROTATOR (source);
  g_autoptr (GError) error = NULL;

  if (!th_rotator_rotate_finish (rotator, result, &error))
    th_control_reply_fail (self->reply, error->message);
  else if (!self->revoke)
    answer_rotated (self);
  else
    revoke_former (rotator, g_steal_pointer (&self));
}

void
th_control_rotate (ThEngine *engine, ThRingKind kind, gboolean revoke, ThControlReply *reply)
{
  Rotation *self = g_new0 (Rotation, 1);

  self->engine = g_object_ref (engine);
  self->kind = kind;
  self->revoke = revoke;
  self->reply = reply;
  th_rotator_rotate_async (th_engine_get_rotator (engine), kind, BY, NULL, on_rotated, self);
}
