/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Starting and stopping: what happens where ports are taken, that nothing is left behind, and
 * orders to a relay that runs.
 */
#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "descriptors.h"
#include "fixture.h"
#include "turn/peer-policy.h"

static void
count_notice (guint *count)
{
  (*count)++;
}

static void
test_running (Fixture *self, gconstpointer data)
{
  guint notices = 0;
  gboolean running;

  g_signal_connect_swapped (self->relay, "notify::running", G_CALLBACK (count_notice), &notices);
  g_assert_false (th_relay_is_running (self->relay));
  fixture_start (self);
  g_object_get (self->relay, "running", &running, NULL);
  g_assert_true (running);
  g_assert_true (th_relay_is_running (self->relay));
  g_assert_cmpuint (notices, ==, 1);

  th_relay_stop (self->relay);
  g_assert_false (th_relay_is_running (self->relay));
  g_assert_cmpuint (notices, ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (th_relay_get_listeners (self->relay)), ==, 0);
  th_relay_stop (self->relay);
  g_assert_cmpuint (notices, ==, 2);
}

/* ---- listeners ---- */

static ThListenerInfo *
listener (Fixture *self, guint position)
{
  ThListenerInfo *info = g_list_model_get_item (th_relay_get_listeners (self->relay), position);

  g_assert_nonnull (info);
  return info;
}

static gboolean
start (Fixture *self, GError **error)
{
  g_autoptr (ThTurnAuthenticator) authenticator = authenticator_new ("-secret");

  return th_relay_start (self->relay, self->config, authenticator, error);
}

static void
test_listener_facts (Fixture *self, gconstpointer data)
{
  g_autoptr (ThListenerInfo) udp = NULL;
  g_autoptr (ThListenerInfo) tcp = NULL;
  g_autofree char *problem = NULL;
  gboolean bound;

  fixture_start (self);
  g_assert_cmpuint (g_list_model_get_n_items (th_relay_get_listeners (self->relay)), ==, 2);
  udp = listener (self, 0);
  tcp = listener (self, 1);
  g_assert_cmpstr (th_listener_info_get_transport (udp), ==, "UDP");
  g_assert_cmpstr (th_listener_info_get_transport (tcp), ==, "TCP");
  g_assert_cmpstr (th_listener_info_get_address (udp), ==, "127.0.0.1");
  g_assert_cmpuint (th_listener_info_get_family (udp), ==, 4);
  g_assert_cmpuint (th_listener_info_get_port (udp), ==, self->config->port);
  g_object_get (tcp, "bound", &bound, "problem", &problem, NULL);
  g_assert_true (bound);
  g_assert_null (problem);
}

static void
test_one_port_is_taken (Fixture *self, gconstpointer workers)
{
  g_autoptr (ThListenerInfo) udp = NULL;
  g_autoptr (ThListenerInfo) tcp = NULL;
  g_autoptr (Client) client = NULL;
  g_autoptr (GError) error = NULL;
  ThAddress address = free_address ("127.0.0.1");
  Peer occupant;

  peer_open_at (&occupant, &address);
  self->config->port = th_address_port (&address);
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  g_assert_true (start (self, &error));
  g_assert_no_error (error);

  udp = listener (self, 0);
  g_assert_false (th_listener_info_is_bound (udp));
  g_assert_cmpint (th_listener_info_get_error_number (udp), ==, EADDRINUSE);
  g_assert_cmpstr (th_listener_info_get_problem (udp), ==, g_strerror (EADDRINUSE));
  tcp = listener (self, 1);
  g_assert_true (th_listener_info_is_bound (tcp));

  client = client_new (TH_TRANSPORT_TCP, &address, "alice");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  peer_close (&occupant);
}

static void
test_nothing_can_be_bound (Fixture *self, gconstpointer workers)
{
  g_autoptr (ThListenerInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  self->config->n_listen = 0;
  fixture_listen_also (self, "192.0.2.1"); /* of nobody (RFC 5737) */
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  g_assert_false (start (self, &error));
  g_assert_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER);
  g_assert_false (th_relay_is_running (self->relay));

  /* What went wrong with each stays to be shown. */
  g_assert_cmpuint (g_list_model_get_n_items (th_relay_get_listeners (self->relay)), ==, 2);
  info = listener (self, 0);
  g_assert_cmpint (th_listener_info_get_error_number (info), ==, EADDRNOTAVAIL);

  self->config->n_listen = 0;
  fixture_listen_also (self, "127.0.0.1");
  fixture_start (self);
}

static void
test_everything_is_off (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  self->config->port = 0;
  g_assert_false (start (self, &error));
  g_assert_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER);
}

/* In a network namespace where not even loopback is up; where that can be had. */
static void
test_no_address_to_relay_from (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!g_test_subprocess ())
    {
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }
  if (unshare (CLONE_NEWNET) != 0 && unshare (CLONE_NEWUSER | CLONE_NEWNET) != 0)
    return;
  self->config->n_listen = 0;
  g_assert_false (start (self, &error));
  g_assert_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_ADDRESS);
}

static void
test_bad_peer_rule (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_strfreev (self->config->deny_peers);
  self->config->deny_peers = g_strsplit ("10.0.0.0/40", ",", -1);
  g_assert_false (start (self, &error));
  g_assert_error (error, TH_PEER_POLICY_ERROR, TH_PEER_POLICY_ERROR_DENY);
}

static void
test_extra_udp_ports (Fixture *self, gconstpointer data)
{
  ThAddress extra = free_address ("127.0.0.1");
  g_autoptr (Client) client = NULL;
  g_autoptr (ThListenerInfo) info = NULL;

  self->config->extra_udp_ports = g_new (guint16, 1);
  self->config->extra_udp_ports[0] = th_address_port (&extra);
  self->config->n_extra_udp_ports = 1;
  fixture_start (self);
  info = listener (self, 2);
  g_assert_cmpuint (th_listener_info_get_port (info), ==, th_address_port (&extra));
  client = client_new (TH_TRANSPORT_UDP, &extra, "alice");
  g_assert_cmpuint (client_allocate (client), ==, 0);
}

static void
test_two_relays_on_one_port (Fixture *self, gconstpointer workers)
{
  g_autoptr (ThTurnAuthenticator) authenticator = authenticator_new ("-secret");
  g_autoptr (ThRelay) other = th_relay_new ();
  g_autoptr (GError) error = NULL;

  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
  g_assert_false (th_relay_start (other, self->config, authenticator, &error));
  g_assert_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_LISTENER);
}

/* ---- nothing is left behind ---- */

static void
use_a_little (Fixture *self)
{
  g_autoptr (Client) udp = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  g_autoptr (Client) tcp = client_new (TH_TRANSPORT_TCP, &self->address, "bob");

  g_assert_cmpuint (client_allocate (udp), ==, 0);
  g_assert_cmpuint (client_allocate (tcp), ==, 0);
  th_relay_stop (self->relay); /* while they live */
}

static void
test_start_and_stop_100_times (Fixture *self, gconstpointer workers)
{
  guint descriptors, threads;

  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self); /* GLib may start something of its own the first time */
  use_a_little (self);
  descriptors = count_descriptors ();
  threads = count_threads ();
  for (guint i = 0; i < 100; i++)
    {
      fixture_start (self);
      if (i % 10 == 0)
        use_a_little (self);
      else
        th_relay_stop (self->relay);
    }
  g_assert_cmpuint (count_descriptors (), ==, descriptors);
  wait_until (count_threads () == threads); /* the kernel may be a moment late */
}

/* A failed start leaves as little behind as a stop. */
static void
test_fail_to_start_20_times (Fixture *self, gconstpointer data)
{
  guint descriptors, threads;

  self->config->port = 0;
  fixture_set_workers (self, 3);
  g_assert_false (start (self, NULL));
  descriptors = count_descriptors ();
  threads = count_threads ();
  for (guint i = 0; i < 20; i++)
    g_assert_false (start (self, NULL));
  g_assert_cmpuint (count_descriptors (), ==, descriptors);
  wait_until (count_threads () == threads);
}

/* Enough descriptors for a few of the workers, or a few listeners, but not for all. */
static void
fail_to_start_without_descriptors (Fixture *self)
{
  guint descriptors = count_descriptors ();
  int spare[5];

  fixture_set_workers (self, 3);
  limit_descriptors_for_good (G_N_ELEMENTS (spare));
  for (guint n = 0; n < G_N_ELEMENTS (spare); n++)
    {
      g_autoptr (GError) error = NULL;

      for (guint i = n; i < G_N_ELEMENTS (spare); i++)
        spare[i] = dup (STDERR_FILENO);
      g_assert_false (start (self, &error));
      g_assert_nonnull (error);
      for (guint i = n; i < G_N_ELEMENTS (spare); i++)
        close (spare[i]);
      g_assert_cmpuint (count_descriptors (), ==, descriptors);
    }
}

static void
test_without_descriptors (Fixture *self, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      fail_to_start_without_descriptors (self);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_dropped_while_running (Fixture *self, gconstpointer workers)
{
  guint threads = count_threads ();
  g_autoptr (Client) client = NULL;

  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
  client = client_new (TH_TRANSPORT_TCP, &self->address, "alice");
  g_assert_cmpuint (client_allocate (client), ==, 0);
  g_assert_finalize_object (self->relay);
  wait_until (count_threads () == threads);
  client_expect_end (client);
  self->relay = th_relay_new ();
}

/* ---- orders ---- */

/* What a newcomer with that password is answered. Workers take an order each in its own time. */
static guint
try_password (Fixture *self, const char *password)
{
  g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

  client_set_password (client, password);
  return client_allocate (client);
}

static void
test_set_authenticator (Fixture *self, gconstpointer workers)
{
  g_autoptr (ThTurnAuthenticator) rotated = authenticator_new ("-rotated");
  g_autoptr (Client) old = NULL;

  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
  old = client_new (TH_TRANSPORT_UDP, &self->address, "alice");
  g_assert_cmpuint (client_allocate (old), ==, 0);

  th_relay_set_authenticator (self->relay, rotated);
  wait_until (try_password (self, "alice-rotated") == 0);
  wait_until (try_password (self, "alice-secret") == TH_STUN_UNAUTHENTICATED);
  g_assert_cmpuint (client_refresh (old, 600), ==, 0);
  g_assert_cmpuint (client_refresh (old, 0), ==, 0);
}

/* New authenticators all the time, while clients come and go. */
static void
test_authenticators_in_quick_succession (Fixture *self, gconstpointer workers)
{
  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  fixture_start (self);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (ThTurnAuthenticator) another = authenticator_new ("-secret");
      g_autoptr (Client) client = client_new (TH_TRANSPORT_UDP, &self->address, "alice");

      th_relay_set_authenticator (self->relay, another);
      if (i % 20 == 0)
        g_assert_cmpuint (client_allocate (client), ==, 0);
      th_relay_disconnect_user (self->relay, "alice");
    }
}

/* Orders that no worker has taken yet when the relay stops are let go. */
static void
test_orders_before_a_stop (Fixture *self, gconstpointer workers)
{
  g_autoptr (ThTurnAuthenticator) another = authenticator_new ("-secret");

  fixture_set_workers (self, GPOINTER_TO_UINT (workers));
  for (guint i = 0; i < 20; i++)
    {
      fixture_start (self);
      th_relay_set_authenticator (self->relay, another);
      th_relay_disconnect_user (self->relay, "alice");
      th_relay_stop (self->relay);
    }
  th_relay_set_authenticator (self->relay, another);
  th_relay_disconnect_user (self->relay, "alice");
  g_assert_cmpint (g_atomic_int_get (&another->references), ==, 1);
}

static const Case cases[] = {
  CASE ("one-port-is-taken", test_one_port_is_taken),
  CASE ("nothing-can-be-bound", test_nothing_can_be_bound),
  CASE ("two-relays-on-one-port", test_two_relays_on_one_port),
  CASE ("start-and-stop-100-times", test_start_and_stop_100_times),
  CASE ("dropped-while-running", test_dropped_while_running),
  CASE ("set-authenticator", test_set_authenticator),
  CASE ("authenticators-in-quick-succession", test_authenticators_in_quick_succession),
  CASE ("orders-before-a-stop", test_orders_before_a_stop),
};

static void
add_tests (const char *path, guint workers)
{
  add_cases (path, cases, Fixture, GUINT_TO_POINTER (workers), fixture_set_up, fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/relay/lifecycle/running", test_running);
  add_test ("/relay/lifecycle/listener-facts", test_listener_facts);
  add_test ("/relay/lifecycle/everything-is-off", test_everything_is_off);
  add_test ("/relay/lifecycle/no-address-to-relay-from", test_no_address_to_relay_from);
  add_test ("/relay/lifecycle/bad-peer-rule", test_bad_peer_rule);
  add_test ("/relay/lifecycle/extra-udp-ports", test_extra_udp_ports);
  add_test ("/relay/lifecycle/fail-to-start-20-times", test_fail_to_start_20_times);
  add_tests ("/relay/lifecycle/on-the-main-context", 0);
  add_tests ("/relay/lifecycle/one-worker", 1);
  add_tests ("/relay/lifecycle/three-workers", 3);
  add_test ("/relay/lifecycle/without-descriptors", test_without_descriptors);
  return g_test_run ();
}
