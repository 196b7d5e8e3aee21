/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls from this machine to itself: directly and through the relay, over its transports; what is
 * measured; and what happens where no call can be.
 */
#include "ice/ice-call.h"

#include "../relay/descriptors.h"
#include "ice/ice-agent.h"
#include "world.h"

#define ROUNDS 10
#define ROUNDS_OVER_TWO 4

/* A short measurement: the test of the meter has the long one. */
static const ThIceMeterPlan brief = {
  .probing = 400000,
  .probe_interval = 20000,
  .patience = 500000,
  .bursting = 300000,
  .max_rate = 4e6,
  .sampling = 100000,
};

static ThIceCall *
call (GPtrArray *servers, gboolean relay_only)
{
  ThIceCall *self = th_ice_call_new (servers, relay_only, FALSE);

  th_ice_call_start (self, g_get_monotonic_time (), &brief);
  g_assert_cmpint (th_ice_call_get_state (self), ==, TH_ICE_CALL_CONNECTING);
  return self;
}

static ThIceCallState
finish (ThIceCall *self)
{
  gint64 end = g_get_monotonic_time () + 2 * PATIENCE;

  while (th_ice_call_get_state (self) == TH_ICE_CALL_CONNECTING ||
         th_ice_call_get_state (self) == TH_ICE_CALL_MEASURING)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      wait_a_little (-1);
    }
  return th_ice_call_get_state (self);
}

static void
end (ThIceCall *self)
{
  g_object_unref (self);
  wait_until_closed ();
}

static void
assert_selected_is_first (ThIceCall *self)
{
  GListModel *pairs = th_ice_call_get_pairs (self);

  for (guint i = 0; i < g_list_model_get_n_items (pairs); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (pairs, i);

      g_assert_cmpint (th_ice_pair_is_selected (pair), ==, i == 0);
      g_assert_true (i != 0 || pair == th_ice_call_get_selected (self));
    }
}

static const ThIceCandidateValues *
selected_local (ThIceCall *self)
{
  return th_ice_candidate_get_values (th_ice_pair_get_local (th_ice_call_get_selected (self)));
}

static const ThIceCandidateValues *
selected_remote (ThIceCall *self)
{
  return th_ice_candidate_get_values (th_ice_pair_get_remote (th_ice_call_get_selected (self)));
}

static void
assert_measured (ThIceCall *self)
{
  ThIceFigures figures = th_ice_call_get_figures (self);

  g_assert_cmpuint (figures.n_sent, ==, 20);
  g_assert_cmpfloat (figures.loss, <, 0.5);
  g_assert_cmpint (figures.rtt_p50, >, 0);
  g_assert_cmpint (figures.rtt_p95, >=, figures.rtt_p50);
  g_assert_cmpint (figures.rtt_p95, <, G_USEC_PER_SEC);
  g_assert_cmpfloat (figures.throughput, >, 100000);
  g_assert_cmpuint (g_list_model_get_n_items (th_ice_call_get_samples (self)), >=, 3);
  g_assert_cmpint (th_ice_call_get_connecting_time (self), >, 0);
}

static void
check_relayed (GPtrArray *servers, const char *relay_protocol)
{
  ThIceCall *self = call (servers, TRUE);

  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_DONE);
  assert_selected_is_first (self);
  g_assert_cmpint (th_ice_pair_get_state (th_ice_call_get_selected (self)), ==,
                   TH_ICE_PAIR_SUCCEEDED);
  g_assert_cmpint (selected_local (self)->type, ==, TH_ICE_CANDIDATE_RELAY);
  g_assert_cmpint (selected_remote (self)->type, ==, TH_ICE_CANDIDATE_RELAY);
  g_assert_cmpstr (selected_local (self)->relay_protocol, ==, relay_protocol);
  g_assert_false (selected_local (self)->remote);
  g_assert_true (selected_remote (self)->remote);
  assert_measured (self);
  end (self);
}

static void
test_through_the_relay (Fixture *relay, gconstpointer transport)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, transport), NULL, NULL, NULL);

  check_relayed (servers, transport);
  wait_until (fixture_look (relay)->sessions == 0);
  g_assert_cmpuint (fixture_look (relay)->bytes_to_peers, >, 20 * 100);
}

static void
test_directly (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceCall *self = call (servers, FALSE);

  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_DONE);
  assert_selected_is_first (self);
  g_assert_cmpint (selected_local (self)->type, !=, TH_ICE_CANDIDATE_RELAY);
  assert_measured (self);
  end (self);
}

static void
test_without_any_server (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (NULL, NULL, NULL, NULL);
  ThIceCall *self = call (servers, FALSE);

  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_DONE);
  g_assert_cmpint (selected_local (self)->type, ==, TH_ICE_CANDIDATE_HOST);
  end (self);
}

static void
set_up (Fixture *relay, gconstpointer data)
{
  fixture_set_up_running (relay, GUINT_TO_POINTER (1));
}

static void
deny_peers (Fixture *relay)
{
  static const char *const everything[] = { "0.0.0.0/0", "::/0", NULL };

  relay->config->deny_peers = g_strdupv ((char **) everything);
  g_clear_pointer (&relay->config->allow_peers, g_strfreev);
  g_assert_true (th_relay_set_rules (relay->relay, relay->config, NULL));
}

static void
assert_fails (ThIceCall *self)
{
  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_FAILED);
  g_assert_null (th_ice_call_get_selected (self));
  g_assert_cmpint (th_ice_call_get_connecting_time (self), ==, -1);
  g_assert_cmpint (th_ice_call_get_figures (self).rtt_p50, ==, -1);
}

/* The relay gives addresses, but lets nobody through to them. */
static void
assert_all_pairs_fail (ThIceCall *self)
{
  GListModel *pairs = th_ice_call_get_pairs (self);

  for (guint i = 0; i < g_list_model_get_n_items (pairs); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (pairs, i);

      g_assert_cmpint (th_ice_pair_get_state (pair), ==, TH_ICE_PAIR_FAILED);
    }
  g_assert_cmpuint (g_list_model_get_n_items (pairs), >, 0);
}

/* No relay, a relay that lets nobody in, and one that lets nobody through. All at a time, as each
 * call takes its time to be given up. */
static void
test_fails_where_nothing_relays (Fixture *relay, gconstpointer data)
{
  Fixture denying = { 0 };
  ThIceServer *known = server_of (relay, "udp");
  g_autoptr (GPtrArray) none = list_of (NULL, NULL, NULL, NULL);
  g_autoptr (GPtrArray) wrong =
      list_of (th_ice_server_new (known->url, "ada", "wrong", NULL), NULL, NULL, NULL);
  g_autoptr (GPtrArray) denied = NULL;
  ThIceCall *calls[3];

  th_ice_server_free (known);
  set_up (&denying, NULL);
  deny_peers (&denying);
  denied = list_of (server_of (&denying, "udp"), NULL, NULL, NULL);
  calls[0] = call (none, TRUE);
  calls[1] = call (wrong, TRUE);
  calls[2] = call (denied, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    assert_fails (calls[i]);
  assert_all_pairs_fail (calls[2]);
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    end (calls[i]);
  fixture_tear_down (&denying, NULL);
}

static void
test_starts_again (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceCall *self = call (servers, TRUE);

  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_DONE);
  th_ice_call_start (self, g_get_monotonic_time (), &brief);
  g_assert_cmpuint (g_list_model_get_n_items (th_ice_call_get_samples (self)), ==, 0);
  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_DONE);
  assert_selected_is_first (self);
  end (self);
}

static void
on_state_changed (ThIceCall *self, GParamSpec *pspec, gpointer data)
{
  if (th_ice_call_get_state (self) == TH_ICE_CALL_MEASURING)
    th_ice_call_stop (self);
}

static void
test_stopped_when_it_connects (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceCall *self = call (servers, TRUE);

  g_signal_connect (self, "notify::state", G_CALLBACK (on_state_changed), NULL);
  g_assert_cmpint (finish (self), ==, TH_ICE_CALL_STOPPED);
  g_assert_nonnull (th_ice_call_get_selected (self));
  end (self);
}

/* Stopped at any moment: no descriptor and no agent is left. A first one, as what libraries make
 * once is left, and then all others at a time. */
static void
check_rounds (GPtrArray *servers, guint rounds)
{
  g_autoptr (GPtrArray) calls = g_ptr_array_new ();
  ThIceCall *first = call (servers, TRUE);
  guint before;

  run_for (300);
  th_ice_call_stop (first);
  end (first);
  before = count_descriptors ();
  for (guint round = 0; round < rounds; round++)
    g_ptr_array_add (calls, call (servers, round % 2 == 0));
  while (calls->len > 0)
    {
      g_autoptr (ThIceCall) self = g_ptr_array_steal_index (calls, 0);

      run_for (300 / rounds);
      th_ice_call_stop (self);
    }
  wait_until_closed ();
  wait_until (count_descriptors () <= before);
}

static void
test_rounds_leave_nothing (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);

  check_rounds (servers, ROUNDS);
}

/* Two ways to one relay: libnice gives one of the addresses back by itself. */
static void
test_rounds_over_two_ways (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers =
      list_of (server_of (relay, "udp"), server_of (relay, "tcp"), NULL, NULL);

  check_rounds (servers, ROUNDS_OVER_TWO);
}

int
main (int argc, char **argv)
{
#define ADD(name, data, test)                                                                      \
  g_test_add ("/ice/call/" name, Fixture, data, set_up, test, fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("through-the-relay/udp", "udp", test_through_the_relay);
  ADD ("through-the-relay/tcp", "tcp", test_through_the_relay);
  ADD ("directly", NULL, test_directly);
  ADD ("without-any-server", NULL, test_without_any_server);
  ADD ("fails-where-nothing-relays", NULL, test_fails_where_nothing_relays);
  ADD ("starts-again", NULL, test_starts_again);
  ADD ("stopped-when-it-connects", NULL, test_stopped_when_it_connects);
  ADD ("rounds-leave-nothing", NULL, test_rounds_leave_nothing);
  ADD ("rounds-over-two-ways", NULL, test_rounds_over_two_ways);
  return g_test_run ();
}
