/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the endpoint listens: every address it was told or none, with an error that says why.
 */
#include "fixture.h"

#include <unistd.h>

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/listening/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

static void
set_listen (Fixture *fixture, const char *addresses)
{
  g_strfreev (fixture->config->listen);
  fixture->config->listen = g_strsplit (addresses, " ", -1);
}

static void
try_to_start (Fixture *fixture, guint16 port, GError **error)
{
  const ThEndpointBackend backend = { 0 };

  fixture->config->port = port;
  fixture->endpoint = th_endpoint_new (fixture->config, &backend, NULL);
  g_assert_false (th_endpoint_start (fixture->endpoint, error));
  g_assert_cmpuint (th_endpoint_get_port (fixture->endpoint), ==, 0);
}

static void
test_port_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketListener) other = g_socket_listener_new ();
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) taken = NULL;

  g_socket_listener_add_address (other, any, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL,
                                 &taken, NULL);
  try_to_start (fixture, g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (taken)), &error);
  g_assert_error (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_IN_USE);
}

static void
test_address_gone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_listen (fixture, "127.0.0.1 192.0.2.77");
  try_to_start (fixture, 0, &error);
  g_assert_error (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_ADDRESS);
  g_assert_nonnull (strstr (error->message, "192.0.2.77"));
}

static void
test_name_for_address (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  set_listen (fixture, "localhost");
  try_to_start (fixture, 0, &error);
  g_assert_error (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_ADDRESS);
}

static void
test_low_port (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *first = NULL;

  g_file_get_contents ("/proc/sys/net/ipv4/ip_unprivileged_port_start", &first, NULL, NULL);
  if (geteuid () == 0 || first == NULL || g_ascii_strtoull (first, NULL, 10) <= 81)
    {
      g_test_skip ("this user may take low ports");
      return;
    }
  try_to_start (fixture, 81, &error);
  g_assert_error (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_PORT_FORBIDDEN);
}

static void
test_both_families (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  const char *hosts[] = { "127.0.0.1", "::1" };

  set_listen (fixture, ""); /* everywhere */
  fixture_start (fixture);
  if (!g_file_test ("/proc/net/if_inet6", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("no IPv6 here");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autoptr (GSocketConnection) connection =
          g_socket_client_connect_to_host (client, hosts[i], fixture->port, NULL, &error);
      g_assert_no_error (error);
    }
}

static void
test_start_again (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_start (fixture);
  th_endpoint_stop (fixture->endpoint);
  th_endpoint_stop (fixture->endpoint);
  g_assert_true (th_endpoint_start (fixture->endpoint, &error));
  fixture->port = th_endpoint_get_port (fixture->endpoint);

  g_autoptr (Reply) reply = fixture_request (fixture, "GET /healthz", "", NULL);
  g_assert_cmpuint (reply->status, ==, 200);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("port-taken", test_port_taken);
  add ("address-gone", test_address_gone);
  add ("name-for-an-address", test_name_for_address);
  add ("low-port-forbidden", test_low_port);
  add ("everywhere-is-both-families", test_both_families);
  add ("start-again-after-stop", test_start_again);
  return g_test_run ();
}
