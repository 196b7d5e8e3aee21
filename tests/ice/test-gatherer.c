/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gathering with libnice: host candidates at once, relayed ones with the server that gave them; an
 * end whatever servers do; and nothing left when it is stopped.
 */
#include "ice/ice-gatherer.h"

#include "../relay/descriptors.h"
#include "ice/ice-agent.h"
#include "world.h"

#define MILLISECOND 1000
#define ROUNDS 100

static ThIceGatherer *
start (GPtrArray *servers, gboolean relay_only)
{
  ThIceGatherer *self = th_ice_gatherer_new (servers, relay_only, FALSE);

  th_ice_gatherer_start (self, g_get_monotonic_time ());
  return self;
}

static void
finish (ThIceGatherer *self)
{
  wait_until (!th_ice_gatherer_is_running (self));
}

static void
end (ThIceGatherer *self)
{
  g_object_unref (self);
  wait_until_closed ();
}

static guint
count (ThIceGatherer *self)
{
  return g_list_model_get_n_items (th_ice_gatherer_get_candidates (self));
}

static const ThIceCandidateValues *
at (ThIceGatherer *self, guint position)
{
  g_autoptr (ThIceCandidate) candidate =
      g_list_model_get_item (th_ice_gatherer_get_candidates (self), position);

  return th_ice_candidate_get_values (candidate); /* the list still has it */
}

/* Those of that type, of that server; @url NULL: of any. */
static guint
count_of (ThIceGatherer *self, ThIceCandidateType type, const char *url)
{
  guint n = 0;

  for (guint i = 0; i < count (self); i++)
    {
      const ThIceCandidateValues *values = at (self, i);

      n += values->type == type && (url == NULL || g_strcmp0 (values->server_url, url) == 0);
    }
  return n;
}

static void
test_hosts_are_there_at_once (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (NULL, NULL, NULL, NULL);
  ThIceGatherer *self = start (servers, FALSE);

  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_HOST, NULL), >, 0);
  g_assert_cmpint (at (self, 0)->time, <, 100 * MILLISECOND);
  g_assert_cmpint (at (self, 0)->time, >=, 0);
  g_assert_null (at (self, 0)->related_address);
  g_assert_true (th_ice_gatherer_is_running (self));
  finish (self);
  g_assert_true (th_ice_gatherer_is_complete (self));
  end (self);
}

static void
test_each_relay_has_its_server (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers =
      list_of (server_of (relay, "udp"), server_of (relay, "tcp"), NULL, NULL);
  const ThIceServer *udp = servers->pdata[0], *tcp = servers->pdata[1];
  ThIceGatherer *self = start (servers, FALSE);

  finish (self);
  g_assert_true (th_ice_gatherer_is_complete (self));
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, udp->url), >, 0);
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, tcp->url), ==,
                    count_of (self, TH_ICE_CANDIDATE_RELAY, udp->url));
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, NULL), ==,
                    2 * count_of (self, TH_ICE_CANDIDATE_RELAY, udp->url));
  for (guint i = 0; i < count (self); i++)
    {
      const ThIceCandidateValues *values = at (self, i);

      if (values->type != TH_ICE_CANDIDATE_RELAY)
        continue;
      g_assert_cmpstr (values->relay_protocol, ==,
                       g_str_equal (values->server_url, udp->url) ? "udp" : "tcp");
      g_assert_cmpstr (values->address, ==, "127.0.0.1");
      g_assert_nonnull (values->related_address);
    }
  end (self);
  wait_until (fixture_look (relay)->sessions == 0); /* the relay got them back */
}

static void
test_relays_alone (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceGatherer *self = start (servers, TRUE);

  g_assert_cmpuint (count (self), ==, 0);
  finish (self);
  g_assert_cmpuint (count (self), >, 0);
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, NULL), ==, count (self));
  end (self);
}

/* Candidates of one base, type and server have one foundation; others have another. */
static void
test_foundations (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers =
      list_of (server_of (relay, "udp"), server_of (relay, "tcp"), NULL, NULL);
  ThIceGatherer *self = start (servers, FALSE);

  finish (self);
  for (guint i = 0; i < count (self); i++)
    {
      for (guint j = 0; j < i; j++)
        {
          const ThIceCandidateValues *a = at (self, i), *b = at (self, j);
          gboolean same_server = g_strcmp0 (a->server_url, b->server_url) == 0;
          const char *base_a = a->related_address != NULL ? a->related_address : a->address;
          const char *base_b = b->related_address != NULL ? b->related_address : b->address;

          g_assert_cmpint (g_str_equal (a->foundation, b->foundation), ==,
                           a->type == b->type && same_server && g_str_equal (base_a, base_b));
        }
    }
  end (self);
}

/* Whatever servers do, gathering ends, and soon. */
static void
expect_no_relay (GPtrArray *servers, guint seconds)
{
  gint64 begun = g_get_monotonic_time ();
  ThIceGatherer *self = start (servers, FALSE);

  g_assert_cmpuint (count (self), >, 0);
  finish (self);
  g_assert_true (th_ice_gatherer_is_complete (self));
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, NULL), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begun, <, seconds * G_USEC_PER_SEC);
  end (self);
}

static void
test_wrong_password (Fixture *relay, gconstpointer data)
{
  ThIceServer *server = server_of (relay, "udp");
  g_autoptr (GPtrArray) servers =
      list_of (th_ice_server_new (server->url, "ada", "wrong", NULL), NULL, NULL, NULL);

  th_ice_server_free (server);
  expect_no_relay (servers, 5);
}

static void
test_no_credentials (Fixture *relay, gconstpointer data)
{
  ThIceServer *server = server_of (relay, "udp");
  g_autoptr (GPtrArray) servers =
      list_of (th_ice_server_new (server->url, NULL, NULL, NULL), NULL, NULL, NULL);

  th_ice_server_free (server);
  expect_no_relay (servers, 5);
}

static void
test_servers_that_never_answer (Fixture *relay, gconstpointer data)
{
  Peer silent;
  g_autoptr (GPtrArray) servers = NULL;

  peer_open (&silent, "127.0.0.1");
  servers = list_of (silent_server (&silent, "stun"), silent_server (&silent, "turn"), NULL, NULL);
  expect_no_relay (servers, TH_ICE_GATHERING_SECONDS);
  peer_close (&silent);
}

static void
test_closed_ports (Fixture *relay, gconstpointer data)
{
  ThAddress address = free_address ("127.0.0.1");
  g_autofree char *stream = g_strdup_printf ("turn:127.0.0.1:%u?transport=tcp",
                                             th_address_port (&address));
  g_autofree char *secure = g_strdup_printf ("turns:127.0.0.1:%u", th_address_port (&address));
  g_autofree char *datagrams = g_strdup_printf ("turn:127.0.0.1:%u", th_address_port (&address));
  g_autoptr (GPtrArray) servers = list_of (foreign_server (stream), foreign_server (secure),
                                           foreign_server (datagrams), NULL);

  expect_no_relay (servers, TH_ICE_GATHERING_SECONDS);
}

static void
test_unknown_names (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers =
      list_of (foreign_server ("turn:nowhere.invalid"), foreign_server ("stun:nowhere.invalid"),
               foreign_server ("turns:elsewhere.invalid"), NULL);

  expect_no_relay (servers, TH_ICE_GATHERING_SECONDS);
}

/* "localhost" has to be looked up first; its candidates come all the same. */
static void
test_names_are_looked_up (Fixture *relay, gconstpointer data)
{
  g_autofree char *url = g_strdup_printf ("turn:localhost:%u", relay->config->port);
  g_autoptr (GPtrArray) servers =
      list_of (th_ice_server_new (url, "ada", "ada-secret", NULL), NULL, NULL, NULL);
  const ThIceServer *server = servers->pdata[0];
  ThIceGatherer *self = start (servers, FALSE);

  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_HOST, NULL), >, 0);
  finish (self);
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, server->url), >, 0);
  end (self);
}

/* More than one agent of libnice takes. */
static void
test_many_servers (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (NULL, NULL, NULL, NULL);
  ThIceGatherer *self;
  const ThIceServer *server;

  for (guint i = 0; i < TH_ICE_AGENT_RELAYS_MAX + 2; i++)
    g_ptr_array_add (servers, server_of (relay, i % 2 == 0 ? "udp" : "tcp"));
  server = servers->pdata[0];
  self = start (servers, FALSE);
  finish (self);
  g_assert_true (th_ice_gatherer_is_complete (self));
  g_assert_cmpuint (count_of (self, TH_ICE_CANDIDATE_RELAY, server->url), ==,
                    TH_ICE_AGENT_RELAYS_MAX / 2 + 1);
  end (self);
}

static void
test_starts_again (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceGatherer *self = start (servers, FALSE);
  guint first;

  finish (self);
  first = count (self);
  th_ice_gatherer_start (self, g_get_monotonic_time ());
  finish (self);
  g_assert_cmpuint (count (self), ==, first);
  end (self);
}

static void
on_candidates_changed (GListModel *model, guint position, guint removed, guint added, gpointer data)
{
  if (added > 0)
    th_ice_gatherer_stop (data);
}

/* Who hears of the first candidate may have had enough. */
static void
test_stopped_by_a_candidate (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers = list_of (server_of (relay, "udp"), NULL, NULL, NULL);
  ThIceGatherer *self = th_ice_gatherer_new (servers, TRUE, FALSE);

  g_signal_connect (th_ice_gatherer_get_candidates (self), "items-changed",
                    G_CALLBACK (on_candidates_changed), self);
  th_ice_gatherer_start (self, g_get_monotonic_time ());
  finish (self);
  g_assert_false (th_ice_gatherer_is_complete (self));
  g_assert_cmpuint (count (self), ==, 1);
  end (self);
}

/* Stopped at any moment, again and again: no descriptor, agent or thread is left. */
static void
test_rounds_leave_nothing (Fixture *relay, gconstpointer data)
{
  g_autoptr (GPtrArray) servers =
      list_of (server_of (relay, "udp"), server_of (relay, "tcp"),
               foreign_server ("turn:nowhere.invalid"), NULL);
  guint before = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      ThIceGatherer *self = start (servers, FALSE);

      run_for (round % 20);
      end (self);
      if (round == 0)
        before = count_descriptors (); /* libraries have theirs by now */
    }
  wait_until (count_descriptors () <= before);
}

int
main (int argc, char **argv)
{
#define ADD(name, test)                                                                           \
  g_test_add ("/ice/gatherer/" name, Fixture, GUINT_TO_POINTER (1), fixture_set_up_running, test,  \
              fixture_tear_down)

  g_test_init (&argc, &argv, NULL);
  ADD ("hosts-are-there-at-once", test_hosts_are_there_at_once);
  ADD ("each-relay-has-its-server", test_each_relay_has_its_server);
  ADD ("relays-alone", test_relays_alone);
  ADD ("foundations", test_foundations);
  ADD ("ends/wrong-password", test_wrong_password);
  ADD ("ends/no-credentials", test_no_credentials);
  ADD ("ends/servers-that-never-answer", test_servers_that_never_answer);
  ADD ("ends/closed-ports", test_closed_ports);
  ADD ("ends/unknown-names", test_unknown_names);
  ADD ("names-are-looked-up", test_names_are_looked_up);
  ADD ("many-servers", test_many_servers);
  ADD ("starts-again", test_starts_again);
  ADD ("stopped-by-a-candidate", test_stopped_by_a_candidate);
  ADD ("rounds-leave-nothing", test_rounds_leave_nothing);
  return g_test_run ();
}
