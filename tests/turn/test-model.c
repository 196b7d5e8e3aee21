/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random lives of several clients, step by step against a plain model of the RFC: who may talk to
 * whom at what time, by which means, and what every counter must say in the end.
 */
#include <string.h>

#include "addresses.h"
#include "world-client.h"

#define N_CLIENTS 8
#define N_PORTS 6 /* fewer than clients; and one that ended is soon another's */
#define N_OUTSIDE 6
#define RELAY_HOST N_OUTSIDE /* the last host is the relay itself */
#define N_HOSTS (N_OUTSIDE + 1)
#define LIMIT 4 /* of permissions, and of channels */
#define N_STEPS 25000

typedef struct {
  guint16 number; /* 0: none */
  guint host;
  guint16 port;
  gint64 expires;
} ModelChannel;

typedef struct {
  gint64 ends; /* 0: no allocation */
  gint64 permitted_until[N_HOSTS];
  ModelChannel channels[LIMIT];
} ModelClient;

typedef struct {
  World *world;
  WorldClient *clients[N_CLIENTS];
  ModelClient plain[N_CLIENTS];
  ThTurnCounters expected;
  guint n_in; /* data packets that came in, from either side */
} Model;

typedef struct {
  guint host;
  guint16 port;
} Peer;

static guint
random_below (guint limit)
{
  return (guint) g_test_rand_int_range (0, (gint32) limit);
}

static ThAddress
host_address (const Model *self, const Peer *peer)
{
  const guint8 outside[] = { 9, 9, 9, (guint8) peer->host };
  ThAddress address = self->world->config->hosts[0].external;

  if (peer->host != RELAY_HOST)
    th_address_init_bytes (&address, TH_STUN_FAMILY_IPV4, outside, 0);
  th_address_set_port (&address, peer->port);
  return address;
}

/* Half of them outside, the others where some client's relayed address is or was. */
static Peer
random_peer (const Model *self)
{
  const WorldClient *client = self->clients[random_below (N_CLIENTS)];

  if (random_below (2) == 0 || !th_address_is_set (&client->relayed))
    return (Peer) { random_below (N_OUTSIDE), (guint16) (1000 + random_below (2)) };
  return (Peer) { RELAY_HOST, th_address_port (&client->relayed) };
}

static gboolean
is_alive (const Model *self, guint i)
{
  return self->plain[i].ends > self->world->monotonic;
}

/* The client that lives behind that port of the relay's, or N_CLIENTS. */
static guint
find_owner (const Model *self, guint16 port)
{
  for (guint i = 0; i < N_CLIENTS; i++)
    {
      if (is_alive (self, i) && th_address_port (&self->clients[i]->relayed) == port)
        return i;
    }
  return N_CLIENTS;
}

static gboolean
is_permitted (const Model *self, guint i, guint host)
{
  return self->plain[i].permitted_until[host] > self->world->monotonic;
}

static gboolean
is_reachable (const Model *self, const Peer *peer)
{
  return peer->host != RELAY_HOST || find_owner (self, peer->port) != N_CLIENTS;
}

static guint
count_permitted (const Model *self, guint i)
{
  guint count = 0;

  for (guint host = 0; host < N_HOSTS; host++)
    count += is_permitted (self, i, host);
  return count;
}

/* The live binding of that number (0: any) to that peer (NULL: any); NULL if there is none. */
static ModelChannel *
find_binding (Model *self, guint i, guint16 number, const Peer *peer)
{
  for (guint n = 0; n < LIMIT; n++)
    {
      ModelChannel *channel = &self->plain[i].channels[n];

      if (channel->expires > self->world->monotonic &&
          (number == 0 || channel->number == number) &&
          (peer == NULL || (channel->host == peer->host && channel->port == peer->port)))
        return channel;
    }
  return NULL;
}

static ModelChannel *
find_free_channel (Model *self, guint i)
{
  for (guint n = 0; n < LIMIT; n++)
    {
      if (self->plain[i].channels[n].expires <= self->world->monotonic)
        return &self->plain[i].channels[n];
    }
  return NULL;
}

/* ---- requests ---- */

static void
begin_life (Model *self, guint i, guint lifetime)
{
  /* Due at the first full second. */
  self->plain[i].ends = (self->world->monotonic + SECONDS (lifetime) + G_USEC_PER_SEC - 1) /
                        G_USEC_PER_SEC * G_USEC_PER_SEC;
}

static void
try_allocate (Model *self, guint i)
{
  guint n_alive = 0;
  int expected = 0;

  for (guint j = 0; j < N_CLIENTS; j++)
    n_alive += is_alive (self, j);
  if (is_alive (self, i))
    expected = TH_STUN_ALLOCATION_MISMATCH;
  else if (n_alive == N_PORTS)
    expected = TH_STUN_INSUFFICIENT_CAPACITY;

  g_assert_cmpint (client_allocate (self->clients[i]), ==, expected);
  if (expected == 0)
    {
      self->plain[i] = (ModelClient) { 0 };
      begin_life (self, i, 600);
      self->expected.allocations++;
    }
  self->expected.quota_refusals += expected == TH_STUN_INSUFFICIENT_CAPACITY;
}

static void
try_refresh (Model *self, guint i)
{
  guint lifetime = random_below (4) == 0 ? 0 : 1 + random_below (5000);
  gboolean alive = is_alive (self, i);

  g_assert_cmpint (client_refresh (self->clients[i], lifetime), ==,
                   alive ? 0 : TH_STUN_ALLOCATION_MISMATCH);
  if (!alive)
    return;
  if (lifetime == 0)
    self->plain[i].ends = 0;
  else
    begin_life (self, i, CLAMP (lifetime, 600, 3600));
}

static void
try_permit (Model *self, guint i)
{
  const Peer peers[] = { random_peer (self), random_peer (self) };
  WorldClient *client = self->clients[i];
  guint n_new = !is_permitted (self, i, peers[0].host);
  int expected = 0;

  if (peers[1].host != peers[0].host)
    n_new += !is_permitted (self, i, peers[1].host);
  if (!is_alive (self, i))
    expected = TH_STUN_ALLOCATION_MISMATCH;
  else if (count_permitted (self, i) + n_new > LIMIT)
    expected = TH_STUN_INSUFFICIENT_CAPACITY;

  client_begin (client, TH_STUN_CREATE_PERMISSION);
  for (guint n = 0; n < G_N_ELEMENTS (peers); n++)
    {
      ThAddress address = host_address (self, &peers[n]);

      th_stun_builder_add_xor_address (&client->builder, TH_STUN_XOR_PEER_ADDRESS, &address);
    }
  g_assert_cmpint (client_end (client), ==, expected);
  for (guint n = 0; n < G_N_ELEMENTS (peers) && expected == 0; n++)
    self->plain[i].permitted_until[peers[n].host] = self->world->monotonic + SECONDS (300);
}

static int
expect_binding (Model *self, guint i, guint16 number, const Peer *peer)
{
  ModelChannel *by_number = find_binding (self, i, number, NULL);
  ModelChannel *by_peer = find_binding (self, i, 0, peer);

  if (!is_alive (self, i))
    return TH_STUN_ALLOCATION_MISMATCH;
  if (!is_reachable (self, peer))
    return TH_STUN_FORBIDDEN;
  if (by_number != by_peer)
    return TH_STUN_BAD_REQUEST;
  if (by_number == NULL && find_free_channel (self, i) == NULL)
    return TH_STUN_INSUFFICIENT_CAPACITY;
  if (!is_permitted (self, i, peer->host) && count_permitted (self, i) == LIMIT)
    return TH_STUN_INSUFFICIENT_CAPACITY;
  return 0;
}

static void
try_bind (Model *self, guint i)
{
  Peer peer = random_peer (self);
  guint16 number = (guint16) (0x4000 + random_below (6));
  ThAddress address = host_address (self, &peer);
  ModelChannel *channel = find_binding (self, i, number, &peer);
  int expected = expect_binding (self, i, number, &peer);

  g_assert_cmpint (client_bind (self->clients[i], number, &address), ==, expected);
  self->expected.peers_refused += expected == TH_STUN_FORBIDDEN;
  if (expected != 0)
    return;
  if (channel == NULL)
    channel = find_free_channel (self, i);
  *channel = (ModelChannel) { number, peer.host, peer.port,
                              self->world->monotonic + SECONDS (600) };
  self->plain[i].permitted_until[peer.host] = self->world->monotonic + SECONDS (300);
}

/* ---- data ---- */

/* @text arrives for client @i from @peer: it must be told so, or not at all. */
static void
expect_heard (Model *self, guint i, const Peer *peer, const char *text)
{
  const ModelChannel *channel = find_binding (self, i, 0, peer);
  ThAddress address = host_address (self, peer);

  if (!is_permitted (self, i, peer->host))
    {
      g_assert_cmpint (self->world->action.verb, ==, TH_TURN_NOTHING);
      self->expected.dropped_no_permission++;
      return;
    }
  g_assert_cmpint (self->world->action.verb, ==, TH_TURN_TO_CLIENT);
  g_assert_true (self->world->action.client->path == self->clients[i]);
  world_assert_heard (self->world, &address, channel != NULL ? channel->number : 0, text);
  self->expected.packets_down++;
  self->expected.bytes_down += strlen (text);
}

/* @text was sent to @peer, which may be another client's relayed address. */
static void
expect_sent (Model *self, guint i, const Peer *peer, const char *text)
{
  const Peer sender = { RELAY_HOST, th_address_port (&self->clients[i]->relayed) };
  ThAddress address = host_address (self, peer);

  self->expected.packets_up++;
  self->expected.bytes_up += strlen (text);
  if (peer->host != RELAY_HOST)
    {
      world_assert_sent (self->world, &address, text);
      return;
    }
  self->n_in++; /* once more, at the other's relayed address */
  expect_heard (self, find_owner (self, peer->port), &sender, text);
}

static void
try_send (Model *self, guint i, const char *text)
{
  Peer peer = random_peer (self);
  ThAddress address = host_address (self, &peer);

  self->n_in++;
  client_send (self->clients[i], &address, text);
  if (is_alive (self, i) && is_permitted (self, i, peer.host) && is_reachable (self, &peer))
    {
      expect_sent (self, i, &peer, text);
      return;
    }
  g_assert_cmpint (self->world->action.verb, ==, TH_TURN_NOTHING);
  if (is_alive (self, i))
    self->expected.dropped_no_permission++;
  else
    self->expected.dropped_no_allocation++;
}

static void
try_send_channel (Model *self, guint i, const char *text)
{
  guint16 number = (guint16) (0x4000 + random_below (6));
  const ModelChannel *channel = find_binding (self, i, number, NULL);

  self->n_in++;
  client_send_channel (self->clients[i], number, text);
  if (is_alive (self, i) && channel != NULL && is_permitted (self, i, channel->host) &&
      is_reachable (self, &(Peer) { channel->host, channel->port }))
    {
      expect_sent (self, i, &(Peer) { channel->host, channel->port }, text);
      return;
    }
  g_assert_cmpint (self->world->action.verb, ==, TH_TURN_NOTHING);
  if (is_alive (self, i))
    self->expected.dropped_no_permission++;
  else
    self->expected.dropped_no_allocation++;
}

static void
try_hear (Model *self, guint i, const char *text)
{
  Peer peer = { random_below (N_OUTSIDE), (guint16) (1000 + random_below (3)) };
  ThAddress address = host_address (self, &peer);

  if (!is_alive (self, i))
    return;
  self->n_in++;
  client_hear (self->clients[i], &address, text);
  expect_heard (self, i, &peer, text);
}

static void
try_broken_frame (Model *self, guint i)
{
  self->n_in++;
  g_assert_cmpint (client_send_frame (self->clients[i], 0x4000, 10, "short", 5), ==,
                   TH_TURN_NOTHING);
  self->expected.malformed++;
}

/* ---- the whole ---- */

static void
take_step (Model *self)
{
  static const char text[] = "twenty characters...";
  const char *part = text + random_below (sizeof text);
  guint i = random_below (N_CLIENTS);
  guint kind = random_below (100);

  if (kind < 10)
    world_advance (self->world, random_below (SECONDS (random_below (10) == 0 ? 400 : 5)));
  else if (kind < 20)
    try_allocate (self, i);
  else if (kind < 25)
    try_refresh (self, i);
  else if (kind < 35)
    try_permit (self, i);
  else if (kind < 50)
    try_bind (self, i);
  else if (kind < 65)
    try_send (self, i, part);
  else if (kind < 85)
    try_send_channel (self, i, part);
  else if (kind < 99)
    try_hear (self, i, part);
  else
    try_broken_frame (self, i);
}

static void
expect_counters (Model *self)
{
  const ThTurnCounters *found = th_turn_server_get_counters (self->world->server);
  const ThTurnCounters *expected = &self->expected;

  g_assert_cmpuint (found->packets_up, ==, expected->packets_up);
  g_assert_cmpuint (found->bytes_up, ==, expected->bytes_up);
  g_assert_cmpuint (found->packets_down, ==, expected->packets_down);
  g_assert_cmpuint (found->bytes_down, ==, expected->bytes_down);
  g_assert_cmpuint (found->allocations, ==, expected->allocations);
  g_assert_cmpuint (found->quota_refusals, ==, expected->quota_refusals);
  g_assert_cmpuint (found->peers_refused, ==, expected->peers_refused);
  g_assert_cmpuint (found->malformed, ==, expected->malformed);
  g_assert_cmpuint (found->dropped_no_permission, ==, expected->dropped_no_permission);
  g_assert_cmpuint (found->dropped_no_allocation, ==, expected->dropped_no_allocation);
  g_assert_cmpuint (found->wrong_credentials, ==, 0);
  g_assert_cmpuint (found->challenges_withheld, ==, 0);
  g_assert_cmpuint (found->bindings, ==, 0);
}

/* No packet is lost without a word: what came in went out or was dropped for a cause. */
static void
expect_balance (Model *self)
{
  const ThTurnCounters *found = th_turn_server_get_counters (self->world->server);

  g_assert_cmpuint (self->n_in, ==,
                    found->packets_up + found->packets_down + found->malformed +
                        found->dropped_no_permission + found->dropped_no_allocation);
}

static void
test_random_lives (void)
{
  const WorldSetup setup = { .port_min = 50000, .port_max = 50000 + N_PORTS - 1,
                             .max_permissions = LIMIT };
  static Model model;
  guint n_alive = 0;

  memset (&model, 0, sizeof model);
  model.world = world_new (&setup);
  for (guint i = 0; i < N_CLIENTS; i++)
    model.clients[i] = client_new (model.world, i % 2 == 0 ? "ada" : "bob");

  for (guint step = 0; step < N_STEPS; step++)
    take_step (&model);
  expect_counters (&model);
  expect_balance (&model);
  g_test_message ("%u packets in, %" G_GUINT64_FORMAT " up, %" G_GUINT64_FORMAT " down; %"
                  G_GUINT64_FORMAT " allocations, %" G_GUINT64_FORMAT " refused for want of ports",
                  model.n_in, model.expected.packets_up, model.expected.packets_down,
                  model.expected.allocations, model.expected.quota_refusals);

  for (guint i = 0; i < N_CLIENTS; i++)
    n_alive += is_alive (&model, i);
  g_assert_cmpuint (th_turn_server_count (model.world->server), ==, n_alive);
  g_assert_cmpuint (g_hash_table_size (model.world->sockets), ==, n_alive);
  for (guint i = 0; i < N_CLIENTS; i++)
    client_free (model.clients[i]);
  world_free (model.world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/model/random-lives", test_random_lives);
  return g_test_run ();
}
