/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The operator's allow and deny lists in the judgement of peers: what wins over what, and how far
 * a rule reaches into IPv6 addresses that embed IPv4.
 */
#include <string.h>

#include "addresses.h"
#include "turn/peer-policy.h"

typedef const char *const Rules[4];

static ThPeerPolicy *
policy_of (Rules allow, Rules deny)
{
  g_autoptr (GError) error = NULL;
  ThPeerPolicy *policy = th_peer_policy_new (allow, deny, FALSE, &error);

  g_assert_no_error (error);
  return policy;
}

static ThPeerVerdict
judge (const ThPeerPolicy *policy, const char *host)
{
  ThAddress peer = address (host);

  return th_peer_policy_judge (policy, &peer);
}

static void
test_deny_wins_over_allow (void)
{
  Rules allow = { "192.0.2.0/24", "8.8.8.8" };
  Rules deny = { "192.0.2.128/25", "8.8.0.0/16" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, deny);

  g_assert_cmpint (judge (policy, "192.0.2.127"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "192.0.2.128"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "8.8.8.8"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "8.9.0.0"), ==, TH_PEER_ALLOWED);
}

static void
test_allow_wins_over_the_tables (void)
{
  Rules allow = { "127.0.0.0/8", "::1", "fe80::/10" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, NULL);

  g_assert_cmpint (judge (policy, "127.0.0.1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "::1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "fe80::1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "::"), ==, TH_PEER_DENIED_SPECIAL);
  g_assert_cmpint (judge (policy, "10.0.0.1"), ==, TH_PEER_DENIED_LAN);
}

static void
test_deny_wins_over_the_lan_setting (void)
{
  Rules deny = { "192.168.1.1" };
  g_autoptr (ThPeerPolicy) policy = th_peer_policy_new (NULL, deny, TRUE, NULL);

  g_assert_cmpint (judge (policy, "192.168.1.1"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "192.168.1.2"), ==, TH_PEER_ALLOWED);
}

static void
test_denied_ipv4_is_denied_in_every_wrapper (void)
{
  static const char *const wrapped[] = {
    "8.8.8.8",
    "::8.8.8.8",
    "::ffff:8.8.8.8",
    "::ffff:0:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::8.8.8.8",
    "64:ff9b:1:808:8:800::",
    "64:ff9b:1:8:8:808::",
    "64:ff9b:1:0:8:808:800::",
    "2002:808:808::",
    "2001:0:808:808::",
    "2001:0:102:304::f7f7:f7f7",
  };
  Rules allow = { "::/0", "64:ff9b:1::/48", "2001::/32" };
  Rules deny = { "8.8.8.0/24" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, deny);

  for (gsize i = 0; i < G_N_ELEMENTS (wrapped); i++)
    g_assert_cmpint (judge (policy, wrapped[i]), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "64:ff9b::8.8.9.8"), ==, TH_PEER_ALLOWED);
}

static void
test_denied_mapped_network_means_the_ipv4_hosts (void)
{
  Rules deny = { "::ffff:8.8.8.0/120", "::ffff:9.9.9.9" };
  g_autoptr (ThPeerPolicy) policy = policy_of (NULL, deny);

  g_assert_cmpint (judge (policy, "8.8.8.8"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "9.9.9.9"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "::ffff:8.8.8.8"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "64:ff9b::8.8.8.8"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "8.8.9.8"), ==, TH_PEER_ALLOWED);
}

static void
test_denying_all_ipv6_leaves_ipv4 (void)
{
  Rules deny = { "::/0" };
  g_autoptr (ThPeerPolicy) policy = policy_of (NULL, deny);

  g_assert_cmpint (judge (policy, "2606:4700::1"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "::1"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "8.8.8.8"), ==, TH_PEER_ALLOWED);
}

static void
test_allowed_ipv4_opens_no_wrapper (void)
{
  static const char *const wrapped[] = {
    "::127.0.0.1",          "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1",
    "64:ff9b:1::127.0.0.1", "2002:7f00:1::",    "2001:0:7f00:1::",    "2001::80ff:fffe",
  };
  Rules allow = { "127.0.0.0/8", "0.0.0.0/0" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, NULL);

  g_assert_cmpint (judge (policy, "127.0.0.1"), ==, TH_PEER_ALLOWED_BY_RULE);
  for (gsize i = 0; i < G_N_ELEMENTS (wrapped); i++)
    g_assert_false (th_peer_verdict_allows (judge (policy, wrapped[i])));
}

static void
test_wide_ipv6_rule_opens_no_wrapper (void)
{
  Rules allow = { "::/0", "2000::/3", "::/95" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, NULL);

  g_assert_cmpint (judge (policy, "fd00::1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "::1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_false (th_peer_verdict_allows (judge (policy, "::127.0.0.1")));
  g_assert_false (th_peer_verdict_allows (judge (policy, "::ffff:127.0.0.1")));
  g_assert_false (th_peer_verdict_allows (judge (policy, "::ffff:8.8.8.8")));
  g_assert_false (th_peer_verdict_allows (judge (policy, "64:ff9b::10.0.0.1")));
  g_assert_false (th_peer_verdict_allows (judge (policy, "2002:a00:1::")));
  g_assert_false (th_peer_verdict_allows (judge (policy, "2001:0:808:808::")));
  g_assert_cmpint (judge (policy, "2002:808:808::"), ==, TH_PEER_ALLOWED);
}

static void
test_narrow_ipv6_rule_opens_its_wrapper (void)
{
  Rules allow = { "::ffff:10.0.0.0/104", "64:ff9b::a00:0/104", "64:ff9b:1::/48" };
  g_autoptr (ThPeerPolicy) policy = policy_of (allow, NULL);

  g_assert_cmpint (judge (policy, "::ffff:10.0.0.1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "64:ff9b::10.0.0.1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "64:ff9b:1::10.0.0.1"), ==, TH_PEER_ALLOWED_BY_RULE);
  g_assert_cmpint (judge (policy, "10.0.0.1"), ==, TH_PEER_DENIED_LAN);
  g_assert_cmpint (judge (policy, "2002:a00:1::"), ==, TH_PEER_DENIED_LAN);
  g_assert_cmpint (judge (policy, "::ffff:11.0.0.1"), ==, TH_PEER_DENIED_SPECIAL);
}

static void
test_ipv6_rules_compare_whole_addresses (void)
{
  Rules deny = { "2a00:0:ff00::/40" };
  g_autoptr (ThPeerPolicy) policy = policy_of (NULL, deny);

  g_assert_cmpint (judge (policy, "2a00:0:ff00::"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "2a00:0:ffff:ffff:0:0:0:1"), ==, TH_PEER_DENIED_BY_RULE);
  g_assert_cmpint (judge (policy, "2a00:0:feff:ffff:ffff:ffff:ffff:ffff"), ==, TH_PEER_ALLOWED);
  g_assert_cmpint (judge (policy, "2a00:1::"), ==, TH_PEER_ALLOWED);
  g_assert_cmpint (judge (policy, "2a01:0:ff00::"), ==, TH_PEER_ALLOWED);
}

static void
test_bad_rules_are_told_apart (void)
{
  Rules good = { "10.0.0.0/8" };
  Rules bad = { "10.0.0.0/8", "10.0.0.1/8" };
  g_autoptr (GError) in_allow = NULL;
  g_autoptr (GError) in_deny = NULL;

  g_assert_null (th_peer_policy_new (bad, good, FALSE, &in_allow));
  g_assert_error (in_allow, TH_PEER_POLICY_ERROR, TH_PEER_POLICY_ERROR_ALLOW);
  g_assert_nonnull (strstr (in_allow->message, "10.0.0.1/8"));
  g_assert_null (th_peer_policy_new (good, bad, FALSE, &in_deny));
  g_assert_error (in_deny, TH_PEER_POLICY_ERROR, TH_PEER_POLICY_ERROR_DENY);
  g_assert_null (th_peer_policy_new (good, bad, FALSE, NULL));
}

static void
test_references (void)
{
  ThPeerPolicy *policy = policy_of (NULL, NULL);

  g_assert_true (th_peer_policy_ref (policy) == policy);
  th_peer_policy_unref (policy);
  g_assert_cmpint (judge (policy, "8.8.8.8"), ==, TH_PEER_ALLOWED);
  th_peer_policy_unref (policy);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/peer-rules/deny-wins-over-allow", test_deny_wins_over_allow);
  g_test_add_func ("/turn/peer-rules/allow-wins-over-the-tables", test_allow_wins_over_the_tables);
  g_test_add_func ("/turn/peer-rules/deny-wins-over-the-lan-setting",
                   test_deny_wins_over_the_lan_setting);
  g_test_add_func ("/turn/peer-rules/denied-ipv4-is-denied-in-every-wrapper",
                   test_denied_ipv4_is_denied_in_every_wrapper);
  g_test_add_func ("/turn/peer-rules/denied-mapped-network-means-the-ipv4-hosts",
                   test_denied_mapped_network_means_the_ipv4_hosts);
  g_test_add_func ("/turn/peer-rules/denying-all-ipv6-leaves-ipv4",
                   test_denying_all_ipv6_leaves_ipv4);
  g_test_add_func ("/turn/peer-rules/allowed-ipv4-opens-no-wrapper",
                   test_allowed_ipv4_opens_no_wrapper);
  g_test_add_func ("/turn/peer-rules/wide-ipv6-rule-opens-no-wrapper",
                   test_wide_ipv6_rule_opens_no_wrapper);
  g_test_add_func ("/turn/peer-rules/narrow-ipv6-rule-opens-its-wrapper",
                   test_narrow_ipv6_rule_opens_its_wrapper);
  g_test_add_func ("/turn/peer-rules/ipv6-rules-compare-whole-addresses",
                   test_ipv6_rules_compare_whole_addresses);
  g_test_add_func ("/turn/peer-rules/bad-rules-are-told-apart", test_bad_rules_are_told_apart);
  g_test_add_func ("/turn/peer-rules/references", test_references);
  return g_test_run ();
}
