/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * NAT behaviour, found out with servers that answer as they would behind such a NAT: each kind of
 * mapping and filtering, by RFC 5780 and by comparing servers; with our own relay; and with servers
 * that lie, are silent or talk nonsense. Real NATs are tried in network namespaces.
 */
#include "ice/nat-behaviour.h"

#include <string.h>
#include <unistd.h>
#include <glib-unix.h>

#include "../relay/descriptors.h"
#include "stun/builder.h"
#include "stun/message.h"
#include "world.h"

#define CHANGE_HOST 0x4
#define CHANGE_PORT 0x2

/* Four sockets as a server with two addresses has them: bit 0 of their number is the host, bit 1
 * the port. */
typedef struct {
  Peer peers[4];
  guint sources[4];
  guint16 mapped[4];  /* the port that the NAT shows each; 0: the real one */
  gboolean silent[4];
  guint passes;       /* a bit for each change (>> 1) whose answer the NAT lets in */
  gboolean tells_other;
  ThAddress lie;      /* OTHER-ADDRESS, where set */
  guint n_questions;
} Nat;

static void
answer (Nat *self, guint asked, const ThStunMessage *request, const ThAddress *client)
{
  ThStunAttribute attribute;
  ThAddress mapped = *client;
  guint8 bytes[128];
  ThStunBuilder builder;
  guint32 change = 0;
  guint from;

  if (th_stun_message_find (request, TH_STUN_CHANGE_REQUEST, &attribute))
    th_stun_attribute_get_u32 (&attribute, &change);
  from = asked ^ (change & CHANGE_HOST ? 1 : 0) ^ (change & CHANGE_PORT ? 2 : 0);
  if (change != 0 && (self->passes & 1u << (change >> 1)) == 0)
    return;
  if (self->mapped[asked] != 0)
    th_address_set_port (&mapped, self->mapped[asked]);
  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_SUCCESS, TH_STUN_BINDING,
                        th_stun_message_transaction_id (request));
  th_stun_builder_add_xor_address (&builder, TH_STUN_XOR_MAPPED_ADDRESS, &mapped);
  if (self->tells_other)
    th_stun_builder_add_address (&builder, TH_STUN_OTHER_ADDRESS,
                                 th_address_is_set (&self->lie) ? &self->lie
                                                                : &self->peers[asked ^ 3].address);
  peer_send (&self->peers[from], client, bytes, th_stun_builder_end (&builder));
}

static gboolean
on_question (gint fd, GIOCondition condition, gpointer data)
{
  Nat *self = data;
  guint asked = 0;
  ThAddress client;
  g_autoptr (GBytes) bytes = NULL;
  ThStunMessage request;
  gsize length;
  gconstpointer start;

  while (self->peers[asked].fd != fd)
    asked++;
  bytes = peer_receive (&self->peers[asked], &client, 0);
  if (bytes == NULL)
    return G_SOURCE_CONTINUE;
  start = g_bytes_get_data (bytes, &length);
  g_assert_true (th_stun_message_parse (&request, start, length));
  self->n_questions++;
  if (!self->silent[asked])
    answer (self, asked, &request, &client);
  return G_SOURCE_CONTINUE;
}

static gboolean
is_free (const ThAddress *address)
{
  int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean bound = bind (fd, &address->any, th_address_size (address)) == 0;

  close (fd);
  return bound;
}

/* Two ports next to each other that are free on both hosts. */
static void
find_addresses (ThAddress *addresses)
{
  static const char *const hosts[] = { "127.0.0.1", "127.0.0.2" };
  gboolean all_free = FALSE;

  while (!all_free)
    {
      ThAddress free_one = free_address (hosts[0]);

      all_free = TRUE;
      for (guint i = 0; i < 4; i++)
        {
          g_assert_true (th_address_parse (&addresses[i], hosts[i & 1],
                                           th_address_port (&free_one) + (i >> 1)));
          all_free = all_free && is_free (&addresses[i]);
        }
    }
}

static void
nat_open (Nat *self)
{
  ThAddress addresses[4];

  *self = (Nat) { .lie = TH_ADDRESS_NONE };
  find_addresses (addresses);
  for (guint i = 0; i < G_N_ELEMENTS (self->peers); i++)
    {
      peer_open_at (&self->peers[i], &addresses[i]);
      self->sources[i] = g_unix_fd_add (self->peers[i].fd, G_IO_IN, on_question, self);
    }
}

static void
nat_close (Nat *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->peers); i++)
    {
      g_source_remove (self->sources[i]);
      peer_close (&self->peers[i]);
    }
}

typedef struct {
  ThNatBehaviour *behaviour;
  GError *error;
  gboolean done;
} Outcome;

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer data)
{
  Outcome *outcome = data;

  outcome->behaviour = th_nat_behaviour_discover_finish (result, &outcome->error);
  outcome->done = TRUE;
}

/* (transfer full) */
static ThNatBehaviour *
discover (GPtrArray *servers)
{
  Outcome outcome = { 0 };

  th_nat_behaviour_discover_async (servers, NULL, on_discovered, &outcome);
  wait_until (outcome.done);
  g_assert_no_error (outcome.error);
  return outcome.behaviour;
}

#define ALL_PASS (1u << 1 | 1u << 2 | 1u << 3)
#define PORT_PASSES (1u << 1)

typedef struct {
  const char *name;
  guint16 mapped[4];
  guint passes;
  ThIceNatKind mapping, filtering;
  const char *words; /* that the description has */
} Row;

static const Row rows[] = {
  { "no-nat-open", { 0, 0, 0, 0 }, ALL_PASS, TH_ICE_NAT_NONE, TH_ICE_NAT_ENDPOINT_INDEPENDENT,
    "anyone may send" },
  { "no-nat-firewall", { 0, 0, 0, 0 }, 0, TH_ICE_NAT_NONE, TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT,
    "firewall" },
  { "full-cone", { 7, 7, 7, 7 }, ALL_PASS, TH_ICE_NAT_ENDPOINT_INDEPENDENT,
    TH_ICE_NAT_ENDPOINT_INDEPENDENT, "almost everyone" },
  { "restricted-cone", { 7, 7, 7, 7 }, PORT_PASSES, TH_ICE_NAT_ENDPOINT_INDEPENDENT,
    TH_ICE_NAT_ADDRESS_DEPENDENT, "most others" },
  { "port-restricted-cone", { 7, 7, 7, 7 }, 0, TH_ICE_NAT_ENDPOINT_INDEPENDENT,
    TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT, "most others" },
  { "address-dependent", { 7, 8, 7, 8 }, 0, TH_ICE_NAT_ADDRESS_DEPENDENT,
    TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT, "a new port" },
  { "symmetric", { 7, 8, 9, 10 }, 0, TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT,
    TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT, "a new port" },
};

static void
test_kinds (gconstpointer data)
{
  const Row *row = data;
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;

  nat_open (&nat);
  nat.tells_other = TRUE;
  memcpy (nat.mapped, row->mapped, sizeof nat.mapped);
  nat.passes = row->passes;
  servers = list_of (silent_server (&nat.peers[0], "stun"), NULL, NULL, NULL);
  behaviour = discover (servers);
  g_assert_true (behaviour->answered);
  g_assert_true (behaviour->rfc5780);
  g_assert_cmpint (behaviour->mapping, ==, row->mapping);
  g_assert_cmpint (behaviour->filtering, ==, row->filtering);
  g_assert_nonnull (strstr (th_nat_behaviour_describe (behaviour), row->words));
  nat_close (&nat);
}

/* Without RFC 5780: what comparing two servers tells, at the sockets of these numbers. */
typedef struct {
  const char *name;
  guint16 mapped[4];
  guint servers[2];
  ThIceNatKind mapping;
} Comparison;

static const Comparison comparisons[] = {
  { "no-nat", { 0, 0, 0, 0 }, { 0, 1 }, TH_ICE_NAT_NONE },
  { "same-for-two-hosts", { 7, 7, 7, 7 }, { 0, 1 }, TH_ICE_NAT_ENDPOINT_INDEPENDENT },
  { "another-for-each-host", { 7, 8, 7, 8 }, { 0, 1 }, TH_ICE_NAT_ADDRESS_DEPENDENT },
  { "another-for-each-port", { 7, 8, 9, 10 }, { 0, 2 }, TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT },
  { "same-for-two-ports", { 7, 7, 7, 7 }, { 0, 2 }, TH_ICE_NAT_UNKNOWN },
};

static void
test_comparing (gconstpointer data)
{
  const Comparison *row = data;
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;

  nat_open (&nat);
  memcpy (nat.mapped, row->mapped, sizeof nat.mapped);
  servers = list_of (silent_server (&nat.peers[row->servers[0]], "stun"),
                     silent_server (&nat.peers[row->servers[1]], "turn"), NULL, NULL);
  behaviour = discover (servers);
  g_assert_true (behaviour->answered);
  g_assert_false (behaviour->rfc5780);
  g_assert_cmpint (behaviour->mapping, ==, row->mapping);
  g_assert_cmpint (behaviour->filtering, ==, TH_ICE_NAT_UNKNOWN);
  nat_close (&nat);
}

static void
test_one_server_with_one_address (void)
{
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;

  nat_open (&nat);
  nat.mapped[0] = 7;
  servers = list_of (silent_server (&nat.peers[0], "stun"), NULL, NULL, NULL);
  behaviour = discover (servers);
  g_assert_true (behaviour->answered);
  g_assert_cmpint (behaviour->mapping, ==, TH_ICE_NAT_UNKNOWN);
  g_assert_nonnull (strstr (th_nat_behaviour_describe (behaviour), "cannot be seen"));
  nat_close (&nat);
}

/* It names another address, where nobody is: silence from there proves nothing. */
static void
test_other_address_is_dead (void)
{
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;

  nat_open (&nat);
  nat.tells_other = TRUE;
  nat.mapped[0] = 7;
  nat.silent[1] = nat.silent[3] = TRUE;
  servers = list_of (silent_server (&nat.peers[0], "stun"), NULL, NULL, NULL);
  behaviour = discover (servers);
  g_assert_cmpint (behaviour->mapping, ==, TH_ICE_NAT_UNKNOWN);
  g_assert_cmpint (behaviour->filtering, ==, TH_ICE_NAT_UNKNOWN);
  nat_close (&nat);
}

/* Nobody is made to send to addresses that cannot be a server's other one. */
static void
test_lies_about_the_other (void)
{
  static const char *const lies[] = { "198.51.100.7", "0.0.0.0", "127.0.0.1", "::1" };

  for (guint i = 0; i < G_N_ELEMENTS (lies); i++)
    {
      Nat nat;
      g_autoptr (GPtrArray) servers = NULL;
      g_autofree ThNatBehaviour *behaviour = NULL;

      nat_open (&nat);
      nat.tells_other = TRUE;
      g_assert_true (th_address_parse (&nat.lie, lies[i], 4000));
      servers = list_of (silent_server (&nat.peers[0], "stun"), NULL, NULL, NULL);
      behaviour = discover (servers);
      g_assert_false (behaviour->rfc5780);
      g_assert_cmpuint (nat.n_questions, ==, 1);
      nat_close (&nat);
    }
}

static void
test_nobody_answers (void)
{
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;

  nat_open (&nat);
  nat.silent[0] = nat.silent[1] = nat.silent[2] = nat.silent[3] = TRUE;
  servers = list_of (silent_server (&nat.peers[0], "stun"), silent_server (&nat.peers[1], "stun"),
                     foreign_server ("stun:nowhere.invalid"), NULL);
  behaviour = discover (servers);
  g_assert_false (behaviour->answered);
  g_assert_cmpint (behaviour->mapping, ==, TH_ICE_NAT_UNKNOWN);
  g_assert_nonnull (strstr (th_nat_behaviour_describe (behaviour), "blocked"));
  g_assert_cmpuint (nat.n_questions, <=, 8);
  nat_close (&nat);
}

static void
test_no_servers (void)
{
  g_autoptr (GPtrArray) servers =
      list_of (foreign_server ("turn:127.0.0.1:9?transport=tcp"), NULL, NULL, NULL);
  g_autofree ThNatBehaviour *behaviour = discover (servers);

  g_assert_false (behaviour->answered);
}

/* A server in its own words: garbage, answers to other questions, errors. */
static gboolean
on_garbage (gint fd, GIOCondition condition, gpointer data)
{
  static const guint8 noise[] = { 1, 1, 0, 8, 0x21, 0x12, 0xA4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
                                  11, 12, 0, 0x20, 0, 4, 0, 0, 0, 0 };
  Peer *peer = data;
  ThAddress client;
  g_autoptr (GBytes) question = peer_receive (peer, &client, 0);

  for (gsize length = 0; question != NULL && length <= sizeof noise; length++)
    {
      guint8 bytes[sizeof noise];

      memcpy (bytes, noise, sizeof noise);
      if (length % 2 == 0) /* the right transaction, and nothing that belongs to it */
        memcpy (bytes + 8, (const guint8 *) g_bytes_get_data (question, NULL) + 8, 12);
      peer_send (peer, &client, bytes, length);
    }
  return G_SOURCE_CONTINUE;
}

static void
test_garbage (void)
{
  Peer peer;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;
  guint source;

  peer_open (&peer, "127.0.0.1");
  source = g_unix_fd_add (peer.fd, G_IO_IN, on_garbage, &peer);
  servers = list_of (silent_server (&peer, "stun"), NULL, NULL, NULL);
  behaviour = discover (servers);
  g_assert_false (behaviour->answered);
  g_source_remove (source);
  peer_close (&peer);
}

static void
test_cancelled_leaves_nothing (void)
{
  Nat nat;
  g_autoptr (GPtrArray) servers = NULL;
  guint before;

  nat_open (&nat);
  nat.tells_other = TRUE;
  nat.mapped[0] = 7;
  servers = list_of (silent_server (&nat.peers[0], "stun"), foreign_server ("stun:nowhere.invalid"),
                     NULL, NULL);
  before = count_descriptors ();
  for (guint round = 0; round < 30; round++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Outcome outcome = { 0 };

      if (round == 0)
        g_cancellable_cancel (cancellable);
      th_nat_behaviour_discover_async (servers, cancellable, on_discovered, &outcome);
      run_for (round * 3);
      g_cancellable_cancel (cancellable);
      wait_until (outcome.done);
      g_free (outcome.behaviour);
      g_clear_error (&outcome.error);
    }
  wait_until (count_descriptors () <= before + 1); /* the resolver's */
  nat_close (&nat);
}

/* Our own relay, from this machine: nothing stands between. */
static void
test_own_relay (gconstpointer hosts)
{
  Fixture relay;
  g_autoptr (GPtrArray) servers = NULL;
  g_autofree ThNatBehaviour *behaviour = NULL;
  gboolean two = GPOINTER_TO_INT (hosts) == 2;

  fixture_init (&relay, "127.0.0.1");
  if (two)
    fixture_listen_also (&relay, "127.0.0.2");
  fixture_start (&relay);
  servers = list_of (server_of (&relay, "udp"), NULL, NULL, NULL);
  behaviour = discover (servers);
  g_assert_true (behaviour->answered);
  g_assert_cmpint (behaviour->rfc5780, ==, two);
  g_assert_cmpint (behaviour->mapping, ==, TH_ICE_NAT_NONE);
  g_assert_cmpint (behaviour->filtering, ==,
                   two ? TH_ICE_NAT_ENDPOINT_INDEPENDENT : TH_ICE_NAT_UNKNOWN);
  fixture_tear_down (&relay, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ice/nat-behaviour/kinds/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_kinds);
    }
  for (guint i = 0; i < G_N_ELEMENTS (comparisons); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/ice/nat-behaviour/comparing/%s", comparisons[i].name);

      g_test_add_data_func (path, &comparisons[i], test_comparing);
    }
  g_test_add_func ("/ice/nat-behaviour/one-server-with-one-address",
                   test_one_server_with_one_address);
  g_test_add_func ("/ice/nat-behaviour/other-address-is-dead", test_other_address_is_dead);
  g_test_add_func ("/ice/nat-behaviour/lies-about-the-other", test_lies_about_the_other);
  g_test_add_func ("/ice/nat-behaviour/nobody-answers", test_nobody_answers);
  g_test_add_func ("/ice/nat-behaviour/no-servers", test_no_servers);
  g_test_add_func ("/ice/nat-behaviour/garbage", test_garbage);
  g_test_add_func ("/ice/nat-behaviour/cancelled-leaves-nothing", test_cancelled_leaves_nothing);
  g_test_add_data_func ("/ice/nat-behaviour/own-relay/one-address", GINT_TO_POINTER (1),
                        test_own_relay);
  g_test_add_data_func ("/ice/nat-behaviour/own-relay/two-addresses", GINT_TO_POINTER (2),
                        test_own_relay);
  return g_test_run ();
}
