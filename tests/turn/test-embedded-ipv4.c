/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * IPv4 inside IPv6: each form is found with the right hosts, and nothing is found where there is
 * nothing.
 */
#include "turn/embedded-ipv4.h"

#include "addresses.h"

typedef struct {
  const char *ipv6;
  guint bits;
  const char *hosts[TH_EMBEDDED_IPV4_MAX];
} Form;

static const Form forms[] = {
  { "::203.0.114.5", 96, { "203.0.114.5" } },
  { "::0.0.0.2", 96, { "0.0.0.2" } },
  { "::ffff:203.0.114.5", 96, { "203.0.114.5" } },
  { "::ffff:0:203.0.114.5", 96, { "203.0.114.5" } },
  { "64:ff9b::203.0.114.5", 96, { "203.0.114.5" } },
  { "64:ff9b:1::203.0.114.5", 48, { "203.0.114.5", "0.0.0.203", "0.0.0.0", "0.0.0.0" } },
  { "64:ff9b:1:0:cb:72:500::", 48, { "5.0.0.0", "203.0.114.5", "0.203.0.114", "0.0.203.0" } },
  { "64:ff9b:1:cb:0:7205::", 48, { "0.0.0.0", "0.114.5.0", "203.0.114.5", "0.203.0.114" } },
  { "64:ff9b:1:cb00:72:500::", 48, { "0.0.0.0", "114.5.0.0", "0.114.5.0", "203.0.114.5" } },
  { "2002:cb00:7205::1", 16, { "203.0.114.5" } },
  { "2002:cb00:7205:ffff:ffff:ffff:ffff:ffff", 16, { "203.0.114.5" } },
  { "2001:0:cb00:7205:8000:63bf:3fff:fdd2", 32, { "203.0.114.5", "192.0.2.45" } },
};

static const char *const plain[] = {
  "::",
  "::1",
  "::1:0:0:0:0",
  "::fffe:203.0.114.5",
  "::1:ffff:203.0.114.5",
  "64:ff9a::203.0.114.5",
  "64:ff9b:0:0:0:1:203.0.114.5",
  "64:ff9b:2::203.0.114.5",
  "2001:1:cb00:7205::",
  "2003:cb00:7205::",
  "2606:4700:4700::1111",
  "fe80::1",
  "203.0.114.5",
};

static void
assert_hosts (const Form *form)
{
  ThAddress ipv6 = address (form->ipv6);
  ThEmbeddedIpv4 found;
  guint n_expected = 0;

  while (n_expected < TH_EMBEDDED_IPV4_MAX && form->hosts[n_expected] != NULL)
    n_expected++;

  th_embedded_ipv4_find (&ipv6, &found);
  g_assert_cmpuint (found.n_hosts, ==, n_expected);
  g_assert_cmpuint (found.bits, ==, form->bits);
  for (guint i = 0; i < n_expected; i++)
    {
      ThAddress host;
      char text[TH_ADDRESS_STRING_SIZE];

      th_address_init_bytes (&host, TH_STUN_FAMILY_IPV4, found.hosts[i], 0);
      g_assert_cmpstr (th_address_format_host (&host, text), ==, form->hosts[i]);
    }
}

static void
test_every_form_is_found (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    assert_hosts (&forms[i]);
}

static void
test_plain_addresses_embed_nothing (void)
{
  ThEmbeddedIpv4 found;
  ThAddress none = TH_ADDRESS_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      ThAddress host = address (plain[i]);

      th_embedded_ipv4_find (&host, &found);
      g_assert_cmpuint (found.n_hosts, ==, 0);
      g_assert_cmpuint (found.bits, ==, 0);
    }
  th_embedded_ipv4_find (&none, &found);
  g_assert_cmpuint (found.n_hosts, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/embedded-ipv4/every-form-is-found", test_every_form_is_found);
  g_test_add_func ("/turn/embedded-ipv4/plain-addresses-embed-nothing",
                   test_plain_addresses_embed_nothing);
  return g_test_run ();
}
