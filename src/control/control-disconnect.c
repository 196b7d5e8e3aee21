/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay ends sessions on its workers and tells of it later; the answer waits for that. What
 * waits belongs to the handler of the relay's signal, and goes with it.
 */
#include "control/control-disconnect.h"

#include "credentials/json-object.h"

/* Workers do it at once; one that does not answer by now is stuck. */
#define LIMIT_SECONDS 10

typedef struct {
  ThRelay *relay;        /* (transfer none): holds the handler that holds this */
  ThControlReply *reply; /* nullable: answered */
  GHashTable *waited;    /* ids of sessions (owned guint64) */
  guint n;
  gulong handler;
  guint limit; /* source */
} Disconnect;

static void
free_disconnect (gpointer data, GClosure *closure)
{
  Disconnect *self = data;

  if (self->reply != NULL)
    th_control_reply_fail (self->reply, "The server stops");
  g_clear_handle_id (&self->limit, g_source_remove);
  g_hash_table_unref (self->waited);
  g_free (self);
}

static GHashTable *
find_sessions (ThRelay *relay, const char *user)
{
  GListModel *sessions = th_relay_get_sessions (relay);
  GHashTable *ids = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (sessions, i);
      guint64 id = th_session_get_id (session);

      if (g_str_equal (th_session_get_user (session), user))
        g_hash_table_add (ids, g_memdup2 (&id, sizeof id));
    }
  return ids;
}

static gboolean
are_gone (Disconnect *self)
{
  GListModel *sessions = th_relay_get_sessions (self->relay);

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (sessions, i);
      guint64 id = th_session_get_id (session);

      if (g_hash_table_contains (self->waited, &id))
        return FALSE;
    }
  return TRUE;
}

/* Frees it. */
static void
finish (Disconnect *self)
{
  g_signal_handler_disconnect (self->relay, self->handler);
}

static void
on_session_count_changed (ThRelay *relay, GParamSpec *pspec, gpointer data)
{
  Disconnect *self = data;
  g_autoptr (JsonBuilder) object = NULL;

  if (!are_gone (self))
    return;
  object = th_control_reply_begin ();
  th_json_add_number (object, "ended", self->n);
  th_control_reply_send (g_steal_pointer (&self->reply), object);
  finish (self);
}

static gboolean
on_limit (gpointer data)
{
  Disconnect *self = data;

  self->limit = 0;
  th_control_reply_fail (g_steal_pointer (&self->reply), "The sessions do not end; see the log");
  finish (self);
  return G_SOURCE_REMOVE;
}

void
th_control_disconnect (ThRelay *relay, const char *user, ThControlReply *reply)
{
  Disconnect *self = g_new0 (Disconnect, 1);

  self->relay = relay;
  self->reply = reply;
  self->waited = find_sessions (relay, user);
  self->n = g_hash_table_size (self->waited);
  th_relay_disconnect_user (relay, user); /* also one that is not told of yet */
  if (self->n == 0)
    {
      th_control_reply_fail (g_steal_pointer (&self->reply), "That user has no sessions");
      free_disconnect (self, NULL);
      return;
    }
  self->limit = g_timeout_add_seconds (LIMIT_SECONDS, on_limit, self);
  self->handler =
      g_signal_connect_data (relay, "notify::session-count", G_CALLBACK (on_session_count_changed),
                             self, free_disconnect, 0);
}
