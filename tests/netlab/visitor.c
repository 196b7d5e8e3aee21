/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What runs inside the networks of this folder: the parts of the ICE test, each by itself, with a
 * line of JSON for its result.
 *
 *   visitor nat URL...            how the NAT behaves
 *   visitor gather URL...         the candidates
 *   visitor call URL...           a call to itself, relay only
 *   visitor caller|callee URL...  one end of a call, relay only; the other end is another visitor,
 *                                 whose lines come in where this one's go out
 *
 * User name and password are those in the environment, TURN_USER and TURN_PASSWORD.
 */
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ice/ice-agent.h"
#include "ice/ice-call.h"
#include "ice/ice-candidate-line.h"
#include "ice/ice-gatherer.h"
#include "ice/nat-behaviour.h"

#define SECONDS 25
#define PINGS 10

static GPtrArray *
read_servers (char **urls)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_server_free);

  for (; *urls != NULL; urls++)
    {
      g_autoptr (GError) error = NULL;
      ThIceServer *server =
          th_ice_server_new (*urls, g_getenv ("TURN_USER"), g_getenv ("TURN_PASSWORD"), &error);

      if (server == NULL)
        g_error ("%s", error->message);
      g_ptr_array_add (servers, server);
    }
  return servers;
}

static gboolean
on_too_late (gpointer data)
{
  g_error ("not done after %d seconds", SECONDS);
  return G_SOURCE_REMOVE;
}

/* ---- nat ---- */

static const char *
kind_name (ThIceNatKind kind)
{
  static const char *const names[] = { "unknown", "none", "endpoint-independent",
                                       "address-dependent", "address-and-port-dependent" };

  return names[kind];
}

static void
on_discovered (GObject *source, GAsyncResult *result, gpointer done)
{
  g_autofree ThNatBehaviour *behaviour = th_nat_behaviour_discover_finish (result, NULL);
  char local[TH_ADDRESS_STRING_SIZE], mapped[TH_ADDRESS_STRING_SIZE];

  printf ("{\"answered\": %s, \"rfc5780\": %s, \"mapping\": \"%s\", \"filtering\": \"%s\", "
          "\"local\": \"%s\", \"mapped\": \"%s\", \"words\": \"%s\"}\n",
          behaviour->answered ? "true" : "false", behaviour->rfc5780 ? "true" : "false",
          kind_name (behaviour->mapping), kind_name (behaviour->filtering),
          th_address_format_host (&behaviour->local, local),
          th_address_format_host (&behaviour->mapped, mapped),
          th_nat_behaviour_describe (behaviour));
  *(gboolean *) done = TRUE;
}

static void
run_nat (GPtrArray *servers)
{
  gboolean done = FALSE;

  th_nat_behaviour_discover_async (servers, NULL, on_discovered, &done);
  while (!done)
    g_main_context_iteration (NULL, TRUE);
}

/* ---- gather ---- */

static void
print_candidate (ThIceCandidate *candidate, gboolean first)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  printf ("%s{\"type\": \"%s\", \"address\": \"%s\", \"url\": \"%s\", \"time\": %" G_GINT64_FORMAT
          "}", first ? "" : ", ", th_ice_candidate_type_get_name (values->type), values->address,
          values->server_url != NULL ? values->server_url : "", values->time);
}

static void
run_gather (GPtrArray *servers)
{
  g_autoptr (ThIceGatherer) gatherer = th_ice_gatherer_new (servers, FALSE, TRUE);
  GListModel *candidates = th_ice_gatherer_get_candidates (gatherer);

  th_ice_gatherer_start (gatherer, g_get_monotonic_time ());
  while (th_ice_gatherer_is_running (gatherer))
    g_main_context_iteration (NULL, TRUE);
  printf ("{\"complete\": %s, \"candidates\": [",
          th_ice_gatherer_is_complete (gatherer) ? "true" : "false");
  for (guint i = 0; i < g_list_model_get_n_items (candidates); i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (candidates, i);

      print_candidate (candidate, i == 0);
    }
  printf ("]}\n");
}

/* ---- call ---- */

static void
run_call (GPtrArray *servers)
{
  ThIceMeterPlan plan = th_ice_meter_usual;
  g_autoptr (ThIceCall) call = th_ice_call_new (servers, TRUE, TRUE);
  ThIceFigures figures;

  plan.probing = plan.bursting = G_USEC_PER_SEC / 2;
  plan.max_rate = 2e6;
  th_ice_call_start (call, g_get_monotonic_time (), &plan);
  while (th_ice_call_get_state (call) < TH_ICE_CALL_DONE)
    g_main_context_iteration (NULL, TRUE);
  figures = th_ice_call_get_figures (call);
  printf ("{\"done\": %s, \"rtt\": %" G_GINT64_FORMAT ", \"returned\": %u, \"throughput\": %.0f, "
          "\"through\": \"%s\"}\n",
          th_ice_call_get_state (call) == TH_ICE_CALL_DONE ? "true" : "false", figures.rtt_p50,
          figures.n_returned, figures.throughput,
          th_ice_call_get_selected (call) != NULL
              ? th_ice_candidate_get_values (
                    th_ice_pair_get_local (th_ice_call_get_selected (call)))->relay_protocol
              : "");
}

/* ---- one end ---- */

typedef struct {
  ThIceAgent *agent;
  GPtrArray *servers;
  GIOChannel *in;
  gboolean caller;
  gboolean known;   /* who the other is */
  gboolean ready;
  guint n_returned; /* of the caller's pings */
  guint n_heard;    /* by the callee */
  gint64 heard_last;
} End;

static void
on_own_candidate (ThIceCandidate *candidate, const NiceCandidate *raw, gpointer data)
{
  g_autofree char *line = th_ice_candidate_line_make (candidate);

  printf ("%s\n", line);
  fflush (stdout);
}

static void
on_own_gathered (gpointer data)
{
  printf ("end\n");
  fflush (stdout);
}

static void
on_component_state (NiceComponentState state, gpointer data)
{
  End *self = data;

  if (state == NICE_COMPONENT_STATE_FAILED)
    g_error ("no pair works");
  self->ready = self->ready || state == NICE_COMPONENT_STATE_READY;
}

/* The callee returns what it hears. */
static void
on_packet (const guint8 *bytes, gsize length, gpointer data)
{
  End *self = data;

  self->heard_last = g_get_monotonic_time ();
  if (self->caller)
    self->n_returned++;
  else
    {
      self->n_heard++;
      th_ice_agent_send (self->agent, bytes, length);
    }
}

static void
take_candidate (End *self, const char *line)
{
  g_autoptr (ThIceCandidate) candidate =
      th_ice_candidate_line_parse (line, strlen (line), NULL, NULL);
  const ThIceCandidateValues *values;
  NiceCandidate *raw;

  if (candidate == NULL)
    g_error ("no candidate: %s", line);
  values = th_ice_candidate_get_values (candidate);
  raw = nice_candidate_new (NICE_CANDIDATE_TYPE_RELAYED);
  raw->component_id = 1;
  raw->priority = values->priority;
  raw->transport = NICE_CANDIDATE_TRANSPORT_UDP;
  g_strlcpy (raw->foundation, values->foundation, sizeof raw->foundation);
  nice_address_set_from_string (&raw->addr, values->address);
  nice_address_set_port (&raw->addr, values->port);
  th_ice_agent_add_remote (self->agent, raw);
  nice_candidate_free (raw);
}

static gboolean
on_line (GIOChannel *channel, GIOCondition condition, gpointer data)
{
  End *self = data;
  g_autofree char *line = NULL;

  if (g_io_channel_read_line (channel, &line, NULL, NULL, NULL) != G_IO_STATUS_NORMAL)
    return G_SOURCE_REMOVE;
  g_strchomp (line);
  if (g_str_has_prefix (line, "login "))
    {
      g_auto (GStrv) words = g_strsplit (line, " ", 3);

      th_ice_agent_set_remote_login (self->agent, words[1], words[2]);
      self->known = TRUE;
    }
  else if (g_str_equal (line, "end"))
    th_ice_agent_end_remote (self->agent);
  else
    take_candidate (self, line);
  return G_SOURCE_CONTINUE;
}

static void
on_end_routes (const GArray *routes, gboolean complete, gpointer data)
{
  End *self = data;

  for (guint i = 0; i < routes->len; i++)
    th_ice_agent_add_route (self->agent, &g_array_index (routes, ThIceRoute, i));
}

static void
converse (End *self)
{
  gint64 next = 0;

  while (self->caller ? self->n_returned < PINGS
                      : self->n_heard == 0 ||
                            g_get_monotonic_time () - self->heard_last < G_USEC_PER_SEC)
    {
      if (self->caller && self->ready && g_get_monotonic_time () >= next)
        {
          th_ice_agent_send (self->agent, (const guint8 *) "\x90ping", 5);
          next = g_get_monotonic_time () + 50000;
        }
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
}

static void
run_end (GPtrArray *servers, gboolean caller)
{
  static const ThIceAgentEvents events = { on_own_candidate, on_own_gathered, on_component_state,
                                           NULL, on_packet };
  g_autoptr (GHashTable) foundations = th_ice_foundations_new ();
  ThIceAgentSetup setup = { .relay_only = TRUE, .controlling = caller, .foundations = foundations };
  End self = { .servers = servers, .caller = caller };
  g_autofree char *name = NULL, *password = NULL;
  ThIceRoutes *routes;

  self.agent = th_ice_agent_new (&setup, &events, &self);
  routes = th_ice_routes_new (servers, TRUE, on_end_routes, &self);
  th_ice_agent_get_login (self.agent, &name, &password);
  printf ("login %s %s\n", name, password);
  fflush (stdout);
  self.in = g_io_channel_unix_new (STDIN_FILENO);
  g_io_add_watch (self.in, G_IO_IN | G_IO_HUP, on_line, &self);
  while (!self.known)
    g_main_context_iteration (NULL, TRUE);
  th_ice_agent_gather (self.agent);
  converse (&self);
  fprintf (stderr, "{\"returned\": %u, \"heard\": %u}\n", self.n_returned, self.n_heard);
  th_ice_agent_free (self.agent);
  th_ice_routes_free (routes);
  g_io_channel_unref (self.in);
}

int
main (int argc, char **argv)
{
  g_autoptr (GPtrArray) servers = NULL;

  if (argc < 3)
    g_error ("usage: visitor nat|gather|call|caller|callee URL...");
  g_timeout_add_seconds (SECONDS, on_too_late, NULL);
  servers = read_servers (argv + 2);
  if (g_str_equal (argv[1], "nat"))
    run_nat (servers);
  else if (g_str_equal (argv[1], "gather"))
    run_gather (servers);
  else if (g_str_equal (argv[1], "call"))
    run_call (servers);
  else
    run_end (servers, g_str_equal (argv[1], "caller"));
  while (th_ice_agents_closing () > 0)
    g_main_context_iteration (NULL, TRUE);
  return 0;
}
