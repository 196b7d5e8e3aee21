/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Servers that misbehave, each in one way: the path ends, at the right stage and for the right
 * reason, and the one finding that fits comes of it.
 */
#include "../relay/waiting.h"
#include "ice/ice-finding.h"
#include "ice/ice-server-list.h"
#include "odd-server.h"
#include "running.h"
#include "stun/defs.h"

#define TIMEOUT 400 /* milliseconds */

typedef struct {
  const char *name;
  OddScript script;
  ThIceStageKind stage; /* that fails; TH_ICE_N_STAGES: none */
  int error;
  const char *finding; /* the first one */
} Case;

#define REFUSES(method_, code_) { .refused = method_, .code = code_ }
#define WELL TH_ICE_N_STAGES

static const Case cases[] = {
  { "well", { 0 }, WELL, -1, "no-tls" },
  { "mute", { .mute = TH_STUN_BINDING }, TH_ICE_STAGE_BINDING, TH_ICE_ERROR_TIMEOUT,
    "unreachable" },
  { "mute-to-allocate", { .mute = TH_STUN_ALLOCATE }, TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_TIMEOUT,
    "silent" },
  { "mute-to-permission", { .mute = TH_STUN_CREATE_PERMISSION }, TH_ICE_STAGE_PERMISSION,
    TH_ICE_ERROR_TIMEOUT, "silent" },
  { "mute-to-channel", { .mute = TH_STUN_CHANNEL_BIND }, TH_ICE_STAGE_CHANNEL,
    TH_ICE_ERROR_TIMEOUT, "silent" },
  { "mute-to-refresh", { .mute = TH_STUN_REFRESH }, WELL, -1, "no-tls" },
  { "speaks-http", { .raw = "HTTP/1.1 400 Bad Request\r\n\r\n" }, TH_ICE_STAGE_BINDING,
    TH_ICE_ERROR_GARBAGE, "no-stun" },
  { "speaks-garbage", { .raw = "\x01\x01\x7f\xff garbage that is longer than a header" },
    TH_ICE_STAGE_BINDING, TH_ICE_ERROR_GARBAGE, "no-stun" },
  { "names-no-address", { .without_addresses = TRUE }, TH_ICE_STAGE_BINDING,
    TH_ICE_ERROR_GARBAGE, "no-stun" },
  { "challenges-without-nonce", { .without_nonce = TRUE }, TH_ICE_STAGE_ALLOCATE,
    TH_ICE_ERROR_GARBAGE, "no-stun" },
  { "signs-with-another-password", { .other_password = TRUE }, TH_ICE_STAGE_ALLOCATE,
    TH_ICE_ERROR_INTEGRITY, "wrong-secret" },
  { "signs-nothing", { .unsigned_answers = TRUE }, TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_INTEGRITY,
    "wrong-secret" },
  { "finds-each-nonce-stale", { .stale = TRUE }, TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "stale-nonce" },
  { "refuses-binding", REFUSES (TH_STUN_BINDING, 500), TH_ICE_STAGE_BINDING, TH_ICE_ERROR_CODE,
    "refused" },
  { "alternate", REFUSES (TH_STUN_ALLOCATE, 300), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "sent-elsewhere" },
  { "401", REFUSES (TH_STUN_ALLOCATE, 401), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "wrong-secret" },
  { "403", REFUSES (TH_STUN_CREATE_PERMISSION, 403), TH_ICE_STAGE_PERMISSION, TH_ICE_ERROR_CODE,
    "peer-denied" },
  { "403-at-the-channel", REFUSES (TH_STUN_CHANNEL_BIND, 403), TH_ICE_STAGE_CHANNEL,
    TH_ICE_ERROR_CODE, "peer-denied" },
  { "437", REFUSES (TH_STUN_ALLOCATE, 437), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "allocation-mismatch" },
  { "440", REFUSES (TH_STUN_ALLOCATE, 440), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "family-unsupported" },
  { "442", REFUSES (TH_STUN_ALLOCATE, 442), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "transport-unsupported" },
  { "486", REFUSES (TH_STUN_ALLOCATE, 486), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "quota-reached" },
  { "508", REFUSES (TH_STUN_ALLOCATE, 508), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE,
    "relay-full" },
  { "500", REFUSES (TH_STUN_ALLOCATE, 500), TH_ICE_STAGE_ALLOCATE, TH_ICE_ERROR_CODE, "refused" },
  { "swallows", { .swallows = TRUE }, TH_ICE_STAGE_ECHO, TH_ICE_ERROR_LOST, "no-way-to-itself" },
};

static const Case hangs_up = { "hangs-up", { .hangs_up = TRUE }, TH_ICE_STAGE_BINDING,
                               TH_ICE_ERROR_CLOSED, "unreachable" };

static char *
first_finding (ThIcePath *path)
{
  g_autoptr (ThIceFacts) facts = th_ice_facts_new ();
  g_autoptr (GListStore) findings = NULL;
  g_autoptr (ThIceFinding) finding = NULL;

  facts->now = g_get_real_time () / G_USEC_PER_SEC;
  th_ice_path_add_facts (path, facts);
  findings = th_ice_findings_new (facts);
  finding = g_list_model_get_item (G_LIST_MODEL (findings), 0);
  return g_strdup (finding != NULL ? th_ice_finding_get_id (finding) : "");
}

static void
check (const Case *row, gboolean tcp)
{
  ThIcePathOptions options = { .timeout = TIMEOUT };
  g_autoptr (OddServer) server = odd_server_new (tcp, &row->script);
  g_autofree char *url = odd_server_get_url (server);
  g_autoptr (ThIcePath) path = try_path (url, 4, "anna", ODD_PASSWORD, &options);
  g_autofree char *finding = first_finding (path);
  ThIceStage *failure = th_ice_path_get_failure (path);

  g_assert_cmpint (failure != NULL ? (int) th_ice_stage_get_kind (failure) : WELL, ==,
                   (int) row->stage);
  if (failure != NULL)
    {
      g_assert_error (th_ice_stage_get_error (failure), TH_ICE_ERROR, row->error);
      g_assert_cmpuint (th_ice_stage_get_code (failure), ==,
                        row->script.stale ? 438 : row->script.code);
      g_assert_cmpstr (th_ice_stage_get_remedy (failure), !=, "");
    }
  g_assert_cmpstr (finding, ==, row->finding);
  if (row->script.mute != TH_STUN_REFRESH)
    wait_until (odd_server_get_n_allocations (server) == 0);
}

static void
test_udp (gconstpointer data)
{
  check (data, FALSE);
}

static void
test_tcp (gconstpointer data)
{
  check (data, TRUE);
}

/* With the shared secret, a 401 is told apart: a longer-lived credential is accepted, or is not. */
static char *
try_with_secret (const OddScript *script, const char *secret)
{
  g_autoptr (OddServer) server = odd_server_new (FALSE, script);
  g_autofree char *url = odd_server_get_url (server);
  ThIceLogin login = { .secret = secret };
  ThIcePathOptions options = { .timeout = TIMEOUT, .secret = secret };
  g_autofree char *username = NULL, *password = NULL;
  g_autoptr (ThIcePath) path = NULL;

  g_assert_true (th_ice_login_make (&login, g_get_real_time () / G_USEC_PER_SEC + 600, &username,
                                    &password));
  path = try_path (url, 4, username, password, &options);
  return first_finding (path);
}

static void
test_clock_ahead (void)
{
  OddScript script = {
    .secret = "shared", .accepts_from = g_get_real_time () / G_USEC_PER_SEC + 3600,
  };
  g_autofree char *finding = try_with_secret (&script, "shared");

  g_assert_cmpstr (finding, ==, "clock-skew");
}

static void
test_other_secret (void)
{
  OddScript script = { .secret = "shared" };
  g_autofree char *wrong = try_with_secret (&script, "another");
  g_autofree char *right = try_with_secret (&script, "shared");

  g_assert_cmpstr (wrong, ==, "wrong-secret");
  g_assert_cmpstr (right, ==, "no-tls");
}

static void
add (const Case *row, const char *transport, GTestDataFunc func)
{
  g_autofree char *path = g_strdup_printf ("/ice/odd-servers/%s/%s", transport, row->name);

  g_test_add_data_func (path, row, func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add (&cases[i], "udp", test_udp);
      add (&cases[i], "tcp", test_tcp);
    }
  add (&hangs_up, "tcp", test_tcp);
  g_test_add_func ("/ice/odd-servers/a-clock-ahead-is-told-from", test_clock_ahead);
  g_test_add_func ("/ice/odd-servers/another-secret", test_other_secret);
  return g_test_run ();
}
