/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The built-in judgement of peers: every special-purpose block at its edges, and every way to wrap
 * a denied IPv4 address in an IPv6 one. The operator's rules have a test of their own.
 */
#include "turn/peer-policy.h"

#include <string.h>

#include "addresses.h"
#include "turn/cidr.h"

#define OK TH_PEER_ALLOWED
#define SPECIAL TH_PEER_DENIED_SPECIAL
#define LAN TH_PEER_DENIED_LAN
#define LOOPBACK TH_PEER_DENIED_LOOPBACK

/* A block, its own verdict, and those of the addresses just before and after it. */
typedef struct {
  const char *network;
  ThPeerVerdict inside;
  ThPeerVerdict before;
  ThPeerVerdict after;
} Block;

static const Block blocks[] = {
  { "0.0.0.0/8", SPECIAL, SPECIAL, OK },
  { "0.0.0.0/32", SPECIAL, SPECIAL, SPECIAL },
  { "10.0.0.0/8", LAN, OK, OK },
  { "100.64.0.0/10", SPECIAL, OK, OK },
  { "127.0.0.0/8", LOOPBACK, OK, OK },
  { "168.63.129.16/32", SPECIAL, OK, OK },
  { "169.254.0.0/16", SPECIAL, OK, OK },
  { "169.254.169.254/32", SPECIAL, SPECIAL, SPECIAL },
  { "172.16.0.0/12", LAN, OK, OK },
  { "192.0.0.0/24", SPECIAL, OK, OK },
  { "192.0.0.9/32", SPECIAL, SPECIAL, SPECIAL },
  { "192.0.0.10/32", SPECIAL, SPECIAL, SPECIAL },
  { "192.0.2.0/24", SPECIAL, OK, OK },
  { "192.31.196.0/24", OK, OK, OK },
  { "192.52.193.0/24", OK, OK, OK },
  { "192.88.99.0/24", SPECIAL, OK, OK },
  { "192.168.0.0/16", LAN, OK, OK },
  { "192.175.48.0/24", OK, OK, OK },
  { "198.18.0.0/15", SPECIAL, OK, OK },
  { "198.51.100.0/24", SPECIAL, OK, OK },
  { "203.0.113.0/24", SPECIAL, OK, OK },
  { "224.0.0.0/4", SPECIAL, OK, SPECIAL },
  { "240.0.0.0/4", SPECIAL, SPECIAL, SPECIAL },
  { "255.255.255.255/32", SPECIAL, SPECIAL, SPECIAL },

  { "::/128", SPECIAL, SPECIAL, LOOPBACK },
  { "::1/128", LOOPBACK, SPECIAL, SPECIAL },
  { "::/96", SPECIAL, SPECIAL, SPECIAL },
  { "::808:808/128", SPECIAL, SPECIAL, SPECIAL },
  { "::ffff:0:0/96", SPECIAL, SPECIAL, SPECIAL },
  { "::ffff:808:808/128", SPECIAL, SPECIAL, SPECIAL },
  { "::ffff:0:0:0/96", SPECIAL, SPECIAL, SPECIAL },
  { "64:ff9b::/96", SPECIAL, SPECIAL, SPECIAL },
  { "64:ff9b::808:808/128", OK, OK, OK },
  { "64:ff9b::a00:0/104", LAN, OK, OK },
  { "64:ff9b:1::/48", SPECIAL, SPECIAL, SPECIAL },
  { "64:ff9b:1::808:808/128", SPECIAL, SPECIAL, SPECIAL },
  { "100::/64", SPECIAL, SPECIAL, SPECIAL },
  { "100:0:0:1::/64", SPECIAL, SPECIAL, SPECIAL },
  { "2000::/3", OK, SPECIAL, SPECIAL },
  { "2001::/23", SPECIAL, OK, OK },
  { "2001::/32", SPECIAL, OK, SPECIAL },
  { "2001:1::1/128", SPECIAL, SPECIAL, SPECIAL },
  { "2001:1::2/128", SPECIAL, SPECIAL, SPECIAL },
  { "2001:1::3/128", SPECIAL, SPECIAL, SPECIAL },
  { "2001:2::/48", SPECIAL, SPECIAL, SPECIAL },
  { "2001:3::/32", OK, SPECIAL, SPECIAL },
  { "2001:4:112::/48", OK, SPECIAL, SPECIAL },
  { "2001:10::/28", SPECIAL, SPECIAL, OK },
  { "2001:20::/28", OK, SPECIAL, OK },
  { "2001:30::/28", OK, OK, SPECIAL },
  { "2001:db8::/32", SPECIAL, OK, OK },
  { "2002::/16", SPECIAL, OK, OK },
  { "2002:808:808::/48", OK, OK, OK },
  { "2002:7f00::/24", LOOPBACK, OK, OK },
  { "2002:c0a8::/32", LAN, OK, OK },
  { "2620:4f:8000::/48", OK, OK, OK },
  { "3fff::/20", SPECIAL, OK, OK },
  { "5f00::/16", SPECIAL, SPECIAL, SPECIAL },
  { "fc00::/7", LAN, SPECIAL, SPECIAL },
  { "fd00:42::42/128", SPECIAL, LAN, LAN },
  { "fd00:c1::a9fe:a9fe/128", SPECIAL, LAN, LAN },
  { "fd00:100::100:200/128", SPECIAL, LAN, LAN },
  { "fd00:ec2::/32", SPECIAL, LAN, LAN },
  { "fd00:a9fe:a9fe::1/128", SPECIAL, LAN, LAN },
  { "fd20:ce::254/128", SPECIAL, LAN, LAN },
  { "fe80::/10", SPECIAL, SPECIAL, SPECIAL },
  { "fec0::/10", SPECIAL, SPECIAL, SPECIAL },
  { "ff00::/8", SPECIAL, SPECIAL, SPECIAL },
};

/* All IPv4 hosts that must stay out of reach, however they are wrapped. */
static const char *const denied_ipv4[] = {
  "0.0.0.0",      "0.1.2.3",         "10.0.0.1",    "100.64.0.1",      "127.0.0.1",
  "127.255.0.1",  "168.63.129.16",   "169.254.0.1", "169.254.169.254", "172.16.0.1",
  "172.31.255.9", "192.0.0.9",       "192.0.2.1",   "192.88.99.1",     "192.168.1.1",
  "198.18.0.1",   "198.51.100.1",    "203.0.113.1", "224.0.0.1",       "239.255.255.250",
  "240.0.0.1",    "255.255.255.255",
};

/* What stands before and after the four bytes of an IPv4 address in hexadecimal. */
typedef struct {
  const char *before;
  const char *after;
} Wrapper;

/* Wrappers that carry nobody to the public internet: even a public IPv4 host inside is denied. */
static const Wrapper closed_wrappers[] = {
  { "::", "" }, { "::ffff:", "" }, { "::ffff:0:", "" }, { "64:ff9b:1::", "" }, { "2001:0:", "::" },
};

/* Wrappers in which the IPv4 host decides. */
static const Wrapper open_wrappers[] = {
  { "64:ff9b::", "" },
  { "2002:", "::1" },
};

static ThPeerPolicy *
plain_policy (gboolean allow_lan)
{
  return th_peer_policy_new (NULL, NULL, allow_lan, NULL);
}

static void
assert_verdict (const ThPeerPolicy *policy, const ThAddress *peer, ThPeerVerdict expected)
{
  ThPeerVerdict verdict = th_peer_policy_judge (policy, peer);
  char text[TH_ADDRESS_STRING_SIZE];

  if (verdict != expected)
    g_error ("%s is judged to be %s, and not %s", th_address_format (peer, text),
             th_peer_verdict_describe (verdict), th_peer_verdict_describe (expected));
}

static void
fill_host_bits (const ThCidr *network, guint8 *bytes)
{
  guint size = network->family == TH_STUN_FAMILY_IPV6 ? 128 : 32;

  for (guint bit = network->bits; bit < size; bit++)
    bytes[bit / 8] |= (guint8) (0x80 >> bit % 8);
}

/* The next address up or down; FALSE where there is none. */
static gboolean
step (ThStunFamily family, guint8 *bytes, gboolean up)
{
  gint last = family == TH_STUN_FAMILY_IPV6 ? 15 : 3;
  guint8 edge = up ? 0xff : 0;

  while (last >= 0 && bytes[last] == edge)
    bytes[last--] = (guint8) ~edge;
  if (last < 0)
    return FALSE;
  bytes[last] += up ? 1 : 0xff;
  return TRUE;
}

static void
assert_block (const ThPeerPolicy *policy, const Block *block)
{
  ThAddress peer;
  guint8 bytes[16];
  ThCidr network;

  g_assert_true (th_cidr_parse (block->network, &network, NULL));

  memcpy (bytes, network.bytes, sizeof bytes);
  th_address_init_bytes (&peer, network.family, bytes, 9);
  assert_verdict (policy, &peer, block->inside);
  if (step (network.family, bytes, FALSE))
    {
      th_address_init_bytes (&peer, network.family, bytes, 9);
      assert_verdict (policy, &peer, block->before);
    }

  memcpy (bytes, network.bytes, sizeof bytes);
  fill_host_bits (&network, bytes);
  th_address_init_bytes (&peer, network.family, bytes, 9);
  assert_verdict (policy, &peer, block->inside);
  if (step (network.family, bytes, TRUE))
    {
      th_address_init_bytes (&peer, network.family, bytes, 9);
      assert_verdict (policy, &peer, block->after);
    }
}

static void
test_every_block_at_its_edges (void)
{
  g_autoptr (ThPeerPolicy) policy = plain_policy (FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    assert_block (policy, &blocks[i]);
}

/* With the LAN allowed, plain private addresses are; wrapped ones are not. */
static ThPeerVerdict
with_lan (const char *network, ThPeerVerdict verdict)
{
  gboolean wrapped = g_str_has_prefix (network, "64:") || g_str_has_prefix (network, "2002:");

  return verdict == LAN && !wrapped ? OK : verdict;
}

static void
test_allowing_the_lan_lifts_private_ranges_only (void)
{
  g_autoptr (ThPeerPolicy) policy = plain_policy (TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (blocks); i++)
    {
      Block block = blocks[i];

      block.inside = with_lan (block.network, block.inside);
      block.before = with_lan (block.network, block.before);
      block.after = with_lan (block.network, block.after);
      assert_block (policy, &block);
    }
}

static ThAddress
wrap_inverted (const Wrapper *wrapper, const char *ipv4, guint8 invert)
{
  ThAddress inner = address (ipv4);
  gsize length;
  const guint8 *b = th_address_bytes (&inner, &length);
  g_autofree char *text =
      g_strdup_printf ("%s%02x%02x:%02x%02x%s", wrapper->before, b[0] ^ invert, b[1] ^ invert,
                       b[2] ^ invert, b[3] ^ invert, wrapper->after);

  return address (text);
}

static ThAddress
wrap (const Wrapper *wrapper, const char *ipv4)
{
  return wrap_inverted (wrapper, ipv4, 0);
}

/* Teredo keeps its client inverted, behind a server that may be anybody. */
static ThAddress
wrap_as_teredo_client (const char *ipv4)
{
  const Wrapper teredo = { "2001:0:808:808:0:0:", "" };

  return wrap_inverted (&teredo, ipv4, 0xff);
}

static void
assert_denied (const ThPeerPolicy *policy, ThAddress peer)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (th_peer_verdict_allows (th_peer_policy_judge (policy, &peer)))
    g_error ("%s is allowed", th_address_format (&peer, text));
}

static void
assert_all_wrappers_denied (const ThPeerPolicy *policy, const char *ipv4)
{
  for (gsize i = 0; i < G_N_ELEMENTS (closed_wrappers); i++)
    assert_denied (policy, wrap (&closed_wrappers[i], ipv4));
  for (gsize i = 0; i < G_N_ELEMENTS (open_wrappers); i++)
    assert_denied (policy, wrap (&open_wrappers[i], ipv4));
  assert_denied (policy, wrap_as_teredo_client (ipv4));
}

static void
test_denied_ipv4_in_every_wrapper (void)
{
  g_autoptr (ThPeerPolicy) strict = plain_policy (FALSE);
  g_autoptr (ThPeerPolicy) with_lan_peers = plain_policy (TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (denied_ipv4); i++)
    {
      assert_denied (strict, address (denied_ipv4[i]));
      assert_all_wrappers_denied (strict, denied_ipv4[i]);
      assert_all_wrappers_denied (with_lan_peers, denied_ipv4[i]);
    }
}

static void
test_public_ipv4_in_every_wrapper (void)
{
  g_autoptr (ThPeerPolicy) policy = plain_policy (FALSE);

  for (gsize i = 0; i < G_N_ELEMENTS (closed_wrappers); i++)
    assert_denied (policy, wrap (&closed_wrappers[i], "8.8.8.8"));
  assert_denied (policy, wrap_as_teredo_client ("8.8.8.8"));
  for (gsize i = 0; i < G_N_ELEMENTS (open_wrappers); i++)
    {
      ThAddress peer = wrap (&open_wrappers[i], "8.8.8.8");

      assert_verdict (policy, &peer, OK);
    }
}

static void
test_no_address_is_denied (void)
{
  g_autoptr (ThPeerPolicy) policy = plain_policy (TRUE);
  ThAddress none = TH_ADDRESS_NONE;

  assert_verdict (policy, &none, SPECIAL);
}

static void
test_ports_do_not_count (void)
{
  g_autoptr (ThPeerPolicy) policy = plain_policy (FALSE);

  for (guint port = 0; port <= G_MAXUINT16; port += 4369)
    {
      ThAddress public = address_and_port ("8.8.8.8", (guint16) port);
      ThAddress private = address_and_port ("10.0.0.1", (guint16) port);

      assert_verdict (policy, &public, OK);
      assert_verdict (policy, &private, LAN);
    }
}

static void
test_verdicts_are_described (void)
{
  g_assert_true (th_peer_verdict_allows (TH_PEER_ALLOWED));
  g_assert_true (th_peer_verdict_allows (TH_PEER_ALLOWED_BY_RULE));
  g_assert_false (th_peer_verdict_allows (TH_PEER_DENIED_SPECIAL));
  g_assert_false (th_peer_verdict_allows (TH_PEER_DENIED_LAN));
  g_assert_false (th_peer_verdict_allows (TH_PEER_DENIED_LOOPBACK));
  g_assert_false (th_peer_verdict_allows (TH_PEER_DENIED_BY_RULE));
  g_assert_cmpstr (th_peer_verdict_describe (TH_PEER_DENIED_LAN), ==, "a private network address");
  for (gint i = TH_PEER_ALLOWED; i < TH_PEER_ALLOWED_BY_RULE; i++)
    {
      for (gint j = i + 1; j <= TH_PEER_ALLOWED_BY_RULE; j++)
        g_assert_cmpstr (th_peer_verdict_describe ((ThPeerVerdict) i), !=,
                         th_peer_verdict_describe ((ThPeerVerdict) j));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/peer-policy/every-block-at-its-edges", test_every_block_at_its_edges);
  g_test_add_func ("/turn/peer-policy/allowing-the-lan-lifts-private-ranges-only",
                   test_allowing_the_lan_lifts_private_ranges_only);
  g_test_add_func ("/turn/peer-policy/denied-ipv4-in-every-wrapper",
                   test_denied_ipv4_in_every_wrapper);
  g_test_add_func ("/turn/peer-policy/public-ipv4-in-every-wrapper",
                   test_public_ipv4_in_every_wrapper);
  g_test_add_func ("/turn/peer-policy/no-address-is-denied", test_no_address_is_denied);
  g_test_add_func ("/turn/peer-policy/ports-do-not-count", test_ports_do_not_count);
  g_test_add_func ("/turn/peer-policy/verdicts-are-described", test_verdicts_are_described);
  return g_test_run ();
}
