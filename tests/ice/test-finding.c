/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every rule, by itself: what is found in a test that is well but for one thing is that thing and
 * nothing else. No rule is left untried.
 */
#include <string.h>

#include "ice/ice-finding.h"
#include "ice/ice-rules.h"
#include "ice/ice-verdict.h"

#define NOW G_GINT64_CONSTANT (1700000000)
#define DAY G_GINT64_CONSTANT (86400)

enum { UDP, TCP, TLS, N_PATHS };

static const char *const urls[N_PATHS] = {
  "turn:turn.example.org",
  "turn:turn.example.org?transport=tcp",
  "turns:turn.example.org",
};

static void
set_address (ThAddress *address, const char *text, guint16 port)
{
  g_assert_true (th_address_parse (address, text, port));
}

/* A path through a relay in the internet that goes all the way. */
static ThIcePathFacts *
add_path (ThIceFacts *facts, const char *url, ThStunFamily family)
{
  g_autoptr (ThIceServer) server = th_ice_server_new (url, "1700000600:anna", "password", NULL);
  ThIcePathFacts *path = th_ice_facts_add_path (facts, server, family);
  gboolean secure = th_ice_transport_is_secure (server->transport);

  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    path->stages[i].state = TH_ICE_STAGE_OK;
  if (!secure)
    path->stages[TH_ICE_STAGE_TLS].state = TH_ICE_STAGE_SKIPPED;
  set_address (&path->remote, "93.184.216.34", 3478);
  set_address (&path->relayed, "93.184.216.34", 50000);
  set_address (&path->local, "192.168.1.5", 40000);
  set_address (&path->mapped, "84.1.2.3", 40000);
  path->to_itself = TH_ICE_WAY_OPEN;
  path->from_outside = TH_ICE_WAY_OPEN;
  path->credential_expires_at = NOW + 600;
  if (secure)
    {
      path->certificate_not_before = NOW - DAY;
      path->certificate_not_after = NOW + 60 * DAY;
      path->certificate_names = g_strdup ("turn.example.org");
    }
  return path;
}

static void
add_candidate (ThIceFacts *facts, ThIceCandidateType type)
{
  ThIceCandidateFacts candidate = { .type = type };

  g_array_append_val (facts->candidates, candidate);
}

static ThIceFacts *
make_healthy (void)
{
  ThIceFacts *facts = th_ice_facts_new ();

  for (guint i = 0; i < N_PATHS; i++)
    add_path (facts, urls[i], TH_STUN_FAMILY_IPV4);
  facts->now = NOW;
  facts->gathered = TRUE;
  facts->called = facts->connected = TRUE;
  facts->mapping = facts->filtering = TH_ICE_NAT_ENDPOINT_INDEPENDENT;
  add_candidate (facts, TH_ICE_CANDIDATE_HOST);
  add_candidate (facts, TH_ICE_CANDIDATE_SRFLX);
  add_candidate (facts, TH_ICE_CANDIDATE_RELAY);
  return facts;
}

static ThIcePathFacts *
path_at (ThIceFacts *facts, guint i)
{
  return g_ptr_array_index (facts->paths, i);
}

static void
fail_path (ThIcePathFacts *path, ThIceStageKind stage, ThIceError error, guint code)
{
  path->stages[stage] = (ThIceStageFacts) {
    .state = TH_ICE_STAGE_FAILED, .error = error, .stun_code = code,
  };
  for (guint i = stage + 1; i < TH_ICE_N_STAGES; i++)
    path->stages[i].state = TH_ICE_STAGE_SKIPPED;
}

static void
fail_all (ThIceFacts *facts, ThIceStageKind stage, ThIceError error, guint code)
{
  for (guint i = 0; i < facts->paths->len; i++)
    fail_path (path_at (facts, i), stage, error, code);
}

/* What makes a test go wrong, and the one finding that is to come of it. */
typedef struct {
  const char *id;
  void (*spoil) (ThIceFacts *facts);
  ThIceSeverity severity;
} Case;

#define SPOIL(name, ...)                                                                           \
  static void name (ThIceFacts *facts)                                                             \
  {                                                                                                \
    __VA_ARGS__                                                                                    \
  }

#define CODE(name, stage, code)                                                                    \
  SPOIL (name, fail_all (facts, TH_ICE_STAGE_##stage, TH_ICE_ERROR_CODE, code);)

#define ON_TLS(name, error)                                                                        \
  SPOIL (name, fail_path (path_at (facts, TLS), TH_ICE_STAGE_TLS, TH_ICE_ERROR_##error, 0);)

CODE (refuse_mismatch, ALLOCATE, 437)
CODE (refuse_nonce, ALLOCATE, 438)
CODE (refuse_family, ALLOCATE, 440)
CODE (refuse_transport, ALLOCATE, 442)
CODE (refuse_quota, ALLOCATE, 486)
CODE (refuse_capacity, ALLOCATE, 508)
CODE (refuse_alternate, ALLOCATE, 300)
CODE (refuse_otherwise, ALLOCATE, 500)
CODE (refuse_secret, ALLOCATE, 401)
ON_TLS (tls_name, TLS_NAME)
ON_TLS (tls_expired, TLS_EXPIRED)
ON_TLS (tls_not_yet, TLS_NOT_YET)
ON_TLS (tls_untrusted, TLS_UNTRUSTED)
ON_TLS (tls_handshake, HANDSHAKE)
ON_TLS (tls_closed, CLOSED)
ON_TLS (tls_silent, TIMEOUT)
SPOIL (name_unknown, fail_all (facts, TH_ICE_STAGE_DNS, TH_ICE_ERROR_NAME, 0);)
SPOIL (name_silent, fail_all (facts, TH_ICE_STAGE_DNS, TH_ICE_ERROR_TIMEOUT, 0);)
SPOIL (unreachable, fail_all (facts, TH_ICE_STAGE_CONNECT, TH_ICE_ERROR_TIMEOUT, 0);)
SPOIL (refused, fail_all (facts, TH_ICE_STAGE_BINDING, TH_ICE_ERROR_REFUSED, 0);)
SPOIL (garbage, fail_all (facts, TH_ICE_STAGE_BINDING, TH_ICE_ERROR_GARBAGE, 0);)
SPOIL (silent, fail_all (facts, TH_ICE_STAGE_CHANNEL, TH_ICE_ERROR_TIMEOUT, 0);)
SPOIL (system_trouble, fail_all (facts, TH_ICE_STAGE_CONNECT, TH_ICE_ERROR_SYSTEM, 0);)
SPOIL (no_credentials, fail_all (facts, TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_NO_CREDENTIALS, 0);)
SPOIL (integrity, fail_all (facts, TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_INTEGRITY, 0);)
SPOIL (no_host, g_array_remove_index (facts->candidates, 0);)
SPOIL (only_host, g_array_set_size (facts->candidates, 1);)
SPOIL (no_srflx, g_array_remove_index (facts->candidates, 1);)
SPOIL (no_relay, g_array_remove_index (facts->candidates, 2);)
SPOIL (not_connected, facts->connected = FALSE;)
SPOIL (symmetric, facts->mapping = TH_ICE_NAT_ADDRESS_AND_PORT_DEPENDENT;)
SPOIL (moved, set_address (&facts->before, "84.9.9.9", 0);)
SPOIL (rows, g_ptr_array_add (facts->refused_rows, g_strdup ("x: no URL"));)
SPOIL (own_relay, facts->own_relay = TRUE;)
SPOIL (without_tls, g_ptr_array_remove_index (facts->paths, TLS);)

static void
expired (ThIceFacts *facts)
{
  refuse_secret (facts);
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->credential_expires_at = NOW - 1;
}

static void
later_accepted (ThIceFacts *facts)
{
  refuse_secret (facts);
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->later_credential = TH_ICE_RETRY_ACCEPTED;
}

/* Where nobody could ask again, the clock of the endpoint tells. */
static void
clock_ahead (ThIceFacts *facts)
{
  refuse_secret (facts);
  facts->clock_compared = TRUE;
  facts->clock_ahead = 3600;
}

static void
later_refused (ThIceFacts *facts)
{
  clock_ahead (facts);
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->later_credential = TH_ICE_RETRY_REFUSED;
}

static void
peer_denied (ThIceFacts *facts)
{
  fail_all (facts, TH_ICE_STAGE_PERMISSION, TH_ICE_ERROR_CODE, 403);
  for (guint i = 0; i < N_PATHS; i++)
    {
      path_at (facts, i)->to_itself = TH_ICE_WAY_DENIED;
      path_at (facts, i)->from_outside = TH_ICE_WAY_DENIED;
      set_address (&path_at (facts, i)->denied, "10.1.2.3", 1);
    }
}

static void
private_address (ThIceFacts *facts)
{
  for (guint i = 0; i < N_PATHS; i++)
    set_address (&path_at (facts, i)->relayed, "10.0.0.7", 50000);
}

static void
lan_only (ThIceFacts *facts)
{
  private_address (facts);
  facts->own_relay = facts->seen_from_outside = TRUE;
  for (guint i = 0; i < N_PATHS; i++)
    set_address (&path_at (facts, i)->remote, "10.0.0.7", 3478);
}

static void
ports_closed (ThIceFacts *facts)
{
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->from_outside = TH_ICE_WAY_LOST;
}

static void
all_ports_closed (ThIceFacts *facts)
{
  ports_closed (facts);
  fail_all (facts, TH_ICE_STAGE_ECHO, TH_ICE_ERROR_LOST, 0);
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->to_itself = TH_ICE_WAY_LOST;
}

static void
hairpin (ThIceFacts *facts)
{
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->to_itself = TH_ICE_WAY_LOST;
}

static void
tls_soon (ThIceFacts *facts)
{
  path_at (facts, TLS)->certificate_not_after = NOW + DAY;
}

static void
ipv6_unreachable (ThIceFacts *facts)
{
  ThIcePathFacts *path = add_path (facts, urls[UDP], TH_STUN_FAMILY_IPV6);

  fail_path (path, TH_ICE_STAGE_BINDING, TH_ICE_ERROR_TIMEOUT, 0);
}

static void
udp_blocked (ThIceFacts *facts)
{
  fail_path (path_at (facts, UDP), TH_ICE_STAGE_BINDING, TH_ICE_ERROR_TIMEOUT, 0);
  path_at (facts, TLS)->from_outside = TH_ICE_WAY_LOST; /* our own UDP does not get there either */
}

static void
tcp_blocked (ThIceFacts *facts)
{
  g_ptr_array_remove_index (facts->paths, UDP);
  fail_path (path_at (facts, 0), TH_ICE_STAGE_CONNECT, TH_ICE_ERROR_TIMEOUT, 0);
}

static void
stun_alone (ThIceFacts *facts)
{
  ThIcePathFacts *path;

  g_ptr_array_set_size (facts->paths, 0);
  path = add_path (facts, "stun:stun.example.org", TH_STUN_FAMILY_IPV4);
  path->to_itself = path->from_outside = TH_ICE_WAY_UNTRIED;
}

static const Case cases[] = {
  { "name-unknown", name_unknown, TH_ICE_PROBLEM },
  { "name-server-silent", name_silent, TH_ICE_PROBLEM },
  { "unreachable", unreachable, TH_ICE_PROBLEM },
  { "unreachable", refused, TH_ICE_PROBLEM },
  { "ipv6-unreachable", ipv6_unreachable, TH_ICE_WARNING },
  { "udp-blocked", udp_blocked, TH_ICE_WARNING },
  { "tcp-blocked", tcp_blocked, TH_ICE_WARNING },
  { "no-stun", garbage, TH_ICE_PROBLEM },
  { "silent", silent, TH_ICE_PROBLEM },
  { "system", system_trouble, TH_ICE_PROBLEM },
  { "tls-name", tls_name, TH_ICE_WARNING },
  { "tls-expired", tls_expired, TH_ICE_WARNING },
  { "tls-not-yet-valid", tls_not_yet, TH_ICE_WARNING },
  { "tls-untrusted", tls_untrusted, TH_ICE_WARNING },
  { "tls-failed", tls_handshake, TH_ICE_WARNING },
  { "tls-failed", tls_closed, TH_ICE_WARNING },
  { "tls-failed", tls_silent, TH_ICE_WARNING },
  { "tls-expires-soon", tls_soon, TH_ICE_WARNING },
  { "wrong-secret", refuse_secret, TH_ICE_PROBLEM },
  { "wrong-secret", later_refused, TH_ICE_PROBLEM },
  { "wrong-secret", integrity, TH_ICE_PROBLEM },
  { "credential-expired", expired, TH_ICE_PROBLEM },
  { "clock-skew", later_accepted, TH_ICE_PROBLEM },
  { "clock-skew", clock_ahead, TH_ICE_PROBLEM },
  { "no-credentials", no_credentials, TH_ICE_PROBLEM },
  { "peer-denied", peer_denied, TH_ICE_PROBLEM },
  { "allocation-mismatch", refuse_mismatch, TH_ICE_PROBLEM },
  { "stale-nonce", refuse_nonce, TH_ICE_PROBLEM },
  { "family-unsupported", refuse_family, TH_ICE_PROBLEM },
  { "transport-unsupported", refuse_transport, TH_ICE_PROBLEM },
  { "quota-reached", refuse_quota, TH_ICE_PROBLEM },
  { "relay-full", refuse_capacity, TH_ICE_PROBLEM },
  { "sent-elsewhere", refuse_alternate, TH_ICE_PROBLEM },
  { "refused", refuse_otherwise, TH_ICE_PROBLEM },
  { "private-address", private_address, TH_ICE_PROBLEM },
  { "lan-only", lan_only, TH_ICE_WARNING },
  { "ports-closed", ports_closed, TH_ICE_PROBLEM },
  { "ports-closed", all_ports_closed, TH_ICE_PROBLEM },
  { "no-way-to-itself", hairpin, TH_ICE_WARNING },
  { "not-servers", rows, TH_ICE_WARNING },
  { "no-host", no_host, TH_ICE_PROBLEM },
  { "only-host", only_host, TH_ICE_PROBLEM },
  { "no-srflx", no_srflx, TH_ICE_WARNING },
  { "no-relay", no_relay, TH_ICE_PROBLEM },
  { "not-connected", not_connected, TH_ICE_PROBLEM },
  { "nat-symmetric", symmetric, TH_ICE_NOTE },
  { "address-changed", moved, TH_ICE_NOTE },
  { "no-tls", without_tls, TH_ICE_WARNING },
  { "no-turn", stun_alone, TH_ICE_WARNING },
  { "not-seen-from-outside", own_relay, TH_ICE_NOTE },
};

static char *
describe (const ThIceFacts *facts)
{
  g_autoptr (GListStore) findings = th_ice_findings_new (facts);
  GString *ids = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (findings)); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (G_LIST_MODEL (findings), i);

      g_string_append_printf (ids, "%s%s:%d", i > 0 ? " " : "", th_ice_finding_get_id (finding),
                              th_ice_finding_get_severity (finding));
      g_assert_cmpstr (th_ice_finding_get_what (finding), !=, "");
      g_assert_cmpstr (th_ice_finding_get_cause (finding), !=, "");
      g_assert_cmpstr (th_ice_finding_get_remedy (finding), !=, "");
    }
  return g_string_free (ids, FALSE);
}

static void
test_rule (gconstpointer data)
{
  const Case *row = data;
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autofree char *expected = g_strdup_printf ("%s:%d", row->id, row->severity);
  g_autofree char *found = NULL;

  row->spoil (facts);
  found = describe (facts);
  g_assert_cmpstr (found, ==, expected);
}

static void
test_healthy (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autofree char *found = describe (facts);

  g_assert_cmpstr (found, ==, "");
}

/* What nobody looked at is no failure. */
static void
test_nothing (void)
{
  g_autoptr (ThIceFacts) facts = th_ice_facts_new ();
  g_autofree char *found = describe (facts);

  g_assert_cmpstr (found, ==, "");
}

static void
test_without_nat (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autofree char *found = NULL;

  g_array_remove_index (facts->candidates, 1);
  for (guint i = 0; i < N_PATHS; i++)
    path_at (facts, i)->mapped = path_at (facts, i)->local;
  found = describe (facts);
  g_assert_cmpstr (found, ==, "");
}

static void
test_relay_only (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autofree char *found = NULL;

  facts->relay_only = TRUE;
  g_array_remove_range (facts->candidates, 0, 2);
  found = describe (facts);
  g_assert_cmpstr (found, ==, "");
}

static void
test_family_that_a_name_lacks (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  ThIcePathFacts *path = add_path (facts, urls[UDP], TH_STUN_FAMILY_IPV6);
  g_autofree char *found = NULL;

  fail_path (path, TH_ICE_STAGE_DNS, TH_ICE_ERROR_NO_FAMILY, 0);
  path->stages[TH_ICE_STAGE_DNS].state = TH_ICE_STAGE_SKIPPED;
  found = describe (facts);
  g_assert_cmpstr (found, ==, "");
}

static void
test_worst_first (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autofree char *found = NULL;

  symmetric (facts);
  rows (facts);
  private_address (facts);
  found = describe (facts);
  g_assert_cmpstr (found, ==, "private-address:2 not-servers:1 nat-symmetric:0");
}

static gboolean
is_tried (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      if (g_str_equal (cases[i].id, id))
        return TRUE;
    }
  return FALSE;
}

static void
test_all_are_tried (void)
{
  for (gsize i = 0; i < th_ice_n_path_rules; i++)
    g_assert_true (is_tried (th_ice_path_rules[i].id));
  for (gsize i = 0; i < th_ice_n_run_rules; i++)
    g_assert_true (is_tried (th_ice_run_rules[i].id));
}

/* At a path that works nothing is found, whatever went wrong at another. */
static void
test_evidence (void)
{
  g_autoptr (ThIceFacts) facts = make_healthy ();
  g_autoptr (GListStore) findings = NULL;
  g_autoptr (ThIceFinding) finding = NULL;
  const char *evidence;

  fail_path (path_at (facts, TCP), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE, 486);
  findings = th_ice_findings_new (facts);
  finding = g_list_model_get_item (G_LIST_MODEL (findings), 0);
  evidence = th_ice_finding_get_evidence (finding);
  g_assert_cmpint (th_ice_finding_get_severity (finding), ==, TH_ICE_WARNING);
  g_assert_cmpstr (evidence, ==, "turn:turn.example.org:3478?transport=tcp (IPv4)");
}

/* A test on the relay's own machine promises no more than it can know. */
static void
test_headlines (void)
{
  const struct {
    gboolean own_relay, seen_from_outside;
    const char *headline;
  } rows[] = {
    { FALSE, FALSE, "Calls will get through, even from strict networks" },
    { TRUE, FALSE, "Calls get through, as far as this machine can tell" },
    { TRUE, TRUE, "Calls get through, from outside as well" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThIceFacts) facts = make_healthy ();
      g_autoptr (GListStore) findings = NULL;
      g_autofree char *headline = NULL;

      facts->own_relay = rows[i].own_relay;
      facts->seen_from_outside = rows[i].seen_from_outside;
      findings = th_ice_findings_new (facts);
      g_assert_cmpint (th_ice_verdict_reach (facts, G_LIST_MODEL (findings)), ==,
                       TH_ICE_VERDICT_GOOD);
      headline = th_ice_verdict_describe (TH_ICE_VERDICT_GOOD, facts, G_LIST_MODEL (findings));
      g_assert_cmpstr (headline, ==, rows[i].headline);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ice/finding/%s/%u", cases[i].id, i);

      g_test_add_data_func (path, &cases[i], test_rule);
    }
  g_test_add_func ("/ice/finding/where-all-is-well-is-none", test_healthy);
  g_test_add_func ("/ice/finding/where-nothing-was-seen-is-none", test_nothing);
  g_test_add_func ("/ice/finding/without-nat-nothing-reflexive-is-missed", test_without_nat);
  g_test_add_func ("/ice/finding/relay-only-misses-no-others", test_relay_only);
  g_test_add_func ("/ice/finding/a-family-the-name-lacks-is-none", test_family_that_a_name_lacks);
  g_test_add_func ("/ice/finding/worst-first", test_worst_first);
  g_test_add_func ("/ice/finding/evidence-names-the-path", test_evidence);
  g_test_add_func ("/ice/finding/headlines-promise-what-is-known", test_headlines);
  g_test_add_func ("/ice/finding/every-rule-is-tried", test_all_are_tried);
  return g_test_run ();
}
