/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Networks in CIDR form: which texts are taken, which are refused and why, and whether containment
 * agrees with a comparison bit by bit.
 */
#include "turn/cidr.h"

#include <string.h>

#include "addresses.h"

typedef struct {
  const char *text;
  const char *first;
  guint bits;
} Good;

static const Good good[] = {
  { "0.0.0.0/0", "0.0.0.0", 0 },
  { "10.0.0.0/8", "10.0.0.0", 8 },
  { "172.16.0.0/12", "172.16.0.0", 12 },
  { "192.0.2.1/32", "192.0.2.1", 32 },
  { "192.0.2.1", "192.0.2.1", 32 },
  { "::/0", "::", 0 },
  { "::1", "::1", 128 },
  { "::1/128", "::1", 128 },
  { "fc00::/7", "fc00::", 7 },
  { "2001:db8:0:8000::/49", "2001:db8:0:8000::", 49 },
  { "::ffff:10.0.0.0/104", "::ffff:a00:0", 104 },
};

typedef struct {
  const char *text;
  ThCidrError code;
  const char *hint; /* that the message must contain */
} Bad;

static const Bad bad[] = {
  { "", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "/8", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "localhost", TH_CIDR_ERROR_ADDRESS, "numeric" },
  { "10.0.0/8", TH_CIDR_ERROR_ADDRESS, "10.0.0/8" },
  { "10.0.0.256", TH_CIDR_ERROR_ADDRESS, "10.0.0.256" },
  { "10.0.0.0:80/8", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { " 10.0.0.0/8", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "10.0.0.0 /8", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "[::1]/128", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "fe80::1%eth0/128", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "2001:db8::1::/64", TH_CIDR_ERROR_ADDRESS, "is no network" },
  { "10.0.0.0/", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/33", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/-1", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/+8", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/ 8", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/8 ", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/8/8", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/255.0.0.0", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "10.0.0.0/18446744073709551624", TH_CIDR_ERROR_BITS, "from 0 to 32" },
  { "::/129", TH_CIDR_ERROR_BITS, "from 0 to 128" },
  { "10.0.0.1/8", TH_CIDR_ERROR_HOST_BITS, "10.0.0.0/8 for the whole network, or 10.0.0.1 for" },
  { "192.168.1.0/23", TH_CIDR_ERROR_HOST_BITS, "write 192.168.0.0/23" },
  { "1.0.0.0/0", TH_CIDR_ERROR_HOST_BITS, "write 0.0.0.0/0" },
  { "2001:db8::1/64", TH_CIDR_ERROR_HOST_BITS, "write 2001:db8::/64" },
  { "fe00::/6", TH_CIDR_ERROR_HOST_BITS, "write fc00::/6" },
};

static void
test_good_texts (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      ThAddress first = address (good[i].first);
      const guint8 *bytes;
      gsize length;
      ThCidr cidr;

      g_assert_true (th_cidr_parse (good[i].text, &cidr, &error));
      g_assert_no_error (error);
      bytes = th_address_bytes (&first, &length);
      g_assert_cmpint (cidr.family, ==, th_address_family (&first));
      g_assert_cmpmem (cidr.bytes, length, bytes, length);
      g_assert_cmpuint (cidr.bits, ==, good[i].bits);
    }
}

static void
test_bad_texts_say_why (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      ThCidr cidr, before;

      memset (&cidr, 0x5a, sizeof cidr);
      before = cidr;
      g_assert_false (th_cidr_parse (bad[i].text, &cidr, &error));
      g_assert_error (error, TH_CIDR_ERROR, (gint) bad[i].code);
      g_assert_nonnull (strstr (error->message, bad[i].hint));
      g_assert_cmpmem (&cidr, sizeof cidr, &before, sizeof before);
    }
}

static void
test_errors_may_be_ignored (void)
{
  ThCidr cidr;

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (th_cidr_parse (bad[i].text, &cidr, NULL));
}

static void
test_families_are_apart (void)
{
  ThAddress ipv4 = address ("10.0.0.1");
  ThAddress mapped = address ("::ffff:10.0.0.1");
  ThAddress none = TH_ADDRESS_NONE;
  ThCidr all_ipv4, all_ipv6;

  g_assert_true (th_cidr_parse ("0.0.0.0/0", &all_ipv4, NULL));
  g_assert_true (th_cidr_parse ("::/0", &all_ipv6, NULL));
  g_assert_true (th_cidr_contains (&all_ipv4, &ipv4));
  g_assert_true (th_cidr_contains (&all_ipv6, &mapped));
  g_assert_false (th_cidr_contains (&all_ipv4, &mapped));
  g_assert_false (th_cidr_contains (&all_ipv6, &ipv4));
  g_assert_false (th_cidr_contains (&all_ipv4, &none));
  g_assert_false (th_cidr_contains (&all_ipv6, &none));
}

static gboolean
same_bits (const guint8 *a, const guint8 *b, guint bits)
{
  for (guint i = 0; i < bits; i++)
    {
      if (((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8) != 0)
        return FALSE;
    }
  return TRUE;
}

/* An address that differs from a random network in one bit, or in what comes by chance. */
static void
compare_with_bit_by_bit (ThStunFamily family)
{
  guint size = family == TH_STUN_FAMILY_IPV6 ? 16 : 4;
  ThCidr cidr = { .family = family };
  guint flipped = (guint) g_test_rand_int_range (0, (gint) size * 8);
  guint8 host[16];
  ThAddress inside;

  cidr.bits = (guint) g_test_rand_int_range (0, (gint) size * 8 + 1);
  for (guint i = 0; i < size; i++)
    {
      guint8 byte = (guint8) g_test_rand_int_range (0, 256);

      for (guint bit = 0; bit < 8 && i * 8 + bit < cidr.bits; bit++)
        cidr.bytes[i] |= byte & 0x80 >> bit;
      host[i] = g_test_rand_bit () ? cidr.bytes[i] : byte;
    }
  if (g_test_rand_bit ())
    host[flipped / 8] ^= (guint8) (0x80 >> flipped % 8);

  th_address_init_bytes (&inside, family, host, 1);
  g_assert_cmpint (th_cidr_contains (&cidr, &inside), ==, same_bits (cidr.bytes, host, cidr.bits));
  g_assert_cmpint (th_cidr_contains_bytes (&cidr, family, host), ==,
                   same_bits (cidr.bytes, host, cidr.bits));
}

static void
test_contains_agrees_with_bit_by_bit (void)
{
  for (guint i = 0; i < 50000; i++)
    {
      compare_with_bit_by_bit (TH_STUN_FAMILY_IPV4);
      compare_with_bit_by_bit (TH_STUN_FAMILY_IPV6);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/cidr/good-texts", test_good_texts);
  g_test_add_func ("/turn/cidr/bad-texts-say-why", test_bad_texts_say_why);
  g_test_add_func ("/turn/cidr/errors-may-be-ignored", test_errors_may_be_ignored);
  g_test_add_func ("/turn/cidr/families-are-apart", test_families_are_apart);
  g_test_add_func ("/turn/cidr/contains-agrees-with-bit-by-bit",
                   test_contains_agrees_with_bit_by_bit);
  return g_test_run ();
}
