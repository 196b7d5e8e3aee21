/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The simulated world: its configuration, its driver and the way to the server.
 */
#include "world.h"

#include <string.h>

#include "addresses.h"
#include "stun/message.h"

#define BEGINNING SECONDS (1000)
#define BEGINNING_WALL 1700000000

/* ---- driver ---- */

static guint
hash_socket (gconstpointer socket)
{
  return th_address_port (&((const WorldSocket *) socket)->address);
}

static gboolean
sockets_equal (gconstpointer a, gconstpointer b)
{
  return th_address_equal (&((const WorldSocket *) a)->address,
                           &((const WorldSocket *) b)->address);
}

static gboolean
opening_fails (World *self, const ThAddress *address)
{
  if (self->open_failures == 0 || (self->odd_ports_fail && th_address_port (address) % 2 == 0))
    return FALSE;
  self->open_failures--;
  return TRUE;
}

static gpointer
driver_open_socket (gpointer user_data, const ThAddress *address, gboolean stream, int *error)
{
  World *self = user_data;
  WorldSocket *socket;

  if (opening_fails (self, address))
    {
      *error = self->open_error;
      return NULL;
    }
  g_assert_null (world_socket_at (self, address));
  socket = g_new0 (WorldSocket, 1);
  socket->address = *address;
  g_hash_table_add (self->sockets, socket);
  self->n_opened++;
  return socket;
}

static void
driver_attach_socket (gpointer user_data, gpointer socket, ThRelayEnd *end)
{
  World *self = user_data;
  WorldSocket *attached = socket;

  g_assert_true (g_hash_table_contains (self->sockets, socket));
  g_assert_null (attached->end);
  g_assert_true (end->socket == socket);
  g_assert_nonnull (end->allocation);
  g_assert_cmpint (end->port, ==, th_address_port (&attached->address));
  attached->end = end;
}

static void
driver_detach_socket (gpointer user_data, gpointer socket)
{
  World *self = user_data;

  g_assert_true (g_hash_table_contains (self->sockets, socket));
  g_assert_nonnull (((WorldSocket *) socket)->end);
  ((WorldSocket *) socket)->end = NULL;
}

static void
driver_close_socket (gpointer user_data, gpointer socket)
{
  World *self = user_data;

  g_assert_true (g_hash_table_remove (self->sockets, socket));
}

static void
driver_session_started (gpointer user_data, ThTurnAllocation *allocation)
{
  World *self = user_data;

  g_assert_nonnull (allocation->record);
  self->n_started++;
}

static void
driver_session_refreshed (gpointer user_data, ThTurnAllocation *allocation)
{
  World *self = user_data;

  self->n_refreshed++;
}

static void
driver_session_peer (gpointer user_data,
                     ThTurnAllocation *allocation,
                     const ThAddress *peer,
                     guint16 channel)
{
  World *self = user_data;

  self->n_told++;
  self->told_peer = *peer;
  self->told_channel = channel;
}

static void
driver_session_moved (gpointer user_data, ThTurnAllocation *allocation)
{
  World *self = user_data;

  self->n_moved++;
  self->moved_to = allocation->client;
}

static void
driver_client_left (gpointer user_data, const ThTurnClient *client)
{
  World *self = user_data;

  self->n_left++;
}

static void
driver_hand_over (gpointer user_data,
                  gpointer owner,
                  guint64 allocation,
                  const ThTurnClient *client,
                  const guint8 *bytes,
                  gsize length)
{
  World *self = user_data;

  g_assert_true (owner != self);
  self->n_handed_over++;
  self->handed_over = allocation;
}

static void
driver_session_ended (gpointer user_data, ThTurnAllocation *allocation, ThSessionEnd why)
{
  World *self = user_data;

  self->n_ended++;
  self->last_end = why;
}

static void
driver_refused (gpointer user_data, const ThTurnRefusal *refusal)
{
  World *self = user_data;

  g_assert_cmpint (refusal->reason, !=, TH_REFUSAL_NONE);
  self->n_refused++;
  self->last_refusal = *refusal;
  self->refused_peer = *refusal->peer;
  g_strlcpy (self->refused_user, refusal->user, sizeof self->refused_user);
}

static void
release_reservation (ThReservation *reservation, gpointer user_data)
{
  World *self = user_data;

  driver_close_socket (self, reservation->socket);
  th_ports_give_back (self->config->ports, reservation->host, reservation->port);
}

/* Streams have plain numbers for sockets, counted as they go. */
static gint n_released; /* atomic */

static void
release_stream (gpointer socket)
{
  g_atomic_int_inc (&n_released);
}

guint
world_count_released (void)
{
  return (guint) g_atomic_int_get (&n_released);
}

static gboolean
driver_connect (gpointer user_data, ThRelayEnd *end, ThTurnStream *stream)
{
  World *self = user_data;

  if (self->connections_fail)
    return FALSE;
  g_clear_pointer (&self->connecting, th_stream_unref);
  self->connecting = th_stream_ref (stream);
  return TRUE;
}

static void
driver_give_up (gpointer user_data, ThTurnStream *stream)
{
  World *self = user_data;

  if (stream == self->connecting)
    g_clear_pointer (&self->connecting, th_stream_unref);
}

static void
driver_bind_stream (gpointer user_data, const ThTurnClient *client, ThTurnStream *stream)
{
  World *self = user_data;

  g_clear_pointer (&self->bound, th_stream_unref);
  self->bound = stream;
}

static const ThTurnDriver driver = {
  .open_socket = driver_open_socket,
  .attach_socket = driver_attach_socket,
  .detach_socket = driver_detach_socket,
  .close_socket = driver_close_socket,
  .session_started = driver_session_started,
  .session_refreshed = driver_session_refreshed,
  .session_peer = driver_session_peer,
  .session_moved = driver_session_moved,
  .client_left = driver_client_left,
  .session_ended = driver_session_ended,
  .hand_over = driver_hand_over,
  .connect = driver_connect,
  .give_up = driver_give_up,
  .bind_stream = driver_bind_stream,
  .refused = driver_refused,
};

/* ---- configuration ---- */

/* "address" or "external/internal" */
static ThTurnHost
parse_host (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  ThTurnHost host;

  host.external = address_and_port (parts[0], 0);
  host.internal = address_and_port (parts[1] != NULL ? parts[1] : parts[0], 0);
  return host;
}

static void
set_hosts (ThTurnConfig *config, const WorldSetup *setup)
{
  static const char *const usual[] = { WORLD_IPV4, WORLD_IPV6, NULL };
  const char *const *hosts = setup->hosts[0] != NULL ? setup->hosts : usual;

  config->hosts = g_new0 (ThTurnHost, G_N_ELEMENTS (setup->hosts));
  while (config->n_hosts < G_N_ELEMENTS (setup->hosts) && hosts[config->n_hosts] != NULL)
    {
      config->hosts[config->n_hosts] = parse_host (hosts[config->n_hosts]);
      config->n_hosts++;
    }
  if (setup->own_host == NULL)
    return;
  config->own_addresses = g_new0 (ThAddress, 1);
  config->own_addresses[0] = address_and_port (setup->own_host, 0);
  config->n_own_addresses = 1;
}

static void
set_alternates (ThTurnConfig *config, const WorldSetup *setup)
{
  ThTurnHost other;
  ThAlternates *alternates;

  if (setup->other_host == NULL)
    return;
  other = parse_host (setup->other_host);
  alternates = &config->alternates[th_address_is_ipv6 (&other.internal)];
  *alternates = (ThAlternates) {
    .internal = { config->hosts[0].internal, other.internal },
    .external = { config->hosts[0].external, other.external },
    .ports = { WORLD_PORT, WORLD_OTHER_PORT },
  };
}

static guint
or_usual (guint wanted, guint usual)
{
  return wanted != 0 ? wanted : usual;
}

static void
set_policy (ThTurnConfig *config, const WorldSetup *setup)
{
  const char *allow[G_N_ELEMENTS (setup->allow) + 1] = { NULL };
  const char *deny[G_N_ELEMENTS (setup->deny) + 1] = { NULL };
  GError *error = NULL;

  memcpy (allow, setup->allow, sizeof setup->allow);
  memcpy (deny, setup->deny, sizeof setup->deny);
  config->policy = th_peer_policy_new (allow, deny, setup->allow_lan, &error);
  g_assert_no_error (error);
}

static ThTurnConfig *
new_config (World *world, const WorldSetup *setup)
{
  ThTurnConfig *config = th_turn_config_new ();

  set_hosts (config, setup);
  set_alternates (config, setup);
  set_policy (config, setup);
  config->own_ports = g_new0 (guint16, 1);
  config->own_ports[0] = WORLD_PORT;
  config->n_own_ports = 1;
  config->software = g_strdup (setup->software);
  config->max_permissions = or_usual (setup->max_permissions, 8);
  config->unauthorized_per_second = setup->unauthorized_per_second;
  config->strict_expiry = setup->strict_expiry;
  config->mobility = setup->mobility;
  config->ports = th_ports_new (config->n_hosts, (guint16) or_usual (setup->port_min, 49152),
                                (guint16) or_usual (setup->port_max, 65535));
  config->quota = th_quota_new (setup->user_quota, 0);
  config->capacity = th_quota_new (0, setup->capacity);
  config->streams = th_streams_new (release_stream);
  config->tcp_relay = setup->tcp_relay;
  config->reservations = th_reservations_new (or_usual (setup->max_reservations, 16),
                                              release_reservation, world);
  return config;
}

/* ---- the way to the server ---- */

/* Copies what comes in to an odd address, so that reading past its end or aligned is seen. */
static const guint8 *
place_input (World *self, gconstpointer bytes, gsize length)
{
  g_free (self->input);
  self->input = g_malloc (1 + length);
  if (length > 0)
    memcpy (self->input + 1, bytes, length);
  memset (&self->action, 0xA5, sizeof self->action);
  self->action.head = self->head_room + 1;
  return self->input + 1;
}

/* Data may go to another client than came in: that of the relayed address it was sent to. */
static void
check_to_client (const World *self, const ThTurnClient *asker)
{
  const ThTurnAction *action = &self->action;
  gboolean is_answer = (action->head[0] & 0xC1) == 0x01;

  g_assert_true (!is_answer || asker != NULL);
  if (is_answer)
    {
      g_assert_true (th_turn_client_equal (action->client, asker));
      g_assert_true (action->client->path == asker->path);
      g_assert_cmpuint (action->payload_length, ==, 0);
    }
  g_assert_true (action->head == self->head_room + 1);
  g_assert_cmpuint (action->head_length, <=, TH_TURN_HEAD_SIZE);
  g_assert_cmpuint (action->head_length, >=, TH_CHANNEL_HEADER_SIZE);
  g_assert_cmpuint (action->tail, <=, 3);
}

static void
check_to_peer (World *self)
{
  const ThTurnAction *action = &self->action;
  WorldSocket *socket = action->end->socket;

  g_assert_true (g_hash_table_contains (self->sockets, socket));
  g_assert_true (socket->end == action->end);
  g_assert_cmpint (th_address_family (&action->peer), ==, action->end->family);
  g_assert_cmpint (th_address_port (&action->peer), !=, 0);
}

/* An answer to Binding over UDP, from another of the server's addresses. */
static void
check_from (const World *self, const ThTurnClient *asker)
{
  const ThTurnAction *action = &self->action;
  ThAlternate from;

  g_assert_true (th_alternates_find (th_turn_config_alternates (self->config, &action->from),
                                     &action->from, &from));
  g_assert_false (th_address_equal (&action->from, &asker->local));
  g_assert_cmpint (asker->transport, ==, TH_TRANSPORT_UDP);
  g_assert_cmpuint (action->head[0] << 8 | action->head[1], ==, 0x0101);
}

/* The bytes that leave, and that the payload is part of what came in. */
static ThTurnVerb
take_output (World *self, const ThTurnClient *asker, gsize input_length)
{
  const ThTurnAction *action = &self->action;
  static const guint8 zeros[3];

  g_byte_array_set_size (self->output, 0);
  if (action->verb == TH_TURN_NOTHING)
    return TH_TURN_NOTHING;

  if (action->payload_length > 0)
    {
      g_assert_true (action->payload > self->input);
      g_assert_true (action->payload + action->payload_length <= self->input + 1 + input_length);
    }
  if (action->verb == TH_TURN_TO_CLIENT_FROM)
    check_from (self, asker);
  if (action->verb == TH_TURN_TO_CLIENT || action->verb == TH_TURN_TO_CLIENT_FROM)
    {
      check_to_client (self, asker);
      g_byte_array_append (self->output, action->head, (guint) action->head_length);
    }
  else
    {
      g_assert_cmpint (action->verb, ==, TH_TURN_TO_PEER);
      check_to_peer (self);
    }
  if (action->payload_length > 0)
    g_byte_array_append (self->output, action->payload, (guint) action->payload_length);
  if (action->verb == TH_TURN_TO_CLIENT)
    g_byte_array_append (self->output, zeros, action->tail);
  return action->verb;
}

static WorldHeard
take_apart_message (const World *self)
{
  ThStunMessage message;
  ThStunAttribute peer, content;
  WorldHeard heard = { .kind = HEARD_ANSWER };

  g_assert_true (th_stun_message_parse (&message, self->output->data, self->output->len));
  if (message.class != TH_STUN_INDICATION)
    return heard;

  g_assert_cmpint (message.method, ==, TH_STUN_DATA);
  g_assert_true (th_stun_message_find (&message, TH_STUN_XOR_PEER_ADDRESS, &peer));
  g_assert_true (th_stun_attribute_get_xor_address (&peer, &message, &heard.peer));
  heard.kind = HEARD_DATA;
  if (!th_stun_message_find (&message, TH_STUN_DATA_ATTRIBUTE, &content))
    {
      heard.kind = HEARD_ICMP;
      g_assert_true (th_stun_message_find (&message, TH_STUN_ICMP, &content));
    }
  heard.bytes = content.value;
  heard.length = content.length;
  return heard;
}

/* ---- public ---- */

World *
world_new (const WorldSetup *setup)
{
  static const WorldSetup usual;
  static const WorldUser users[] = {
    { .name = "ada", .password = "lovelace" },
    { .name = "bob", .password = "ross" },
  };
  World *self = g_new0 (World, 1);
  ThTurnAuthenticator *authenticator = world_authenticator_new (self, users, G_N_ELEMENTS (users));

  self->monotonic = BEGINNING;
  self->wall = BEGINNING_WALL;
  self->sockets = g_hash_table_new_full (hash_socket, sockets_equal, g_free, NULL);
  self->output = g_byte_array_new ();
  self->head_room = g_malloc (1 + TH_TURN_HEAD_SIZE);
  self->config = new_config (self, setup != NULL ? setup : &usual);
  self->n_free_ports = th_ports_count_free (self->config->ports, 0);
  self->driver = driver;
  self->server = th_turn_server_new (self->config, authenticator, &self->driver, self);
  th_turn_authenticator_unref (authenticator);
  th_turn_server_set_time (self->server, self->monotonic, self->wall);
  return self;
}

void
world_free (World *self)
{
  th_turn_server_free (self->server);
  th_reservations_expire (self->config->reservations, G_MAXINT64);
  g_assert_cmpuint (g_hash_table_size (self->sockets), ==, 0);
  g_assert_cmpuint (self->n_started, ==, self->n_ended);
  for (guint i = 0; i < self->config->n_hosts; i++)
    g_assert_cmpuint (th_ports_count_free (self->config->ports, i), ==, self->n_free_ports);

  /* Whoever still held something would not let all the room there can be be taken. */
  th_quota_set_limits (self->config->quota, 0, G_MAXUINT);
  g_assert_cmpint (th_quota_take (self->config->quota, "all", G_MAXUINT), ==, TH_QUOTA_OK);
  th_quota_set_limits (self->config->capacity, 0, G_MAXUINT);
  g_assert_cmpint (th_quota_take (self->config->capacity, "all", G_MAXUINT), ==, TH_QUOTA_OK);

  g_clear_pointer (&self->connecting, th_stream_unref);
  g_clear_pointer (&self->bound, th_stream_unref);
  th_turn_config_unref (self->config);
  g_hash_table_unref (self->sockets);
  g_byte_array_unref (self->output);
  g_free (self->input);
  g_free (self->head_room);
  g_free (self);
}

void
world_set_users (World *self, const WorldUser *users, guint n_users)
{
  g_autoptr (ThTurnAuthenticator) authenticator = world_authenticator_new (self, users, n_users);

  th_turn_server_set_authenticator (self->server, authenticator);
}

void
world_advance (World *self, gint64 microseconds)
{
  self->wall += (self->monotonic + microseconds) / G_USEC_PER_SEC -
                self->monotonic / G_USEC_PER_SEC;
  self->monotonic += microseconds;
  th_turn_server_set_time (self->server, self->monotonic, self->wall);
}

void
world_set_wall (World *self, gint64 wall)
{
  self->wall = wall;
  th_turn_server_set_time (self->server, self->monotonic, self->wall);
}

ThTurnVerb
world_from_client (World *self, const ThTurnClient *client, gconstpointer bytes, gsize length)
{
  const guint8 *input = place_input (self, bytes, length);

  th_turn_server_from_client (self->server, client, input, length, &self->action);
  return take_output (self, client, length);
}

ThTurnVerb
world_from_peer (World *self,
                 ThRelayEnd *end,
                 const ThAddress *peer,
                 gconstpointer bytes,
                 gsize length)
{
  const guint8 *input = place_input (self, bytes, length);

  th_turn_server_from_peer (self->server, end, peer, input, length, &self->action);
  return take_output (self, NULL, length);
}

ThTurnVerb
world_from_icmp (World *self,
                 ThRelayEnd *end,
                 const ThAddress *peer,
                 guint8 type,
                 guint8 code,
                 guint32 data)
{
  place_input (self, NULL, 0);
  th_turn_server_from_icmp (self->server, end, peer, type, code, data, &self->action);
  return take_output (self, NULL, 0);
}

WorldHeard
world_heard (World *self)
{
  const guint8 *bytes = self->output->data;
  WorldHeard heard = { .kind = HEARD_NOTHING };

  if (self->action.verb != TH_TURN_TO_CLIENT)
    return heard;
  if ((bytes[0] & 0xC0) != 0x40)
    return take_apart_message (self);

  heard.kind = HEARD_CHANNEL;
  heard.channel = (guint16) (bytes[0] << 8 | bytes[1]);
  heard.length = (gsize) (bytes[2] << 8 | bytes[3]);
  heard.bytes = bytes + TH_CHANNEL_HEADER_SIZE;
  g_assert_cmpuint (self->output->len, ==,
                    TH_CHANNEL_HEADER_SIZE + heard.length + self->action.tail);
  return heard;
}

void
world_assert_sent (World *self, const ThAddress *peer, const char *text)
{
  g_assert_cmpint (self->action.verb, ==, TH_TURN_TO_PEER);
  g_assert_true (th_address_equal (&self->action.peer, peer));
  g_assert_cmpmem (self->output->data, self->output->len, text, strlen (text));
}

void
world_assert_heard (World *self, const ThAddress *peer, guint16 channel, const char *text)
{
  WorldHeard heard = world_heard (self);

  g_assert_cmpint (heard.kind, ==, channel != 0 ? HEARD_CHANNEL : HEARD_DATA);
  g_assert_cmphex (heard.channel, ==, channel);
  if (channel == 0)
    g_assert_true (th_address_equal (&heard.peer, peer));
  g_assert_cmpmem (heard.bytes, heard.length, text, strlen (text));
}

WorldSocket *
world_socket_at (World *self, const ThAddress *address)
{
  const WorldSocket wanted = { .address = *address };

  return g_hash_table_lookup (self->sockets, &wanted);
}

WorldSocket *
world_socket_behind (World *self, const ThAddress *relayed)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      WorldSocket *socket = key;

      if (socket->end != NULL && th_address_equal (&socket->end->relayed, relayed))
        return socket;
    }
  return NULL;
}
