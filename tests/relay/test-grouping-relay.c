/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole relay under bursts of any mix: channels and indications, UDP and TCP, runs and single
 * packets of any size, to peers and from one client to another, with bad input between them. All
 * arrives unchanged and in order, and the counters add up.
 */
#include "exchange.h"

#define BURSTS 15
#define RUNS 10 /* in each burst */

typedef struct {
  Fixture relay;
  Exchange exchange;
} Scene;

static void
set_up (Scene *self, gconstpointer workers)
{
  fixture_set_up_running (&self->relay, workers);
  exchange_init (&self->exchange, &self->relay);
}

static void
tear_down (Scene *self, gconstpointer workers)
{
  exchange_clear (&self->exchange);
  fixture_tear_down (&self->relay, NULL);
}

static void
send_bursts (Scene *self, guint bursts, guint runs)
{
  for (guint i = 0; i < bursts; i++)
    {
      exchange_send_burst (&self->exchange, runs);
      exchange_expect_all (&self->exchange);
    }
  exchange_check_counters (&self->exchange);
}

/* Four clients, three peers, and of each two what they have with each other. */
static void
test_peers (Scene *self, gconstpointer workers)
{
  static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3" };
  Exchange *exchange = &self->exchange;

  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    exchange_add_peer (exchange, hosts[i]);
  for (guint i = 0; i < 4; i++)
    {
      guint client = exchange_add_client (exchange, i == 3 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP);

      exchange_add_lane (exchange, client, 0, 0x4000);
      exchange_add_lane (exchange, client, 1, 0x7FF0);
      exchange_add_lane (exchange, client, 2, 0);
    }
  send_bursts (self, BURSTS, RUNS);
}

/* One client and one peer: long runs, to whom the relay may send in a way of its own. */
static void
test_one_peer (Scene *self, gconstpointer workers)
{
  Exchange *exchange = &self->exchange;

  exchange_add_lane (exchange, exchange_add_client (exchange, TH_TRANSPORT_UDP),
                     exchange_add_peer (exchange, "127.0.0.1"), 0x4000);
  send_bursts (self, BURSTS, RUNS);
}

/* So many sockets that have something at once as no batch takes in one go. */
static void
test_many_clients (Scene *self, gconstpointer workers)
{
  Exchange *exchange = &self->exchange;

  for (guint i = 0; i < 40; i++)
    exchange_add_lane (exchange, exchange_add_client (exchange, TH_TRANSPORT_UDP),
                       exchange_add_peer (exchange, "127.0.0.1"), 0x4000);
  send_bursts (self, 5, 100);
}

/* As many as certainly are on different workers, some of them, where there are several. */
static void
test_pairs (Scene *self, gconstpointer workers)
{
  Exchange *exchange = &self->exchange;

  for (guint i = 0; i < 10; i++)
    {
      ThTransport transport = i % 5 == 4 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP;
      guint one = exchange_add_client (exchange, TH_TRANSPORT_UDP);
      guint two = exchange_add_client (exchange, transport);

      exchange_add_pair (exchange, one, two, i % 2 == 0 ? 0x4000 : 0);
    }
  send_bursts (self, BURSTS, RUNS);
}

/* Everybody with everybody, peers too. */
static void
test_peers_and_pairs (Scene *self, gconstpointer workers)
{
  Exchange *exchange = &self->exchange;

  exchange_add_peer (exchange, "127.0.0.2");
  for (guint i = 0; i < 5; i++)
    {
      guint client = exchange_add_client (exchange, i == 2 ? TH_TRANSPORT_TCP : TH_TRANSPORT_UDP);

      exchange_add_lane (exchange, client, 0, 0x4000);
      for (guint other = 0; other < client; other++)
        exchange_add_pair (exchange, client, other,
                           (guint16) (client * other % 2 == 0 ? 0x4001 + client + 8 * other : 0));
    }
  send_bursts (self, BURSTS, RUNS);
}

static const Case cases[] = {
  CASE ("peers", test_peers),
  CASE ("one-peer", test_one_peer),
  CASE ("many-clients", test_many_clients),
  CASE ("pairs", test_pairs),
  CASE ("peers-and-pairs", test_peers_and_pairs),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Scene, GUINT_TO_POINTER (workers), set_up, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("/relay/grouping/relay/on-the-main-context", 0);
  add_tests ("/relay/grouping/relay/one-worker", 1);
  add_tests ("/relay/grouping/relay/two-workers", 2);
  return g_test_run ();
}
