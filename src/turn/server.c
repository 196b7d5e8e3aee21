/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The server's front door: tells ChannelData from STUN, requests from indications, and sends each
 * to its handler; and the end of sessions, wished for or by time.
 */
#include "turn/server-private.h"

#include <string.h>

static void
on_allocation_due (ThTimer *timer, gpointer user_data)
{
  th_turn_server_end (user_data, th_turn_allocation_from_timer (timer), TH_SESSION_END_EXPIRED);
}

/* The other port is there to find out how a NAT behaves, and for nothing else. */
static gboolean
is_for_binding_alone (const ThTurnExchange *self)
{
  const ThAddress *local = &self->client->local;
  const ThAlternates *alternates = th_turn_config_alternates (self->server->config, local);
  ThAlternate asked;

  return th_alternates_find (alternates, local, &asked) && asked.port == 1;
}

static void
handle_authenticated (ThTurnExchange *self, void (*handle) (ThTurnExchange *))
{
  if (is_for_binding_alone (self))
    return;
  self->allocation = th_allocation_table_find (&self->server->allocations, self->client);
  if (!th_turn_authenticate (self))
    return;
  if (self->request.n_unknown > 0)
    th_turn_answer_error (self, TH_STUN_UNKNOWN_ATTRIBUTE);
  else
    handle (self);
}

/* Methods that this server does not know are ignored (RFC 8489, section 6.3). */
static void
handle_request (ThTurnExchange *self)
{
  switch (self->request.message.method)
    {
    case TH_STUN_BINDING:
      th_turn_handle_binding (self);
      break;
    case TH_STUN_ALLOCATE:
      handle_authenticated (self, th_turn_handle_allocate);
      break;
    case TH_STUN_REFRESH:
      handle_authenticated (self, th_turn_handle_refresh);
      break;
    case TH_STUN_CREATE_PERMISSION:
      handle_authenticated (self, th_turn_handle_create_permission);
      break;
    case TH_STUN_CHANNEL_BIND:
      handle_authenticated (self, th_turn_handle_channel_bind);
      break;
    case TH_STUN_CONNECT:
      handle_authenticated (self, th_turn_handle_connect);
      break;
    case TH_STUN_CONNECTION_BIND:
      handle_authenticated (self, th_turn_handle_connection_bind);
      break;
    default:
      break;
    }
}

void
th_turn_server_handle_message (ThTurnServer *self,
                               const ThTurnClient *client,
                               const guint8 *bytes,
                               gsize length,
                               gboolean settled,
                               ThTurnAction *action)
{
  ThTurnExchange exchange = {
    .server = self, .client = client, .settled = settled, .action = action
  };
  const ThStunMessage *message = &exchange.request.message;

  if (!th_turn_request_parse (&exchange.request, bytes, length))
    {
      th_counter_add (&self->counters.malformed, 1);
      return;
    }
  if (message->class == TH_STUN_REQUEST)
    handle_request (&exchange);
  else if (message->class == TH_STUN_INDICATION && message->method == TH_STUN_SEND)
    th_turn_forward_send (self, client, &exchange.request, action);
  explicit_bzero (&exchange.proof, sizeof exchange.proof);
}

ThTurnServer *
th_turn_server_new (ThTurnConfig *config,
                    ThTurnAuthenticator *authenticator,
                    const ThTurnDriver *driver,
                    gpointer user_data)
{
  ThTurnServer *self = g_new0 (ThTurnServer, 1);

  self->config = th_turn_config_ref (config);
  self->authenticator = th_turn_authenticator_ref (authenticator);
  self->driver = driver;
  self->user_data = user_data;
  th_allocation_table_init (&self->allocations);
  self->mobile = g_hash_table_new (g_int64_hash, g_int64_equal);
  self->ends = g_hash_table_new (NULL, NULL);
  self->wheel = th_timer_wheel_new (0);
  self->throttle = th_throttle_new (config->unauthorized_per_second);
  return self;
}

void
th_turn_server_free (ThTurnServer *self)
{
  for (guint i = 0; self->allocations.n_allocations > 0; i = (i + 1) % self->allocations.n_slots)
    {
      if (self->allocations.slots[i].allocation != NULL)
        th_turn_server_end (self, self->allocations.slots[i].allocation, TH_SESSION_END_SHUTDOWN);
    }
  th_allocation_table_clear (&self->allocations);
  g_hash_table_unref (self->mobile);
  g_hash_table_unref (self->ends);
  th_timer_wheel_free (self->wheel);
  th_throttle_free (self->throttle);
  th_turn_authenticator_unref (self->authenticator);
  th_turn_config_unref (self->config);
  g_free (self);
}

void
th_turn_server_set_config (ThTurnServer *self, ThTurnConfig *config)
{
  th_turn_config_ref (config);
  th_turn_config_unref (self->config);
  self->config = config;
  th_throttle_set_rate (self->throttle, config->unauthorized_per_second);
}

void
th_turn_server_set_authenticator (ThTurnServer *self, ThTurnAuthenticator *authenticator)
{
  th_turn_authenticator_ref (authenticator);
  th_turn_authenticator_unref (self->authenticator);
  self->authenticator = authenticator;
}

void
th_turn_server_set_time (ThTurnServer *self, gint64 monotonic, gint64 wall)
{
  gint64 second = monotonic / G_USEC_PER_SEC;

  self->now = monotonic;
  self->wall = wall;
  if (second == self->advanced)
    return;
  self->advanced = second;
  th_timer_wheel_advance (self->wheel, second, on_allocation_due, self);
  th_reservations_expire (self->config->reservations, monotonic);
  th_streams_expire (self->config->streams, monotonic);
}

void
th_turn_server_from_client (ThTurnServer *self,
                            const ThTurnClient *client,
                            const guint8 *bytes,
                            gsize length,
                            ThTurnAction *action)
{
  th_turn_action_begin (action);
  if (length > 0 && (bytes[0] & 0xC0) == 0x40)
    th_turn_forward_channel_data (self, client, bytes, length, action);
  else if (th_stun_looks_like_message (bytes, length))
    th_turn_server_handle_message (self, client, bytes, length, FALSE, action);
  else
    th_counter_add (&self->counters.malformed, 1);
}

void
th_turn_server_client_gone (ThTurnServer *self, const ThTurnClient *client)
{
  ThTurnAllocation *allocation = th_allocation_table_find (&self->allocations, client);

  if (allocation != NULL && allocation->mobile)
    th_turn_mobility_wait (self, allocation);
  else if (allocation != NULL)
    th_turn_server_end (self, allocation, TH_SESSION_END_CLIENT_GONE);
}

guint
th_turn_server_end_sessions (ThTurnServer *self, ThTurnMatch match, gconstpointer data)
{
  g_autoptr (GPtrArray) chosen = g_ptr_array_new ();

  for (guint i = 0; i < self->allocations.n_slots; i++)
    {
      ThTurnAllocation *allocation = self->allocations.slots[i].allocation;

      if (allocation != NULL && match (allocation->record, data))
        g_ptr_array_add (chosen, allocation);
    }
  for (guint i = 0; i < chosen->len; i++)
    th_turn_server_end (self, chosen->pdata[i], TH_SESSION_END_REVOKED);
  return chosen->len;
}

guint
th_turn_server_count (const ThTurnServer *self)
{
  return self->allocations.n_allocations;
}

const ThTurnCounters *
th_turn_server_get_counters (const ThTurnServer *self)
{
  return &self->counters;
}

void
th_turn_server_extend (ThTurnServer *self, ThTurnAllocation *allocation, guint32 lifetime)
{
  allocation->expires = self->now + (gint64) lifetime * G_USEC_PER_SEC;
  th_counter_set (&allocation->record->lives_until, (guint64) allocation->expires);
  /* Rounded up, so that no allocation ends before its time. */
  th_timer_wheel_set (self->wheel, &allocation->timer,
                      (allocation->expires + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

void
th_turn_server_attach_ends (ThTurnServer *self, ThTurnAllocation *allocation)
{
  for (guint i = 0; i < G_N_ELEMENTS (allocation->ends); i++)
    {
      ThRelayEnd *end = &allocation->ends[i];

      if (end->socket == NULL)
        continue;
      end->allocation = allocation;
      th_ports_mark_open (self->config->ports, end->host, end->port);
      g_hash_table_insert (self->ends, th_turn_end_key (end->host, end->port), end);
      if (allocation->streams != NULL)
        th_streams_set_listening (self->config->streams, th_turn_end_key (end->host, end->port),
                                  TRUE);
      self->driver->attach_socket (self->user_data, end->socket, end);
    }
}

void
th_turn_server_detach_ends (ThTurnServer *self, ThTurnAllocation *allocation)
{
  for (guint i = 0; i < G_N_ELEMENTS (allocation->ends); i++)
    {
      ThRelayEnd *end = &allocation->ends[i];

      if (end->socket == NULL)
        continue;
      g_hash_table_remove (self->ends, th_turn_end_key (end->host, end->port));
      self->driver->detach_socket (self->user_data, end->socket);
    }
}

void
th_turn_server_close_end (ThTurnServer *self, ThRelayEnd *end)
{
  ThPorts *ports = self->config->ports;

  th_ports_mark_closed (ports, end->host, end->port);
  th_streams_set_listening (self->config->streams, th_turn_end_key (end->host, end->port), FALSE);
  g_hash_table_remove (self->ends, th_turn_end_key (end->host, end->port));
  self->driver->close_socket (self->user_data, end->socket);
  th_ports_give_back (ports, end->host, end->port);
  end->socket = NULL;
}

void
th_turn_server_end (ThTurnServer *self, ThTurnAllocation *allocation, ThSessionEnd why)
{
  th_timer_wheel_cancel (self->wheel, &allocation->timer);
  th_allocation_table_remove (&self->allocations, allocation);
  th_turn_server_dispose (self, allocation, why);
}

void
th_turn_server_dispose (ThTurnServer *self, ThTurnAllocation *allocation, ThSessionEnd why)
{
  const ThTurnConfig *config = self->config;
  const char *user = allocation->record->user;

  self->driver->session_ended (self->user_data, allocation, why);
  th_turn_streams_end (self, allocation);
  for (guint i = 0; i < G_N_ELEMENTS (allocation->ends); i++)
    {
      if (allocation->ends[i].socket != NULL)
        th_turn_server_close_end (self, &allocation->ends[i]);
    }
  th_turn_mobility_end (self, allocation);
  th_quota_give_back (config->quota, user, 1);
  th_quota_give_back (config->capacity, user, 1);
  th_peers_clear (&allocation->peers);
  th_turn_record_unref (allocation->record);
  explicit_bzero (allocation->key, sizeof allocation->key);
  g_free (allocation->username);
  g_free (allocation);
}
