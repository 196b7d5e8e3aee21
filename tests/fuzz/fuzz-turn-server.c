/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes a whole TURN server: the input is a course of events (time, datagrams of clients and of
 * peers, ICMP errors, failing sockets), each a byte that says what and for whom, and what it needs.
 * Datagrams come as they are, or are signed with the client's password so that they reach the
 * handlers. What the server says is checked for form by the simulated world that the tests use.
 */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "stun/bytes.h"
#include "turn/allocation.h"
#include "world-client.h"

#define N_CLIENTS 4
#define N_EVENTS_MAX 200

/* Events: the low three bits of their byte; then two bits of client, and three for details. */
enum {
  EVENT_TIME,
  EVENT_DATAGRAM,
  EVENT_MESSAGE,
  EVENT_FRAME,
  EVENT_FROM_PEER,
  EVENT_ICMP,
  EVENT_FATE,
  EVENT_REPETITION,
};

/* What a message is to be, beside its method and attributes. */
enum {
  OPTION_FINGERPRINT = 1 << 0,
  OPTION_SHA256 = 1 << 1,
  OPTION_ALGORITHM = 3 << 2,
  OPTION_TOKEN = 1 << 4, /* with the last RESERVATION-TOKEN that was given */
  OPTION_WRONG_PASSWORD = 1 << 5,
  OPTION_OTHER_USER = 1 << 6,
  OPTION_INDICATION = 1 << 7,
};

typedef struct {
  const guint8 *bytes;
  gsize left;
} Input;

typedef struct {
  World *world;
  WorldClient *clients[N_CLIENTS];
  guint8 token[8];
} Fuzz;

static guint8
next_byte (Input *input)
{
  if (input->left == 0)
    return 0;
  input->left--;
  return *input->bytes++;
}

static guint16
next_u16 (Input *input)
{
  guint8 high = next_byte (input);

  return (guint16) (high << 8 | next_byte (input));
}

/* At most as much as is left. */
static const guint8 *
next_bytes (Input *input, gsize *length)
{
  const guint8 *bytes = input->bytes;

  *length = MIN (*length, input->left);
  input->bytes += *length;
  input->left -= *length;
  return bytes;
}

/* Peers of every kind; the relayed addresses of clients among them. */
static ThAddress
choose_peer (Fuzz *self, guint choice)
{
  static const char *const hosts[] = { "8.8.4.4",   "8.8.8.8", "2a00::1",          "10.0.0.1",
                                       "127.0.0.1", "::1",     "64:ff9b::8.8.4.4", WORLD_IPV4 };
  ThAddress peer;

  if (choice % 16 >= 8 && th_address_is_set (&self->clients[choice % N_CLIENTS]->relayed))
    return self->clients[choice % N_CLIENTS]->relayed;
  g_assert_true (th_address_parse (&peer, hosts[choice % 8], (guint16) (1000 + choice / 128)));
  return peer;
}

static ThRelayEnd *
find_end (Fuzz *self, const WorldClient *client, gboolean ipv6)
{
  GHashTableIter iter;
  gpointer key;

  g_hash_table_iter_init (&iter, self->world->sockets);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      ThRelayEnd *end = ((WorldSocket *) key)->end;

      if (end != NULL && end->allocation->client.path == client &&
          (end->family == TH_STUN_FAMILY_IPV6) == ipv6)
        return end;
    }
  return NULL;
}

static void
pass_time (Fuzz *self, Input *input, guint details)
{
  gint64 unit = details < 4 ? 1000 : G_USEC_PER_SEC;

  world_advance (self->world, next_u16 (input) * unit);
}

/* Nothing that comes unsigned may change what is there. */
static void
bring_datagram (Fuzz *self, WorldClient *client, Input *input)
{
  gsize length = next_u16 (input);
  const guint8 *bytes = next_bytes (input, &length);
  guint n_allocations = th_turn_server_count (self->world->server);
  guint n_sockets = g_hash_table_size (self->world->sockets);

  world_from_client (self->world, &client->tuple, bytes, length);
  g_assert_cmpuint (th_turn_server_count (self->world->server), ==, n_allocations);
  g_assert_cmpuint (g_hash_table_size (self->world->sockets), ==, n_sockets);
}

static void
add_attributes (Fuzz *self, WorldClient *client, Input *input, guint8 options, guint peer_choice)
{
  ThAddress peer = choose_peer (self, peer_choice);
  gsize length = next_byte (input);
  const guint8 *bytes = next_bytes (input, &length);

  if (peer_choice != 0)
    th_stun_builder_add_xor_address (&client->builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
  if (options & OPTION_TOKEN)
    th_stun_builder_add_bytes (&client->builder, TH_STUN_RESERVATION_TOKEN, self->token,
                               sizeof self->token);
  length = length / 4 * 4;
  if (length > 0)
    memcpy (client->request + client->builder.length, bytes, length);
  client->builder.length += length;
  th_write_u16 (client->request + 2, (guint16) (client->builder.length - TH_STUN_HEADER_SIZE));
}

static void
note_answer (Fuzz *self, WorldClient *client)
{
  ThStunAttribute token;

  if (client->message.method != TH_STUN_ALLOCATE)
    return;
  client->relayed = client_answer_address (client, TH_STUN_XOR_RELAYED_ADDRESS);
  if (!client_answer_has (client, TH_STUN_RESERVATION_TOKEN))
    return;
  token = client_answer_get (client, TH_STUN_RESERVATION_TOKEN);
  memcpy (self->token, token.value, sizeof self->token);
}

static void
set_identity (Fuzz *self, WorldClient *client, guint8 options)
{
  gboolean is_bob = (client == self->clients[1]) != ((options & OPTION_OTHER_USER) != 0);

  client->user = is_bob ? "bob" : "ada";
  client->password = is_bob ? "ross" : "lovelace";
  if (options & OPTION_WRONG_PASSWORD)
    client->password = "guess";
  client->fingerprint = (options & OPTION_FINGERPRINT) != 0;
  client->sha256 = (options & OPTION_SHA256) != 0;
  client->algorithm = (options & OPTION_ALGORITHM) >> 2;
}

/* A message of the fuzzer's making with names and proof of ours. */
static void
bring_message (Fuzz *self, WorldClient *client, Input *input)
{
  guint8 head = next_byte (input), options = next_byte (input);

  set_identity (self, client, options);
  client_begin (client, head & 15);
  add_attributes (self, client, input, options, head >> 4);
  if (options & OPTION_INDICATION)
    {
      client->request[1] |= 0x10;
      world_from_client (self->world, &client->tuple, client->request,
                         th_stun_builder_end (&client->builder));
      return;
    }
  client_renew_nonce (client);
  client_add_names (client);
  client_add_proof (client);
  if (client_exchange (client) == 0)
    note_answer (self, client);
}

static void
bring_frame (Fuzz *self, WorldClient *client, Input *input, guint details)
{
  guint16 said_length = next_byte (input);
  gsize length = said_length + details - 3;
  const guint8 *bytes;

  if (length > G_MAXUINT16)
    length = 0;
  bytes = next_bytes (input, &length);
  client_send_frame (client, (guint16) (0x4000 + next_byte (input) % 4), said_length, bytes,
                     length);
}

static void
bring_from_peer (Fuzz *self, WorldClient *client, Input *input, guint details)
{
  ThRelayEnd *end = find_end (self, client, details & 1);
  ThAddress peer = choose_peer (self, next_byte (input));
  gsize length = (gsize) next_byte (input) << details;
  const guint8 *bytes = next_bytes (input, &length);

  if (end != NULL && th_address_family (&peer) == end->family)
    world_from_peer (self->world, end, &peer, bytes, length);
}

static void
bring_icmp (Fuzz *self, WorldClient *client, Input *input, guint details)
{
  ThRelayEnd *end = find_end (self, client, details & 1);
  ThAddress peer = choose_peer (self, next_byte (input));
  guint8 type = next_byte (input), code = next_byte (input);
  guint32 data = next_u16 (input);

  if (end != NULL && th_address_family (&peer) == end->family)
    world_from_icmp (self->world, end, &peer, type, code, data);
}

static gboolean
is_of_user (const ThTurnRecord *record, gconstpointer user)
{
  return g_str_equal (record->user, user);
}

static void
befall (Fuzz *self, WorldClient *client, Input *input, guint details)
{
  static const WorldUser users[] = {
    { .name = "ada", .password = "lovelace", .secret = 2, .expires_at = 1700002000 },
    { .name = "ada", .password = "other" },
    { .name = "bob", .password = "ross", .secret = 3 },
  };
  World *world = self->world;

  switch (details)
    {
    case 0:
      th_turn_server_client_gone (world->server, &client->tuple);
      break;
    case 1:
    case 2:
      world->open_error = details == 1 ? EADDRINUSE : EMFILE;
      world->open_failures = next_byte (input);
      break;
    case 3:
      world->odd_ports_fail = !world->odd_ports_fail;
      break;
    case 4:
      world_set_users (world, users, next_byte (input) % (G_N_ELEMENTS (users) + 1));
      break;
    case 5:
      th_turn_server_end_sessions (world->server, is_of_user, client->user);
      break;
    case 6:
      world_set_wall (world, next_u16 (input) * G_GINT64_CONSTANT (100000));
      break;
    default:
      break;
    }
}

static void
take_event (Fuzz *self, Input *input)
{
  guint8 event = next_byte (input);
  WorldClient *client = self->clients[event >> 3 & 3];
  guint details = event >> 5;

  switch (event & 7)
    {
    case EVENT_TIME:
      pass_time (self, input, details);
      break;
    case EVENT_DATAGRAM:
      bring_datagram (self, client, input);
      break;
    case EVENT_MESSAGE:
      bring_message (self, client, input);
      break;
    case EVENT_FRAME:
      bring_frame (self, client, input, details);
      break;
    case EVENT_FROM_PEER:
      bring_from_peer (self, client, input, details);
      break;
    case EVENT_ICMP:
      bring_icmp (self, client, input, details);
      break;
    case EVENT_FATE:
      befall (self, client, input, details);
      break;
    case EVENT_REPETITION:
    default:
      if (client->request_length > 0)
        client_repeat (client);
      break;
    }
}

/* Two over UDP, one over TCP, one over IPv6; ada's but the second. */
static void
set_up (Fuzz *self)
{
  static const WorldSetup setup = { .port_min = 50000, .port_max = 50015, .max_permissions = 3,
                                    .max_reservations = 2, .user_quota = 2, .capacity = 3,
                                    .strict_expiry = TRUE, .software = "fuzzed",
                                    .mobility = TRUE, .tcp_relay = TRUE,
                                    .other_host = "198.51.100.2" };

  self->world = world_new (&setup);
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      self->clients[i] = client_new (self->world, i == 1 ? "bob" : "ada");
      g_assert_true (th_address_parse (&self->clients[i]->tuple.address,
                                       i == 3 ? "2a00::5" : "20.0.0.1", (guint16) (1000 + i)));
    }
  self->clients[2]->tuple.transport = TH_TRANSPORT_TCP;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  Input input = { data, size };
  Fuzz fuzz = { 0 };

  set_up (&fuzz);
  for (guint i = 0; i < N_EVENTS_MAX && input.left > 0; i++)
    {
      take_event (&fuzz, &input);
      world_heard (fuzz.world);
      g_assert_cmpuint (th_turn_server_count (fuzz.world->server), <=, 3);
      g_assert_cmpuint (g_hash_table_size (fuzz.world->sockets), <=, 2 * 3 + 2);
    }
  for (guint i = 0; i < N_CLIENTS; i++)
    client_free (fuzz.clients[i]);
  world_free (fuzz.world);
  return 0;
}
