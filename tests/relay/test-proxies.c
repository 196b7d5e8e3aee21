/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients that come through a proxy: they are who its header says, and nobody else is.
 */
#include "fixture.h"

#include <string.h>

#include "relay/connection.h"
#include "relay/proxies.h"

#define V2 "\r\n\r\n\0\r\nQUIT\n"
#define FROM_ALICE "PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r\n"
#define ALICE "192.0.2.1"

static void
set_up (Fixture *self, gconstpointer network)
{
  const char *const networks[] = { network, NULL };

  fixture_init (self, "127.0.0.1");
  fixture_listen_also (self, "::1");
  self->config->proxy_protocol_from = g_strdupv ((char **) networks);
  fixture_set_workers (self, 1);
  fixture_start (self);
}

/* @source: the client's address from here on; NULL: its own */
static Client *
come_through (const Fixture *self, const void *header, gsize length, const char *source)
{
  Client *client = client_new (TH_TRANSPORT_TCP, &self->address, "alice");

  if (source != NULL)
    g_assert_true (th_address_parse (&client->local, source, 4660));
  client_write (client, header, length);
  return client;
}

static Client *
come_through_line (const Fixture *self, const char *line, const char *source)
{
  return come_through (self, line, strlen (line), source);
}

static void
assert_sees (const Fixture *self, const void *header, gsize length, const char *source)
{
  g_autoptr (Client) client = come_through (self, header, length, source);

  g_assert_cmpuint (client_bind_test (client), ==, 0);
}

static void
test_client_has_the_address_told (Fixture *self, gconstpointer data)
{
  static const char tcp6[] = V2 "\x21\x21\0\x27" "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"
                                "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2\x12\x34\1\xbb" "\4\0\0";
  static const char tcp4[] = V2 "\x21\x11\0\x0c" "\xc0\0\2\1\xc6\x33\x64\2\x12\x34\1\xbb";

  assert_sees (self, FROM_ALICE, strlen (FROM_ALICE), ALICE);
  assert_sees (self, tcp4, sizeof tcp4 - 1, ALICE);
  assert_sees (self, tcp6, sizeof tcp6 - 1, "2001:db8::1");
}

static void
test_proxy_speaks_for_itself (Fixture *self, gconstpointer data)
{
  static const char local[] = V2 "\x20\0\0\0";

  assert_sees (self, "PROXY UNKNOWN\r\n", 15, NULL);
  assert_sees (self, local, sizeof local - 1, NULL);
}

static void
test_header_byte_by_byte (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = come_through_line (self, "", ALICE);

  for (const char *at = FROM_ALICE; *at != '\0'; at++)
    {
      client_write (client, at, 1);
      run_main_context ();
    }
  g_assert_cmpuint (client_bind_test (client), ==, 0);
}

static void
test_header_and_request_at_once (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (Packet) answer = NULL;

  client_begin (client, TH_STUN_REQUEST, TH_STUN_BINDING);
  g_byte_array_append (bytes, (const guint8 *) FROM_ALICE, strlen (FROM_ALICE));
  g_byte_array_append (bytes, client->out, (guint) th_stun_builder_end (&client->builder));
  client_write (client, bytes->data, bytes->len);
  answer = client_receive (client, PATIENCE / 1000);
  g_assert_nonnull (answer);
  g_assert_cmpint (answer->kind, ==, PACKET_ANSWER);
}

static void
test_session_has_the_address_told (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = come_through_line (self, FROM_ALICE, ALICE);

  g_assert_cmpuint (client_allocate (client), ==, 0);
  wait_until (fixture_look (self)->sessions == 1);
  g_assert_cmpstr (th_session_get_client (fixture_session (self, 0)), ==, ALICE ":4660");
}

/* A proxy may hand on a new connection of a client's before it ends the former. */
static void
test_same_address_twice_is_two_clients (Fixture *self, gconstpointer data)
{
  Client *former = come_through_line (self, FROM_ALICE, ALICE);
  g_autoptr (Client) latter = come_through_line (self, FROM_ALICE, ALICE);
  Peer peer;

  peer_open (&peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (former), ==, 0);
  g_assert_cmpuint (client_allocate (latter), ==, 0);
  g_assert_cmpuint (client_bind_channel (latter, 0x4001, &peer.address), ==, 0);
  client_free (former);
  wait_until (fixture_look (self)->sessions == 1);
  client_send_channel (latter, 0x4001, "still here", 10);
  peer_expect (&peer, "still here", NULL);
  peer_close (&peer);
}

static void
assert_closed_after (Fixture *self, const void *bytes, gsize length)
{
  g_autoptr (Client) client = come_through (self, bytes, length, NULL);

  client_expect_end (client);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_without_a_header_it_ends (Fixture *self, gconstpointer data)
{
  assert_closed_after (self, "\0\1\0\0\x21\x12\xa4\x42" "123456789012", 20);
  assert_closed_after (self, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11);
  assert_closed_after (self, "PROXY TCP4 here there 1 2\r\n", 27);
}

static void
test_second_header_ends_it (Fixture *self, gconstpointer data)
{
  assert_closed_after (self, FROM_ALICE FROM_ALICE, 2 * strlen (FROM_ALICE));
}

static void
test_end_within_the_header (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = come_through_line (self, "PROXY TCP4 192", NULL);

  g_assert_no_errno (shutdown (client->fd, SHUT_WR));
  client_expect_end (client);
  wait_until (fixture_look (self)->connections == 0);
}

static void
test_from_elsewhere_a_header_ends_it (Fixture *self, gconstpointer data)
{
  ThAddress elsewhere = fixture_address_on (self, "::1");
  g_autoptr (Client) honest = client_new (TH_TRANSPORT_TCP, &elsewhere, "alice");
  g_autoptr (Client) client = client_new (TH_TRANSPORT_TCP, &elsewhere, "alice");

  g_assert_cmpuint (client_bind_test (honest), ==, 0);
  client_write (client, FROM_ALICE, strlen (FROM_ALICE));
  client_expect_end (client);
}

static void
test_udp_goes_on_without (Fixture *self, gconstpointer data)
{
  g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

  g_assert_cmpuint (client_bind_test (client), ==, 0);
}

static void
test_relay_tells_whom_it_takes_for_proxies (Fixture *self, gconstpointer data)
{
  ThAddress elsewhere = fixture_address_on (self, "::1");

  g_assert_true (th_relay_expects_proxy_header (self->relay, &self->address));
  g_assert_false (th_relay_expects_proxy_header (self->relay, &elsewhere));
}

static void
test_patience (void)
{
  ThConnection connection = { .last_message = 1000, .awaits_proxy_header = TRUE };

  g_assert_false (th_connection_is_idle (&connection, 1000 + TH_CONNECTION_PROXY_PATIENCE));
  g_assert_true (th_connection_is_idle (&connection, 1001 + TH_CONNECTION_PROXY_PATIENCE));
}

static void
test_no_network (void)
{
  static const char *const texts[] = { "10.0.0.0/8", "everywhere", NULL };
  g_autoptr (GError) error = NULL;
  ThProxies proxies;
  ThAddress address;

  g_assert_true (th_address_parse (&address, "10.0.0.1", 0));
  g_assert_false (th_proxies_init (&proxies, texts, &error));
  g_assert_error (error, TH_CIDR_ERROR, TH_CIDR_ERROR_ADDRESS);
  g_assert_false (th_proxies_contain (&proxies, &address));
  g_assert_true (th_proxies_init (&proxies, NULL, NULL));
  g_assert_false (th_proxies_contain (&proxies, &address));
  th_proxies_clear (&proxies);
}

static const Case cases[] = {
  CASE ("client-has-the-address-told", test_client_has_the_address_told),
  CASE ("proxy-speaks-for-itself", test_proxy_speaks_for_itself),
  CASE ("header-byte-by-byte", test_header_byte_by_byte),
  CASE ("header-and-request-at-once", test_header_and_request_at_once),
  CASE ("session-has-the-address-told", test_session_has_the_address_told),
  CASE ("same-address-twice-is-two-clients", test_same_address_twice_is_two_clients),
  CASE ("without-a-header-it-ends", test_without_a_header_it_ends),
  CASE ("second-header-ends-it", test_second_header_ends_it),
  CASE ("end-within-the-header", test_end_within_the_header),
  CASE ("from-elsewhere-a-header-ends-it", test_from_elsewhere_a_header_ends_it),
  CASE ("udp-goes-on-without", test_udp_goes_on_without),
  CASE ("relay-tells-whom-it-takes-for-proxies", test_relay_tells_whom_it_takes_for_proxies),
};

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("/relay/proxies", cases, Fixture, "127.0.0.0/8", set_up, fixture_tear_down);
  g_test_add_func ("/relay/proxies/patience", test_patience);
  g_test_add_func ("/relay/proxies/no-network", test_no_network);
  return g_test_run ();
}
