/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of transport addresses: text both ways, what the kernel writes, and comparisons.
 */
#include <string.h>

#include "stun/address.h"

static ThAddress
address (const char *text, guint16 port)
{
  ThAddress result = TH_ADDRESS_NONE;

  g_assert_true (th_address_parse (&result, text, port));
  return result;
}

static void
test_parse_and_format (void)
{
  static const struct {
    const char *text, *formatted;
    ThStunFamily family;
  } cases[] = {
    { "192.0.2.1", "192.0.2.1:3478", TH_STUN_FAMILY_IPV4 },
    { "255.255.255.255", "255.255.255.255:3478", TH_STUN_FAMILY_IPV4 },
    { "2001:db8::1", "[2001:db8::1]:3478", TH_STUN_FAMILY_IPV6 },
    { "[2001:db8::1]", "[2001:db8::1]:3478", TH_STUN_FAMILY_IPV6 },
    { "::ffff:192.0.2.1", "[::ffff:192.0.2.1]:3478", TH_STUN_FAMILY_IPV6 },
    { "::", "[::]:3478", TH_STUN_FAMILY_IPV6 },
    { "1111:2222:3333:4444:5555:6666:123.123.123.123",
      "[1111:2222:3333:4444:5555:6666:7b7b:7b7b]:3478", TH_STUN_FAMILY_IPV6 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ThAddress parsed = address (cases[i].text, 3478);
      char buffer[TH_ADDRESS_STRING_SIZE];

      g_assert_cmpstr (th_address_format (&parsed, buffer), ==, cases[i].formatted);
      g_assert_cmpint (th_address_family (&parsed), ==, cases[i].family);
      g_assert_cmpuint (th_address_port (&parsed), ==, 3478);
    }
}

static void
test_longest_text_fits (void)
{
  ThAddress longest = address ("abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd", 65535);
  char buffer[TH_ADDRESS_STRING_SIZE];

  g_assert_cmpstr (th_address_format (&longest, buffer), ==,
                   "[abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd]:65535");
  g_assert_cmpstr (th_address_format_host (&longest, buffer), ==,
                   "abcd:abcd:abcd:abcd:abcd:abcd:abcd:abcd");
}

static void
test_unset_has_a_text_too (void)
{
  ThAddress none = TH_ADDRESS_NONE;
  char buffer[TH_ADDRESS_STRING_SIZE];

  g_assert_false (th_address_is_set (&none));
  g_assert_cmpstr (th_address_format (&none, buffer), ==, "(none)");
}

static void
test_parse_rejects (void)
{
  static const char *const texts[] = {
    "",        "example.org", "192.0.2",         "192.0.2.256", "192.0.2.1:80", "[192.0.2.1]", "[",
    "[]",      "[::1",        "::1]",            "1::2::3",     "192.0.2.1 ",   "0x7f.1",
    "fe80::1%eth0", "1111:2222:3333:4444:5555:6666:123.123.123.1234",
    "1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc:dddd:eeee",
  };
  const ThAddress before = address ("192.0.2.7", 7);

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ThAddress parsed = before;

      g_assert_false (th_address_parse (&parsed, texts[i], 1));
      g_assert_cmpmem (&parsed, sizeof parsed, &before, sizeof before);
    }
}

static void
test_bytes_both_ways (void)
{
  static const guint8 host[16] = { 0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 };
  const ThStunFamily families[] = { TH_STUN_FAMILY_IPV4, TH_STUN_FAMILY_IPV6 };
  const gsize lengths[] = { 4, 16 };

  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    {
      ThAddress made;
      gsize length;
      const guint8 *bytes;

      th_address_init_bytes (&made, families[i], host, 0xABCD);
      bytes = th_address_bytes (&made, &length);
      g_assert_cmpmem (bytes, length, host, lengths[i]);
      g_assert_cmpuint (th_address_port (&made), ==, 0xABCD);
      g_assert_cmpint (th_address_family (&made), ==, families[i]);
    }
}

static void
test_from_sockaddr (void)
{
  const ThAddress sources[] = { address ("192.0.2.1", 1), address ("2001:db8::1", 2) };

  for (gsize i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      gsize size = th_address_size (&sources[i]);

      for (gsize length = 0; length <= size; length++)
        {
          /* exactly that many bytes, and at an odd address */
          g_autofree guint8 *room = g_malloc (length + 1);
          void *copy = room + 1;
          ThAddress taken = TH_ADDRESS_NONE;

          memcpy (copy, &sources[i], length);
          g_assert_cmpint (th_address_from_sockaddr (&taken, copy, length), ==, length == size);
          g_assert_cmpint (th_address_equal (&taken, &sources[i]), ==, length == size);
        }
    }
}

static void
test_from_sockaddr_rejects_other_families (void)
{
  struct sockaddr_storage storage = { .ss_family = AF_UNIX };
  ThAddress taken = TH_ADDRESS_NONE;

  g_assert_false (
      th_address_from_sockaddr (&taken, (const struct sockaddr *) &storage, sizeof storage));
  storage.ss_family = AF_UNSPEC;
  g_assert_false (
      th_address_from_sockaddr (&taken, (const struct sockaddr *) &storage, sizeof storage));
}

static void
test_equal (void)
{
  ThAddress a = address ("2001:db8::1", 1), b = a;
  ThAddress none = TH_ADDRESS_NONE, other_none = TH_ADDRESS_NONE;
  ThAddress v4 = address ("0.0.0.0", 0), v6 = address ("::", 0);

  b.v6.sin6_scope_id = 3;
  b.v6.sin6_flowinfo = 4;
  g_assert_true (th_address_equal (&a, &b));
  th_address_set_port (&b, 2);
  g_assert_false (th_address_equal (&a, &b));
  g_assert_true (th_address_same_host (&a, &b));
  b = address ("2001:db8::2", 1);
  g_assert_false (th_address_same_host (&a, &b));
  b = address ("2002:db8::1", 1);
  g_assert_false (th_address_same_host (&a, &b));

  g_assert_true (th_address_equal (&none, &other_none));
  g_assert_false (th_address_equal (&none, &v4));
  g_assert_false (th_address_same_host (&v4, &v6));
}

static void
test_loopback_and_wildcard (void)
{
  static const char *const loopbacks[] = { "127.0.0.1", "127.255.255.254", "::1",
                                           "::ffff:127.0.0.1" };
  static const char *const wildcards[] = { "0.0.0.0", "::", "::ffff:0.0.0.0" };
  static const char *const others[] = { "128.0.0.1", "126.255.255.255", "0.0.0.1", "::2",
                                        "::ffff:192.0.2.1", "1::" };
  ThAddress none = TH_ADDRESS_NONE;

  for (gsize i = 0; i < G_N_ELEMENTS (loopbacks); i++)
    {
      ThAddress loopback = address (loopbacks[i], 1);

      g_assert_true (th_address_is_loopback (&loopback));
      g_assert_false (th_address_is_wildcard (&loopback));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (wildcards); i++)
    {
      ThAddress wildcard = address (wildcards[i], 1);

      g_assert_true (th_address_is_wildcard (&wildcard));
      g_assert_false (th_address_is_loopback (&wildcard));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    {
      ThAddress other = address (others[i], 1);

      g_assert_false (th_address_is_wildcard (&other));
      g_assert_false (th_address_is_loopback (&other));
    }
  g_assert_false (th_address_is_loopback (&none));
  g_assert_false (th_address_is_wildcard (&none));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/address/parse-and-format", test_parse_and_format);
  g_test_add_func ("/stun/address/longest-text-fits", test_longest_text_fits);
  g_test_add_func ("/stun/address/unset-has-a-text-too", test_unset_has_a_text_too);
  g_test_add_func ("/stun/address/parse-rejects-what-is-no-number", test_parse_rejects);
  g_test_add_func ("/stun/address/bytes-both-ways", test_bytes_both_ways);
  g_test_add_func ("/stun/address/from-sockaddr-of-every-length", test_from_sockaddr);
  g_test_add_func ("/stun/address/from-sockaddr-rejects-other-families",
                   test_from_sockaddr_rejects_other_families);
  g_test_add_func ("/stun/address/equal", test_equal);
  g_test_add_func ("/stun/address/loopback-and-wildcard", test_loopback_and_wildcard);
  return g_test_run ();
}
