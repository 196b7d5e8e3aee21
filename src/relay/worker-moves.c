/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients that come from another address (RFC 8016): the kernel may have given that to another
 * worker than the one which has their allocation. Then the allocation moves too, in two steps, each
 * on the thread it concerns: the worker that has it lets go of it, and the one with the client takes
 * it over and answers.
 */
#include "relay/worker-private.h"

typedef struct {
  ThWorker *from;
  ThWorker *to;
  guint64 id;
  ThTurnClient client; /* of @to */
  guint8 *bytes;       /* what it said */
  gsize length;
  ThTurnAllocation *allocation; /* nullable: on its way */
} Move;

/* Also where it stayed on its way, as the workers stop. */
static void
free_move (gpointer data)
{
  Move *move = data;

  if (move->allocation != NULL)
    th_turn_server_bury (move->to->turn, move->allocation);
  g_free (move->bytes);
  g_free (move);
}

/* Never at once, whoever's thread this is. */
static void
order (ThWorker *worker, GSourceFunc func, Move *move)
{
  GSource *source = g_idle_source_new ();

  g_source_set_priority (source, G_PRIORITY_HIGH);
  g_source_set_callback (source, func, move, free_move);
  g_source_attach (source, worker->context);
  g_source_unref (source);
}

/* Connections may have ended meanwhile, or become a peer's (RFC 6062); listeners stay. */
static gboolean
is_here (const ThWorker *self, const ThTurnClient *client)
{
  if (client->transport == TH_TRANSPORT_UDP)
    return TRUE;
  if (client->transport == TH_TRANSPORT_DTLS)
    return g_hash_table_lookup (self->dtls.sessions, client) == client->path;
  for (guint i = 0; i < self->connections->len; i++)
    {
      const ThConnection *connection = self->connections->pdata[i];

      if (connection == client->path && th_turn_client_equal (&connection->client, client))
        return !connection->broken && connection->splice == NULL;
    }
  return FALSE;
}

static gboolean
on_adopt (gpointer data)
{
  Move *move = data;
  ThWorker *self = move->to;
  ThTurnAction action;

  if (!is_here (self, &move->client))
    return G_SOURCE_REMOVE; /* nobody to take it over for */
  th_worker_begin_batch (self);
  th_worker_begin_action (self, &action);
  th_turn_server_adopt (self->turn, g_steal_pointer (&move->allocation), &move->client,
                        move->bytes, move->length, &action);
  th_worker_post (self, &action, &move->client);
  th_worker_end_batch (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_release (gpointer data)
{
  Move *move = data;
  Move *next = g_memdup2 (move, sizeof *move);

  next->allocation = th_turn_server_release (move->from->turn, move->id);
  move->bytes = NULL;
  order (move->to, on_adopt, next);
  return G_SOURCE_REMOVE;
}

void
th_worker_detach_socket (gpointer user_data, gpointer socket)
{
  ThWorker *self = user_data;
  ThRelaySocket *relay_socket = socket;

  th_worker_forget_socket (self, &relay_socket->open);
  th_worker_forget_socket (self, &relay_socket->direct);
  th_relay_socket_disconnect (relay_socket);
  relay_socket->end = NULL;
  relay_socket->worker = NULL;
}

void
th_worker_client_left (gpointer user_data, const ThTurnClient *client)
{
  th_worker_set_has_allocation (client, FALSE);
}

void
th_worker_session_moved (gpointer user_data, ThTurnAllocation *allocation)
{
  ThWorker *self = user_data;

  th_worker_set_has_allocation (&allocation->client, TRUE);
  th_events_post (self->shared->events,
                  &(ThWorkerEvent) { .kind = TH_WORKER_EVENT_SESSION_MOVED,
                                     .record = allocation->record,
                                     .client = allocation->client.address,
                                     .transport = allocation->client.transport });
}

void
th_worker_hand_over (gpointer user_data,
                     gpointer owner,
                     guint64 allocation,
                     const ThTurnClient *client,
                     const guint8 *bytes,
                     gsize length)
{
  Move *move = g_new0 (Move, 1);

  move->from = owner;
  move->to = user_data;
  move->id = allocation;
  move->client = *client;
  move->bytes = g_memdup2 (bytes, length);
  move->length = length;
  order (move->from, on_release, move);
}
