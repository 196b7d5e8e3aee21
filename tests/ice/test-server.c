/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * URLs of servers: what RFC 7064 and RFC 7065 allow, what people write instead, and that no error
 * repeats what may be a password.
 */
#include <string.h>

#include "ice/ice-server.h"

static const struct {
  const char *url;
  ThIceServerKind kind;
  ThIceTransport transport;
  const char *host;
  guint16 port;
  const char *plain;
} good[] = {
  { "stun:example.org", TH_ICE_STUN, TH_ICE_UDP, "example.org", 3478, "stun:example.org:3478" },
  { "stuns:example.org", TH_ICE_STUN, TH_ICE_TLS, "example.org", 5349, "stuns:example.org:5349" },
  { "turn:example.org", TH_ICE_TURN, TH_ICE_UDP, "example.org", 3478,
    "turn:example.org:3478?transport=udp" },
  { "turns:example.org", TH_ICE_TURN, TH_ICE_TLS, "example.org", 5349,
    "turns:example.org:5349?transport=tcp" },
  { "turn:192.0.2.1:80?transport=tcp", TH_ICE_TURN, TH_ICE_TCP, "192.0.2.1", 80,
    "turn:192.0.2.1:80?transport=tcp" },
  { "turns:example.org:443?transport=udp", TH_ICE_TURN, TH_ICE_DTLS, "example.org", 443,
    "turns:example.org:443?transport=udp" },
  { "turn:[2001:db8::1]:65535", TH_ICE_TURN, TH_ICE_UDP, "2001:db8::1", 65535,
    "turn:[2001:db8::1]:65535?transport=udp" },
  { "turn:[2001:DB8:0:0:0:0:0:1]", TH_ICE_TURN, TH_ICE_UDP, "2001:db8::1", 3478,
    "turn:[2001:db8::1]:3478?transport=udp" },
  { "TURN:Example.ORG?Transport=TCP", TH_ICE_TURN, TH_ICE_TCP, "example.org", 3478,
    "turn:example.org:3478?transport=tcp" },
  { "stun:bücher.example:1", TH_ICE_STUN, TH_ICE_UDP, "xn--bcher-kva.example", 1,
    "stun:xn--bcher-kva.example:1" },
  { "turn:my_relay.local.", TH_ICE_TURN, TH_ICE_UDP, "my_relay.local.", 3478,
    "turn:my_relay.local.:3478?transport=udp" },
};

static const char *const bad[] = {
  "", "stun", "stun:", "turn:", "turn::3478", "turn://example.org", "turn:?transport=udp",
  "http://example.org", "example.org:3478", "turn:example.org:", "turn:example.org:0",
  "turn:example.org:65536", "turn:example.org:123456", "turn:example.org:-1",
  "turn:example.org:3478x", "turn:example.org:+3478", "turn:example.org?transport=",
  "turn:example.org?transport=tls", "turn:example.org?transport=udp&x=1", "turn:example.org?x=1",
  "stun:example.org?transport=udp", "turn:example.org/path", "turn:example.org#here",
  "turn:user:hunter2@example.org", "turn:[2001:db8::1", "turn:[]", "turn:[192.0.2.1]",
  "turn:[fe80::1%eth0]", "turn:[2001:db8::1]x", "turn:2001:db8::1", "turn:192.0.2.256",
  "turn:192.0.2", "turn:1", "turn:a..b", "turn:.a", "turn:exa mple.org", "turn:exam\nple.org",
  "turn:\xff\xfe", "turn:%s%s%n", "turn:例\xe4", "turnx:example.org",
  "turn:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example",
};

static void
test_good (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ThIceServer) server = th_ice_server_new (good[i].url, "u", "p", &error);
      g_autoptr (ThIceServer) again = NULL;

      g_assert_no_error (error);
      g_assert_cmpint (server->kind, ==, good[i].kind);
      g_assert_cmpint (server->transport, ==, good[i].transport);
      g_assert_cmpstr (server->host, ==, good[i].host);
      g_assert_cmpuint (server->port, ==, good[i].port);
      g_assert_cmpstr (server->url, ==, good[i].plain);
      again = th_ice_server_new (server->url, NULL, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (again->url, ==, good[i].plain);
    }
}

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *shown = g_strescape (bad[i], NULL);
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", shown);
      g_assert_null (th_ice_server_new (bad[i], NULL, NULL, &error));
      g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID);
      g_assert_null (strstr (error->message, "hunter2"));
    }
}

static void
test_too_long (void)
{
  g_autofree char *name = g_strnfill (100000, 'a');
  g_autofree char *url = g_strconcat ("turn:", name, NULL);

  g_assert_null (th_ice_server_new (url, NULL, NULL, NULL));
}

static void
test_stun_keeps_no_password (void)
{
  g_autoptr (ThIceServer) server = th_ice_server_new ("stun:example.org", "u", "p", NULL);

  g_assert_null (server->username);
  g_assert_null (server->password);
}

static void
test_copy (void)
{
  g_autoptr (ThIceServer) server = th_ice_server_new ("turns:example.org", "u", "p", NULL);
  g_autoptr (ThIceServer) copy = g_boxed_copy (TH_TYPE_ICE_SERVER, server);

  g_assert_cmpstr (copy->url, ==, server->url);
  g_assert_cmpstr (copy->password, ==, "p");
  g_assert_true (copy->password != server->password);
  g_assert_cmpint (copy->transport, ==, TH_ICE_TLS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/server/what-the-rfcs-allow-is-read", test_good);
  g_test_add_func ("/ice/server/what-they-do-not-is-refused-in-words", test_bad);
  g_test_add_func ("/ice/server/too-long-is-refused", test_too_long);
  g_test_add_func ("/ice/server/stun-keeps-no-password", test_stun_keeps_no_password);
  g_test_add_func ("/ice/server/a-copy-is-its-own", test_copy);
  return g_test_run ();
}
