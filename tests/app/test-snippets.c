/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Snippets: complete, well quoted, and filled in with what the engine really has. What real
 * programs make of them, tests/interop/test-snippets.py tries.
 */
#include "app/snippets.h"

#include "find-snippet.h"
#include "fixture.h"

#define SECRET "it's a \"secret\": $x `y` \\ #1 <%s>"

static ThSnippetValues *
make_values (const char *host)
{
  ThSnippetValues *values = th_snippet_values_new ();
  const char *forms[] = {
    "stun:%s:3478",
    "turn:%s:3478?transport=udp",
    "turn:%s:3479?transport=tcp",
    "turns:%s:5349?transport=tcp",
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_auto (GStrv) parts = g_strsplit (forms[i], "%s", 2);
      g_autofree char *url = g_strconcat (parts[0], host, parts[1], NULL);

      th_snippet_values_add_url (values, url);
    }
  values->endpoint = g_strdup_printf ("https://%s:8489", host);
  values->token = g_strdup ("token-of-a-test");
  values->secret = g_strdup ("secret-of-a-test");
  values->api_key = g_strdup ("key-of-a-test");
  values->api_secret = g_strdup ("api-secret-of-a-test");
  values->realm = g_strdup ("realm.of.a.test");
  values->ttl = g_strdup ("4321");
  return values;
}

static char *
fill (const char *id, const ThSnippetValues *values)
{
  ThSnippetState state;
  char *text = th_snippet_fill (find_snippet (id), values, FALSE, &state);

  g_assert_cmpint (state, ==, TH_SNIPPET_COMPLETE);
  g_assert_nonnull (text);
  return text;
}

static void
assert_has (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("There is no \"%s\" in:\n%s", part, text);
}

static void
assert_has_not (const char *text, const char *part)
{
  if (strstr (text, part) != NULL)
    g_error ("There is \"%s\" in:\n%s", part, text);
}

static void
test_table (void)
{
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);

  g_assert_cmpuint (n_snippets, >=, 12);
  for (guint i = 0; i < n_snippets; i++)
    {
      g_assert_true (find_snippet (snippets[i].id) == &snippets[i]);
      g_assert_cmpuint (strlen (snippets[i].title), >, 0);
      g_assert_cmpuint (strlen (snippets[i].summary), >, 0);
      g_assert_cmpuint (strlen (snippets[i].place), >, 0);
      g_assert_true (g_str_has_suffix (snippets[i].advice, "."));
    }
}

/* A brace that is followed by a small letter would be a placeholder that nobody knows. */
static void
assert_nothing_left (const char *text)
{
  g_assert_false (g_regex_match_simple ("(?<!\\$)\\{[a-z-]+( [a-z-]+)?\\}", text, 0, 0));
  assert_has_not (text, "{each");
  assert_has_not (text, "{end}");
  assert_has_not (text, "(null)");
}

static void
test_no_placeholder_is_left (void)
{
  const char *hosts[] = { "turn.example.org", "192.0.2.1", "[2001:db8::1]" };
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);

  for (guint i = 0; i < n_snippets; i++)
    for (guint j = 0; j < G_N_ELEMENTS (hosts); j++)
      {
        g_autoptr (ThSnippetValues) values = make_values (hosts[j]);
        g_autofree char *text = fill (snippets[i].id, values);
        g_autofree char *without_token = NULL;

        assert_nothing_left (text);
        g_assert_true (g_str_has_suffix (text, "\n") && !g_str_has_suffix (text, "\n\n"));
        g_clear_pointer (&values->token, g_free);
        without_token = fill (snippets[i].id, values);
        assert_nothing_left (without_token);
        assert_has_not (without_token, "oken:");
      }
}

static void
assert_snippet_has (const char *id, const char *const *parts)
{
  g_autoptr (ThSnippetValues) values = make_values ("turn.example.org");
  g_autofree char *text = fill (id, values);

  for (guint i = 0; parts[i] != NULL; i++)
    assert_has (text, parts[i]);
}

#define ASSERT_SNIPPET_HAS(id, ...)                                                                \
  assert_snippet_has (id, (const char *const[]){ __VA_ARGS__, NULL })

static void
test_values_are_there (void)
{
  ASSERT_SNIPPET_HAS ("web-module", "'https://turn.example.org:8489/client.mjs'",
                      "url: 'https://turn.example.org:8489'", "token: 'token-of-a-test'");
  ASSERT_SNIPPET_HAS ("web-fetch", "'https://turn.example.org:8489/api/ice-servers'",
                      "'Bearer token-of-a-test'", "4321 seconds");
  ASSERT_SNIPPET_HAS ("peerwave-route", "'https://turn.example.org:8489/api/livekit/ice-config'");
  ASSERT_SNIPPET_HAS ("livekit", "host: \"turn.example.org\"", "port: 3478", "port: 3479",
                      "protocol: \"udp\"", "protocol: \"tcp\"",
                      "port: 5349\n      protocol: \"tls\"", "secret: \"secret-of-a-test\"",
                      "ttl: 4321");
  ASSERT_SNIPPET_HAS ("synapse", "- \"turn:turn.example.org:3478?transport=udp\"",
                      "- \"turns:turn.example.org:5349?transport=tcp\"", "\"secret-of-a-test\"",
                      "4321s");
  ASSERT_SNIPPET_HAS ("nextcloud-talk", "talk:stun:add turn.example.org:3478\n",
                      "--secret=secret-of-a-test turn turn.example.org:3479 tcp\n",
                      "--secret=secret-of-a-test turns turn.example.org:5349 tcp\n");
  ASSERT_SNIPPET_HAS ("jitsi", "\"secret-of-a-test\";", "ttl = 4321", "type = \"turns\"");
  ASSERT_SNIPPET_HAS ("prosody", "host = \"turn.example.org\"\n", "port = 3478\n",
                      "secret = \"secret-of-a-test\"\n", "ttl = 4321\n", "tcp = true\n");
  ASSERT_SNIPPET_HAS ("ejabberd", "secret: \"secret-of-a-test\"", "type: \"turns\"",
                      "credentials_lifetime: 4321");
  ASSERT_SNIPPET_HAS ("peerwave", "TURN_SECRET=secret-of-a-test\n", "TURN_SERVER_PORT=3478\n",
                      "TURN_SERVER_PORT_TLS=5349\n", "TURN_REALM=realm.of.a.test\n",
                      "TURN_CREDENTIAL_TTL=4321\n", "LIVEKIT_API_KEY=key-of-a-test\n",
                      "LIVEKIT_API_SECRET=api-secret-of-a-test\n",
                      "LIVEKIT_TURN_DOMAIN=turn.example.org\n");
  ASSERT_SNIPPET_HAS ("coturn", "static-auth-secret=secret-of-a-test\n", "realm=realm.of.a.test\n");
}

/* Where a host stands in a URL or before a port, an IPv6 address needs brackets; elsewhere not. */
static void
test_ipv6_in_brackets (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("[2001:db8::1]");
  g_autofree char *livekit = fill ("livekit", values);
  g_autofree char *ejabberd = fill ("ejabberd", values);
  g_autofree char *nextcloud = fill ("nextcloud-talk", values);
  g_autofree char *peerwave = fill ("peerwave", values);

  assert_has (livekit, "host: \"[2001:db8::1]\"");
  assert_has (ejabberd, "host: \"2001:db8::1\"");
  assert_has (nextcloud, "talk:stun:add '[2001:db8::1]:3478'\n");
  assert_has (peerwave, "TURN_SERVER_EXTERNAL_HOST='[2001:db8::1]'\n");
}

/* PeerWave offers "turns" unless its port is that of "turn"; left out, it would be 5349. */
static void
test_only_what_is_listened_on (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("turn.example.org");
  g_autofree char *peerwave = NULL;
  g_autofree char *prosody = NULL;

  g_ptr_array_remove_range (values->turn, 1, 2);
  peerwave = fill ("peerwave", values);
  prosody = fill ("prosody", values);
  assert_has (peerwave, "TURN_SERVER_PORT=3478\nTURN_SERVER_PORT_TLS=3478\n");
  assert_has_not (prosody, "tcp");
}

static void
test_masked (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("turn.example.org");
  const char *secrets[] = { values->secret, values->api_secret, values->token };
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);

  for (guint i = 0; i < n_snippets; i++)
    {
      g_autofree char *plain = fill (snippets[i].id, values);
      g_autofree char *masked = th_snippet_fill (&snippets[i], values, TRUE, NULL);

      assert_nothing_left (masked);
      for (guint j = 0; j < G_N_ELEMENTS (secrets); j++)
        {
          if (strstr (plain, secrets[j]) != NULL)
            assert_has (masked, "••••");
          assert_has_not (masked, secrets[j]);
        }
    }
}

/* The word that stands for a token is to be seen, and is no secret. */
static void
test_unknown_token_is_not_masked (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("turn.example.org");
  g_autofree char *plain = NULL;
  g_autofree char *masked = NULL;

  g_free (values->token);
  values->token = g_strdup (TH_SNIPPET_TOKEN_WORD);
  plain = fill ("web-fetch", values);
  masked = th_snippet_fill (find_snippet ("web-fetch"), values, TRUE, NULL);
  assert_has (plain, "'Bearer TOKEN-OF-YOUR-APP'");
  g_assert_cmpstr (masked, ==, plain);
}

static void
assert_state (const char *id, const ThSnippetValues *values, ThSnippetState expected)
{
  ThSnippetState state;
  g_autofree char *text = th_snippet_fill (find_snippet (id), values, FALSE, &state);

  g_assert_cmpint (state, ==, expected);
  g_assert_cmpint (text != NULL, ==, expected == TH_SNIPPET_COMPLETE);
}

static void
test_what_is_missing_is_said (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("turn.example.org");

  g_ptr_array_set_size (values->turn, 0);
  assert_state ("synapse", values, TH_SNIPPET_NO_SERVER);
  assert_state ("peerwave", values, TH_SNIPPET_NO_SERVER);
  assert_state ("nextcloud-talk", values, TH_SNIPPET_NO_SERVER);
  assert_state ("web-module", values, TH_SNIPPET_COMPLETE);
  g_clear_pointer (&values->endpoint, g_free);
  assert_state ("web-module", values, TH_SNIPPET_NO_ENDPOINT);
  assert_state ("web-fetch", values, TH_SNIPPET_NO_ENDPOINT);
  assert_state ("peerwave-route", values, TH_SNIPPET_NO_ENDPOINT);
}

static void
test_uses (void)
{
  const ThSnippet *synapse = find_snippet ("synapse");
  const ThSnippet *module = find_snippet ("web-module");
  const ThSnippet *fetch = find_snippet ("web-fetch");

  g_assert_true (th_snippet_uses (synapse, "secret"));
  g_assert_false (th_snippet_uses (synapse, "endpoint"));
  g_assert_false (th_snippet_uses (synapse, "token"));
  g_assert_false (th_snippet_uses (synapse, "api-secret"));
  g_assert_true (th_snippet_uses (module, "endpoint"));
  g_assert_true (th_snippet_uses (fetch, "endpoint"));
  g_assert_true (th_snippet_uses (fetch, "token"));
  g_assert_false (th_snippet_uses (fetch, "secret"));
}

static void
test_urls_are_taken_apart (void)
{
  const struct {
    const char *url, *type, *host, *url_host, *port, *transport, *protocol;
  } good[] = {
    { "stun:h.example:1", "stun", "h.example", "h.example", "1", "udp", "udp" },
    { "turn:192.0.2.1:3478?transport=tcp", "turn", "192.0.2.1", "192.0.2.1", "3478", "tcp", "tcp" },
    { "turn:[::1]:3478?transport=udp", "turn", "::1", "[::1]", "3478", "udp", "udp" },
    { "turns:h:5349", "turns", "h", "h", "5349", "tcp", "tls" },
    { "turns:h:5349?transport=udp", "turns", "h", "h", "5349", "udp", "tls" },
  };
  const char *bad[] = { "",
                        "turn:",
                        "turn:h",
                        "turn:h:",
                        "turn:::1:3478",
                        "turn:[::1:3478",
                        "turn:h:3478?transport=sctp",
                        "http://h:80/",
                        "stuns:h:1",
                        "turn:h:1 " };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (ThSnippetValues) values = th_snippet_values_new ();
      const ThSnippetServer *server;
      g_autofree char *host_and_port = g_strconcat (good[i].url_host, ":", good[i].port, NULL);

      th_snippet_values_add_url (values, good[i].url);
      server = g_ptr_array_index (i == 0 ? values->stun : values->turn, 0);
      g_assert_cmpstr (server->url, ==, good[i].url);
      g_assert_cmpstr (server->type, ==, good[i].type);
      g_assert_cmpstr (server->host, ==, good[i].host);
      g_assert_cmpstr (server->url_host, ==, good[i].url_host);
      g_assert_cmpstr (server->host_and_port, ==, host_and_port);
      g_assert_cmpstr (server->port, ==, good[i].port);
      g_assert_cmpstr (server->transport, ==, good[i].transport);
      g_assert_cmpstr (server->protocol, ==, good[i].protocol);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (ThSnippetValues) values = th_snippet_values_new ();

      th_snippet_values_add_url (values, bad[i]);
      g_assert_cmpuint (values->stun->len + values->turn->len, ==, 0);
    }
}

static void
test_quotes (void)
{
  const struct {
    ThSnippetLanguage language;
    const char *text, *quoted;
  } rows[] = {
    { TH_SNIPPET_YAML, "abc", "\"abc\"" },
    { TH_SNIPPET_YAML, SECRET, "\"it's a \\\"secret\\\": $x `y` \\\\ #1 <%s>\"" },
    { TH_SNIPPET_YAML, "a\xe2\x80\xa8z", "\"a\\U00002028z\"" },
    { TH_SNIPPET_YAML, "für 🔑", "\"für 🔑\"" },
    { TH_SNIPPET_LUA, SECRET, "\"it's a \\\"secret\\\": $x `y` \\\\ #1 <%s>\"" },
    { TH_SNIPPET_JAVASCRIPT, SECRET, "'it\\'s a \"secret\": $x `y` \\\\ #1 \\u{3C}%s>'" },
    { TH_SNIPPET_JAVASCRIPT, "a\xe2\x80\xa8z", "'a\\u{2028}z'" },
    { TH_SNIPPET_SHELL, "abc-_./:@1", "abc-_./:@1" },
    { TH_SNIPPET_SHELL, "", "''" },
    { TH_SNIPPET_SHELL, "it's $x", "'it'\\''s $x'" },
    { TH_SNIPPET_ENV, "abc-_./:@1", "abc-_./:@1" },
    { TH_SNIPPET_ENV, "", "''" },
    { TH_SNIPPET_ENV, "a #b", "'a #b'" },
    { TH_SNIPPET_ENV, "$x \"y\" \\z", "'$x \"y\" \\z'" },
    { TH_SNIPPET_ENV, "it's", "\"it's\"" },
    { TH_SNIPPET_ENV, "ends with \\", "\"ends with \\\\\"" },
    { TH_SNIPPET_ENV, SECRET, "\"it's a \\\"secret\\\": \\$x \\`y\\` \\\\ #1 <%s>\"" },
    { TH_SNIPPET_CONF, "abc", "abc" },
    { TH_SNIPPET_CONF, "=abc", "\"=abc\"" },
    { TH_SNIPPET_CONF, "\"", "\"\"\"" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *quoted = th_snippet_quote (rows[i].language, rows[i].text);

      g_assert_cmpstr (quoted, ==, rows[i].quoted);
    }
}

static void
test_template (void)
{
  g_autoptr (ThSnippetValues) values = make_values ("h");
  g_autofree char *text =
      th_snippet_template_fill ("{x} {} { {secret\n{each stun}\n{port}{type}\n{end}\n"
                                "{with token}\n1 {token}\n{end}\n{port}{port}}\n\n",
                                TH_SNIPPET_LUA, values, FALSE, NULL);
  g_autofree char *without = NULL;

  g_assert_cmpstr (text, ==, "{x} {} { {secret\n3478\"stun\"\n1 \"token-of-a-test\"\n34783478}\n");
  g_clear_pointer (&values->token, g_free);
  without = th_snippet_template_fill ("{with token}\n1 {token}\n{end}\n{without token}\n2\n{end}\n"
                                      "{without port}\n3\n{end}\n",
                                      TH_SNIPPET_LUA, values, FALSE, NULL);
  g_assert_cmpstr (without, ==, "2\n");
}

static void
test_from_an_engine (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThSnippetValues) values = NULL;
  g_autofree char *endpoint = NULL;
  g_autofree char *uri = NULL;
  g_autofree char *synapse = NULL;

  fixture_set (fixture, TH_SETTING_CREDENTIALS_TTL, "7200");
  fixture_start (fixture);
  values = th_snippet_values_new_from_engine (fixture->engine, NULL);
  endpoint = g_strdup_printf ("http://127.0.0.1:%u", fixture->endpoint_port);
  uri = g_strdup_printf ("- \"turn:127.0.0.1:%u?transport=tcp\"\n", fixture->port);

  g_assert_cmpuint (values->stun->len, ==, 1);
  g_assert_cmpuint (values->turn->len, ==, 2);
  g_assert_cmpstr (values->endpoint, ==, endpoint);
  g_assert_cmpstr (values->realm, ==, "turnhouse");
  g_assert_cmpstr (values->ttl, ==, "7200");
  g_assert_cmpstr (values->secret, ==,
                   th_secret_ring_get_current (th_engine_get_secret_ring (fixture->engine)));
  g_assert_cmpstr (values->api_key, ==,
                   th_secret_ring_get_api_key (th_engine_get_secret_ring (fixture->engine)));
  g_assert_cmpstr (values->api_secret, ==,
                   th_secret_ring_get_api_secret (th_engine_get_secret_ring (fixture->engine)));
  synapse = fill ("synapse", values);
  assert_has (synapse, uri);
  assert_has (synapse, "7200s");
}

static void
assert_token (Fixture *fixture, const char *given, const char *expected)
{
  g_autoptr (ThSnippetValues) values = th_snippet_values_new_from_engine (fixture->engine, given);

  g_assert_cmpstr (values->token, ==, expected);
}

/* Loopback may ask as it is, unless it is told not to; who comes from elsewhere needs a token. */
static void
test_token_of_an_engine (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  assert_token (fixture, NULL, NULL);
  assert_token (fixture, "abc", "abc");
  fixture_set (fixture, TH_SETTING_ENDPOINT_TRUST_LOOPBACK, "false");
  run_pending ();
  assert_token (fixture, NULL, TH_SNIPPET_TOKEN_WORD);
  fixture_set (fixture, TH_SETTING_ENDPOINT_TRUST_LOOPBACK, "true");
  fixture_set (fixture, TH_SETTING_ENDPOINT_HOST, "turn.example.org");
  fixture_set (fixture, TH_SETTING_ENDPOINT_LISTEN, "0.0.0.0");
  run_pending ();
  assert_token (fixture, NULL, TH_SNIPPET_TOKEN_WORD);
}

static void
test_of_a_stopped_engine (Fixture *fixture, gconstpointer data)
{
  g_autoptr (ThSnippetValues) values = th_snippet_values_new_from_engine (fixture->engine, NULL);

  g_assert_null (values->endpoint);
  assert_state ("web-module", values, TH_SNIPPET_NO_ENDPOINT);
  assert_state ("livekit", values, TH_SNIPPET_NO_SERVER);
}

static void
test_local_endpoint (void)
{
  const struct {
    const char *endpoint;
    gboolean local;
  } rows[] = {
    { "http://127.0.0.1:8489", TRUE },     { "http://[::1]:8489", TRUE },
    { "https://localhost:8489", TRUE },    { "http://192.0.2.1:8489", FALSE },
    { "https://turn.example.org", FALSE }, { NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ThSnippetValues) values = th_snippet_values_new ();

      values->endpoint = g_strdup (rows[i].endpoint);
      g_assert_cmpint (th_snippet_values_is_endpoint_local (values), ==, rows[i].local);
    }
}

static void
add_with_engine (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/snippets/table-is-complete", test_table);
  g_test_add_func ("/app/snippets/no-placeholder-is-left", test_no_placeholder_is_left);
  g_test_add_func ("/app/snippets/values-are-there", test_values_are_there);
  g_test_add_func ("/app/snippets/ipv6-in-brackets-where-needed", test_ipv6_in_brackets);
  g_test_add_func ("/app/snippets/only-what-is-listened-on", test_only_what_is_listened_on);
  g_test_add_func ("/app/snippets/masked-holds-no-secret", test_masked);
  g_test_add_func ("/app/snippets/unknown-token-is-not-masked", test_unknown_token_is_not_masked);
  g_test_add_func ("/app/snippets/what-is-missing-is-said", test_what_is_missing_is_said);
  g_test_add_func ("/app/snippets/says-what-it-uses", test_uses);
  g_test_add_func ("/app/snippets/urls-are-taken-apart", test_urls_are_taken_apart);
  g_test_add_func ("/app/snippets/quotes-of-each-language", test_quotes);
  g_test_add_func ("/app/snippets/template", test_template);
  g_test_add_func ("/app/snippets/local-endpoint", test_local_endpoint);
  add_with_engine ("/app/snippets/from-an-engine", test_from_an_engine);
  add_with_engine ("/app/snippets/token-of-an-engine", test_token_of_an_engine);
  add_with_engine ("/app/snippets/of-a-stopped-engine", test_of_a_stopped_engine);
  return g_test_run ();
}
