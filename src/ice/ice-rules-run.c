/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules about a test as a whole: candidates, connection, network, and what the servers lack.
 */
#include <glib/gi18n.h>

#include "ice/ice-rules.h"

#define ROWS_SHOWN 3

static guint
count_candidates (const ThIceFacts *facts, ThIceCandidateType type)
{
  guint n = 0;

  for (guint i = 0; i < facts->candidates->len; i++)
    n += g_array_index (facts->candidates, ThIceCandidateFacts, i).type == type;
  return n;
}

static gboolean
has_servers (const ThIceFacts *facts, ThIceServerKind kind)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      if (((ThIcePathFacts *) g_ptr_array_index (facts->paths, i))->server->kind == kind)
        return TRUE;
    }
  return FALSE;
}

/* Where a server sees this machine under its own address there is no NAT, and nothing reflexive. */
static gboolean
is_behind_nat (const ThIceFacts *facts)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (th_address_is_set (&path->mapped) && th_address_same_host (&path->mapped, &path->local))
        return FALSE;
    }
  return TRUE;
}

static gboolean
has_refused_rows (const ThIceFacts *facts, GString *evidence)
{
  const GPtrArray *rows = facts->refused_rows;

  for (guint i = 0; i < MIN (rows->len, ROWS_SHOWN); i++)
    g_string_append_printf (evidence, "%s%s", i > 0 ? "\n" : "",
                            (char *) g_ptr_array_index (rows, i));
  if (rows->len > ROWS_SHOWN)
    g_string_append_printf (evidence, "\n… (%u)", rows->len);
  return rows->len > 0;
}

static gboolean
has_no_host (const ThIceFacts *facts, GString *evidence)
{
  return facts->gathered && !facts->relay_only &&
         count_candidates (facts, TH_ICE_CANDIDATE_HOST) == 0;
}

static gboolean
has_only_host (const ThIceFacts *facts, GString *evidence)
{
  return facts->gathered && !facts->relay_only && facts->paths->len > 0 &&
         facts->candidates->len > 0 &&
         count_candidates (facts, TH_ICE_CANDIDATE_HOST) == facts->candidates->len &&
         is_behind_nat (facts);
}

static gboolean
lacks_srflx (const ThIceFacts *facts, GString *evidence)
{
  return facts->gathered && !facts->relay_only && facts->paths->len > 0 &&
         count_candidates (facts, TH_ICE_CANDIDATE_SRFLX) == 0 && is_behind_nat (facts) &&
         !has_only_host (facts, evidence) && !has_no_host (facts, evidence);
}

static gboolean
lacks_relay (const ThIceFacts *facts, GString *evidence)
{
  return facts->gathered && has_servers (facts, TH_ICE_TURN) &&
         count_candidates (facts, TH_ICE_CANDIDATE_RELAY) == 0 && !has_only_host (facts, evidence);
}

static gboolean
has_not_connected (const ThIceFacts *facts, GString *evidence)
{
  return facts->called && !facts->connected;
}

static gboolean
maps_each_destination (const ThIceFacts *facts, GString *evidence)
{
  return facts->mapping == TH_ICE_NAT_ADDRESS_DEPENDENT ||
         facts->mapping == TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT;
}

static gboolean
has_moved (const ThIceFacts *facts, GString *evidence)
{
  gboolean seen = FALSE;
  char before[TH_ADDRESS_STRING_SIZE], now[TH_ADDRESS_STRING_SIZE];

  for (guint i = 0; th_address_is_set (&facts->before) && i < facts->paths->len; i++)
    {
      const ThAddress *mapped = &((ThIcePathFacts *) g_ptr_array_index (facts->paths, i))->mapped;

      if (mapped->any.sa_family != facts->before.any.sa_family)
        continue;
      if (th_address_same_host (mapped, &facts->before))
        return FALSE;
      seen = TRUE;
      th_address_format_host (mapped, now);
    }
  if (seen)
    g_string_append_printf (evidence, "%s → %s", th_address_format_host (&facts->before, before),
                            now);
  return seen;
}

static gboolean
works_without_tls_alone (const ThIceFacts *facts, GString *evidence)
{
  for (guint i = 0; i < facts->paths->len; i++)
    {
      const ThIcePathFacts *path = g_ptr_array_index (facts->paths, i);

      if (path->server->kind == TH_ICE_TURN && path->server->transport == TH_ICE_TLS)
        return FALSE;
    }
  return th_ice_facts_relay_works (facts, -1);
}

static gboolean
has_stun_alone (const ThIceFacts *facts, GString *evidence)
{
  return has_servers (facts, TH_ICE_STUN) && !has_servers (facts, TH_ICE_TURN);
}

static gboolean
was_seen_from_here_alone (const ThIceFacts *facts, GString *evidence)
{
  return facts->own_relay && !facts->seen_from_outside && th_ice_facts_relay_works (facts, -1);
}

const ThIceRule th_ice_run_rules[] = {
  { .id = "not-servers", .severity = TH_ICE_WARNING, .run = has_refused_rows,
    .what = N_("Some of the list could not be used"),
    .cause = N_("These entries name no STUN or TURN server, are too many, or their endpoint gives "
                "no list."),
    .remedy = N_("Correct them, for example “turn:turn.example.org:3478”.") },
  { .id = "no-host", .severity = TH_ICE_PROBLEM, .run = has_no_host,
    .what = N_("This machine has no address for calls"),
    .cause = N_("No network is connected, or none that calls may use."),
    .remedy = N_("Connect this machine to a network.") },
  { .id = "only-host", .severity = TH_ICE_PROBLEM, .run = has_only_host,
    .what = N_("Calls work in this network only"),
    .cause = N_("None of the servers told this machine’s outside address or gave a relayed one."),
    .remedy = N_("See what is said about each server.") },
  { .id = "no-srflx", .severity = TH_ICE_WARNING, .run = lacks_srflx,
    .what = N_("This machine’s outside address is not known"),
    .cause = N_("No STUN server answered over UDP, so calls always take the relay."),
    .remedy = N_("Open UDP to the servers in this network’s firewall.") },
  { .id = "no-relay", .severity = TH_ICE_PROBLEM, .run = lacks_relay,
    .what = N_("No relayed address was given"),
    .cause = N_("None of the TURN servers let this machine in."),
    .remedy = N_("See what is said about each server.") },
  { .id = "not-connected", .severity = TH_ICE_PROBLEM, .run = has_not_connected,
    .what = N_("Two devices could not connect"),
    .cause = N_("Of all pairs of addresses none let packets through."),
    .remedy = N_("See what is said about each server, and test with relay only.") },
  { .id = "nat-symmetric", .severity = TH_ICE_NOTE, .run = maps_each_destination,
    .what = N_("Your router gives each destination a new port"),
    .cause = N_("This kind of address translation is common in mobile and office networks."),
    .remedy = N_("Direct calls to others like it will need the relay: keep it reachable.") },
  { .id = "address-changed", .severity = TH_ICE_NOTE, .run = has_moved,
    .what = N_("This network’s outside address has changed since the last test"),
    .cause = N_("Internet providers give many homes a new address from time to time."),
    .remedy = N_("Where the relay runs in this network, use a name that follows the address "
                 "(dynamic DNS), and let the external address be found automatically."),
    .action = "preferences:relay/external-address" },
  { .id = "no-tls", .severity = TH_ICE_WARNING, .run = works_without_tls_alone,
    .what = N_("Works, but not over TLS: networks that only allow HTTPS will fail"),
    .cause = N_("None of the servers has a “turns:” URL."),
    .remedy = N_("Add TURN over TLS, best on port 443.") },
  { .id = "no-turn", .severity = TH_ICE_WARNING, .run = has_stun_alone,
    .what = N_("There is no relay among the servers"),
    .cause = N_("STUN servers tell addresses only; about one call in seven needs a relay."),
    .remedy = N_("Add a TURN server.") },
  { .id = "not-seen-from-outside", .severity = TH_ICE_NOTE, .run = was_seen_from_here_alone,
    .what = N_("Whether devices outside reach the relay, this test cannot tell"),
    .cause = N_("It ran on the relay’s own machine, behind the same router and firewall."),
    .remedy = N_("Test from a phone with Wi-Fi turned off."), .action = "phone" },
};

const gsize th_ice_n_run_rules = G_N_ELEMENTS (th_ice_run_rules);
