/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A relay that listens on two addresses helps clients to find out how their NAT behaves (RFC 5780):
 * answers really come from the other address and port. With one address, or two that not everyone
 * reaches, nothing of the sort is offered.
 */
#include "fixture.h"
#include "relay/alternate-hosts.h"

#define CHANGE_HOST 0x4
#define CHANGE_PORT 0x2

#define OTHER_HOST "127.0.0.2"

typedef struct {
  Fixture base;
  Peer client;
} Discovery;

static void
start (Discovery *self, guint workers, const char *host, const char *other)
{
  fixture_init (&self->base, host);
  fixture_set_workers (&self->base, workers);
  if (other != NULL)
    fixture_listen_also (&self->base, other);
  fixture_start (&self->base);
  peer_open (&self->client, host);
}

static void
stop (Discovery *self)
{
  peer_close (&self->client);
  fixture_tear_down (&self->base, NULL);
}

/* Returns: (transfer full) (nullable): the answer; @from: where it came from */
static GBytes *
ask (Discovery *self, const ThAddress *server, guint32 change, guint milliseconds, ThAddress *from)
{
  guint8 bytes[64];
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_REQUEST, TH_STUN_BINDING,
                        (const guint8 *) "transaction.");
  if (change != 0)
    th_stun_builder_add_u32 (&builder, TH_STUN_CHANGE_REQUEST, change);
  peer_send (&self->client, server, bytes, th_stun_builder_end (&builder));
  return peer_receive (&self->client, from, milliseconds);
}

/* FALSE if the answer has none. */
static gboolean
read_address (GBytes *answer, guint16 type, ThAddress *address)
{
  ThStunMessage message;
  ThStunAttribute attribute;
  gsize length;
  const guint8 *bytes = g_bytes_get_data (answer, &length);

  g_assert_true (th_stun_message_parse (&message, bytes, length));
  g_assert_cmpint (message.class, ==, TH_STUN_SUCCESS);
  return th_stun_message_find (&message, type, &attribute) &&
         th_stun_attribute_get_address (&attribute, address);
}

static ThAddress
find_other (Discovery *self)
{
  ThAddress from, other;
  g_autoptr (GBytes) answer = ask (self, &self->base.address, 0, 5000, &from);

  g_assert_nonnull (answer);
  g_assert_true (th_address_equal (&from, &self->base.address));
  g_assert_true (read_address (answer, TH_STUN_OTHER_ADDRESS, &other));
  return other;
}

static void
assert_answers_from (Discovery *self, guint32 change, const ThAddress *expected)
{
  ThAddress from, origin;
  g_autoptr (GBytes) answer = ask (self, &self->base.address, change, 5000, &from);

  g_assert_nonnull (answer);
  g_assert_true (th_address_equal (&from, expected));
  g_assert_true (read_address (answer, TH_STUN_RESPONSE_ORIGIN, &origin));
  g_assert_true (th_address_equal (&origin, expected));
}

static void
check_two_hosts (guint workers, const char *host, const char *other_host)
{
  Discovery self;
  ThAddress other, from;
  ThAddress host_changed, port_changed;

  start (&self, workers, host, other_host);
  other = find_other (&self);
  host_changed = fixture_address_on (&self.base, other_host);
  g_assert_true (th_address_same_host (&other, &host_changed));
  g_assert_cmpuint (th_address_port (&other), >, self.base.config->port);
  port_changed = self.base.address;
  th_address_set_port (&port_changed, th_address_port (&other));

  assert_answers_from (&self, CHANGE_HOST | CHANGE_PORT, &other);
  assert_answers_from (&self, CHANGE_HOST, &host_changed);
  assert_answers_from (&self, CHANGE_PORT, &port_changed);
  g_bytes_unref (ask (&self, &other, 0, 5000, &from));
  g_assert_true (th_address_equal (&from, &other));
  stop (&self);
}

static void
test_answers_from_the_other (gconstpointer workers)
{
  check_two_hosts (GPOINTER_TO_UINT (workers), "127.0.0.1", OTHER_HOST);
}

static void
assert_offers_nothing (Discovery *self)
{
  ThAddress from, other;
  g_autoptr (GBytes) answer = ask (self, &self->base.address, 0, 5000, &from);

  g_assert_nonnull (answer);
  g_assert_false (read_address (answer, TH_STUN_OTHER_ADDRESS, &other));
  g_assert_false (read_address (answer, TH_STUN_RESPONSE_ORIGIN, &other));
}

static void
test_one_host_offers_nothing (void)
{
  Discovery self;

  start (&self, 1, "127.0.0.1", NULL);
  assert_offers_nothing (&self);
  stop (&self);
}

/* Which two of the listed hosts are taken; NULL: none. */
typedef struct {
  const char *listen[4];
  const char *mapped[3]; /* "external/internal" */
  const char *first, *second; /* as clients see them */
} Row;

static const Row rows[] = {
  { { "198.51.100.1" }, { NULL }, NULL, NULL },
  { { "20.0.0.1", "20.0.0.2" }, { NULL }, "20.0.0.1", "20.0.0.2" },
  { { "20.0.0.1", "20.0.0.1" }, { NULL }, NULL, NULL },
  { { "0.0.0.0", "20.0.0.1" }, { NULL }, NULL, NULL },
  { { "127.0.0.1", "20.0.0.1" }, { NULL }, NULL, NULL },
  { { "127.0.0.1", "20.0.0.1", "20.0.0.2" }, { NULL }, "20.0.0.1", "20.0.0.2" },
  { { "10.0.0.1", "20.0.0.1" }, { NULL }, NULL, NULL },
  { { "10.0.0.1", "10.0.0.2" }, { NULL }, "10.0.0.1", "10.0.0.2" },
  { { "20.0.0.1", "2a00::1" }, { NULL }, NULL, NULL },
  { { "10.0.0.1", "10.0.0.2" }, { "20.0.0.1/10.0.0.1", "20.0.0.2/10.0.0.2" }, "20.0.0.1",
    "20.0.0.2" },
  { { "10.0.0.1", "10.0.0.2" }, { "20.0.0.1/10.0.0.1", "20.0.0.1/10.0.0.2" }, NULL, NULL },
  { { "10.0.0.1", "10.0.0.2" }, { "20.0.0.1/10.0.0.1" }, NULL, NULL },
};

static void
fill_in (const Row *row, ThRelayConfig *config, ThTurnConfig *turn)
{
  config->listen = g_new (ThAddress, G_N_ELEMENTS (row->listen));
  for (; row->listen[config->n_listen] != NULL; config->n_listen++)
    g_assert_true (
        th_address_parse (&config->listen[config->n_listen], row->listen[config->n_listen], 0));
  turn->hosts = g_new (ThTurnHost, G_N_ELEMENTS (row->mapped));
  for (; row->mapped[turn->n_hosts] != NULL; turn->n_hosts++)
    {
      g_auto (GStrv) parts = g_strsplit (row->mapped[turn->n_hosts], "/", 2);

      g_assert_true (th_address_parse (&turn->hosts[turn->n_hosts].external, parts[0], 0));
      g_assert_true (th_address_parse (&turn->hosts[turn->n_hosts].internal, parts[1], 0));
    }
}

static void
test_two_of_one_kind (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ThRelayConfig) config = th_relay_config_new ();
  g_autoptr (ThTurnConfig) turn = th_turn_config_new ();
  ThAlternates alternates;
  char text[TH_ADDRESS_STRING_SIZE];

  fill_in (row, config, turn);
  g_assert_cmpint (th_alternate_hosts_choose (config, turn, FALSE, &alternates), ==,
                   row->first != NULL);
  if (row->first == NULL)
    return;
  g_assert_cmpstr (th_address_format_host (&alternates.external[0], text), ==, row->first);
  g_assert_cmpstr (th_address_format_host (&alternates.external[1], text), ==, row->second);
}

static void
test_second_port_avoids_others (void)
{
  static const guint16 extra[] = { 4001 }, own[] = { 4002 };
  g_autoptr (ThRelayConfig) config = th_relay_config_new ();

  config->port = 4000;
  config->extra_udp_ports = g_memdup2 (extra, sizeof extra);
  config->n_extra_udp_ports = 1;
  config->own_ports = g_memdup2 (own, sizeof own);
  config->n_own_ports = 1;
  g_assert_cmpuint (th_alternate_port (config, 1), ==, 0);
  g_assert_cmpuint (th_alternate_port (config, 2), ==, 0);
  g_assert_cmpuint (th_alternate_port (config, 3), ==, 4003);
  config->port = config->relay_port_min - 1;
  g_assert_cmpuint (th_alternate_port (config, 1), ==, 0);
  config->relay_port_max = 60000;
  config->port = 65535;
  g_assert_cmpuint (th_alternate_port (config, 1), ==, 0);
}

/* The port that comes first to mind is another program's: the next one serves as well. */
static void
test_taken_second_port (void)
{
  Discovery self;
  Peer squatter;
  ThAddress taken, other;

  fixture_init (&self.base, "127.0.0.1");
  fixture_listen_also (&self.base, OTHER_HOST);
  g_assert_true (th_address_parse (&taken, OTHER_HOST, self.base.config->port + 1));
  peer_open_at (&squatter, &taken);
  fixture_start (&self.base);
  peer_open (&self.client, "127.0.0.1");
  other = find_other (&self);
  g_assert_false (th_address_equal (&other, &taken));
  assert_answers_from (&self, CHANGE_HOST | CHANGE_PORT, &other);
  peer_close (&squatter);
  stop (&self);
}

/* The second port is this program's own: no client may have the relay send there. */
static void
test_second_port_is_no_peer (void)
{
  Discovery self;
  ThAddress other;
  g_autoptr (Client) client = NULL;

  start (&self, 1, "127.0.0.1", OTHER_HOST);
  other = find_other (&self);
  client = client_new (TH_TRANSPORT_UDP, &self.base.address, "ada");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_cmpuint (client_bind_channel (client, 0x4000, &other), ==, TH_STUN_FORBIDDEN);
  th_address_set_port (&other, th_address_port (&other) + 1000);
  g_assert_cmpuint (client_bind_channel (client, 0x4001, &other), ==, 0);
  g_clear_pointer (&client, client_free);
  stop (&self);
}

/* Rules that change meanwhile leave it as it is. */
static void
test_stays_when_rules_change (void)
{
  Discovery self;
  ThAddress other;

  start (&self, 1, "127.0.0.1", OTHER_HOST);
  other = find_other (&self);
  g_assert_true (th_relay_set_rules (self.base.relay, self.base.config, NULL));
  run_for (50);
  assert_answers_from (&self, CHANGE_HOST | CHANGE_PORT, &other);
  stop (&self);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/relay/alternates/answers-from-the-other/one-worker", GUINT_TO_POINTER (1),
                        test_answers_from_the_other);
  g_test_add_data_func ("/relay/alternates/answers-from-the-other/four-workers",
                        GUINT_TO_POINTER (4), test_answers_from_the_other);
  g_test_add_data_func ("/relay/alternates/answers-from-the-other/main-context",
                        GUINT_TO_POINTER (0), test_answers_from_the_other);
  g_test_add_func ("/relay/alternates/one-host-offers-nothing", test_one_host_offers_nothing);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path = g_strdup_printf ("/relay/alternates/two-of-one-kind/%u", i);

      g_test_add_data_func (path, &rows[i], test_two_of_one_kind);
    }
  g_test_add_func ("/relay/alternates/second-port-avoids-others", test_second_port_avoids_others);
  g_test_add_func ("/relay/alternates/taken-second-port", test_taken_second_port);
  g_test_add_func ("/relay/alternates/second-port-is-no-peer", test_second_port_is_no_peer);
  g_test_add_func ("/relay/alternates/stays-when-rules-change", test_stays_when_rules_change);
  return g_test_run ();
}
