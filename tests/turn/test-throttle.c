/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The limit on challenges: its rate and burst, what counts as one network, and floods from one
 * address, one network and everywhere.
 */
#include "turn/throttle.h"

#include "addresses.h"

#define SECOND G_GINT64_CONSTANT (1000000)
#define RATE 10
#define BURST (2 * RATE)
#define START (5 * SECOND)

/* How many of @n requests at the same moment are answered. */
static guint
count_allowed (ThThrottle *throttle, const char *client, gint64 now, guint n)
{
  ThAddress from = address (client);
  guint count = 0;

  for (guint i = 0; i < n; i++)
    count += th_throttle_allow (throttle, &from, now);
  return count;
}

static void
test_burst_then_silence (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 1000), ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + 1, 1000), ==, 0);
}

static void
test_clock_at_zero (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", 0, 1000), ==, BURST);
}

static void
test_refills_at_the_rate (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  count_allowed (throttle, "198.51.100.7", START, 1000);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + SECOND / RATE - 1, 5), ==, 0);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + SECOND / RATE, 5), ==, 1);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + SECOND, 100), ==, RATE - 1);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + 60 * SECOND, 100), ==, BURST);
}

static void
test_flood_from_one_address_gets_the_rate (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);
  guint count = 0;

  for (gint64 now = START; now < START + 100 * SECOND; now += SECOND / 1000)
    count += count_allowed (throttle, "198.51.100.7", now, 1);
  g_assert_cmpuint (count, >=, BURST + 99 * RATE);
  g_assert_cmpuint (count, <=, BURST + 100 * RATE);
}

static void
test_ipv4_counts_by_24_bits (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.0", START, 1000), ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.255", START, 1000), ==, 0);
  g_assert_cmpuint (count_allowed (throttle, "198.51.101.0", START, 1000), ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "198.51.99.255", START, 1000), ==, BURST);
}

static void
test_mapped_ipv4_counts_as_ipv4 (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 1000), ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "::ffff:198.51.100.8", START, 1000), ==, 0);
  g_assert_cmpuint (count_allowed (throttle, "::ffff:198.51.101.7", START, 1000), ==, BURST);
}

static void
test_flood_from_a_48 (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);
  ThAddress from = address ("2001:db8:77::");
  guint count = 0;

  for (guint i = 0; i < 100000; i++)
    {
      for (guint byte = 6; byte < 16; byte++)
        from.v6.sin6_addr.s6_addr[byte] = (guint8) g_test_rand_int_range (0, 256);
      count += th_throttle_allow (throttle, &from, START);
    }
  g_assert_cmpuint (count, ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "2001:db8:78::", START, 1000), ==, BURST);
  g_assert_cmpuint (count_allowed (throttle, "2001:db8:76:ffff::", START, 1000), ==, BURST);
}

static void
test_ports_do_not_count (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);
  guint count = 0;

  for (guint port = 1; port < 1000; port++)
    {
      ThAddress from = address_and_port ("198.51.100.7", (guint16) port);

      count += th_throttle_allow (throttle, &from, START);
    }
  g_assert_cmpuint (count, ==, BURST);
}

static void
test_loopback_is_not_limited (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (1);

  g_assert_cmpuint (count_allowed (throttle, "127.0.0.1", START, 1000), ==, 1000);
  g_assert_cmpuint (count_allowed (throttle, "127.9.9.9", START, 1000), ==, 1000);
  g_assert_cmpuint (count_allowed (throttle, "::1", START, 1000), ==, 1000);
  g_assert_cmpuint (count_allowed (throttle, "::2", START, 1000), ==, 2);
}

static void
test_zero_is_no_limit (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (0);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 5000), ==, 5000);
}

static void
test_one_a_second (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (1);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 100), ==, 2);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + SECOND, 100), ==, 1);
}

static void
test_highest_rate (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (G_MAXUINT);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 100000), ==, 100000);
}

static void
test_rate_may_change (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  count_allowed (throttle, "198.51.100.7", START, 1000);
  th_throttle_set_rate (throttle, 100);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + SECOND, 1000), ==, 100);
  th_throttle_set_rate (throttle, 1);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + 2 * SECOND, 1000), ==, 1);
  th_throttle_set_rate (throttle, 0);
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START + 2 * SECOND, 1000), ==, 1000);
}

/* Sources forged from everywhere: the table's size bounds what is answered. */
static void
test_flood_from_everywhere_is_bounded (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);
  guint count = 0;

  for (guint32 i = 0; i < 400000; i++)
    {
      guint32 host = g_htonl ((11u << 24) + (i << 5));
      ThAddress from;

      th_address_init_bytes (&from, TH_STUN_FAMILY_IPV4, (const guint8 *) &host, 7);
      count += th_throttle_allow (throttle, &from, START);
    }
  g_assert_cmpuint (count, >, 4096);
  g_assert_cmpuint (count, <=, 4096 * BURST);
}

/* Who was there before the flood keeps his own bucket; when it is over, newcomers get theirs. */
static void
test_flood_does_not_displace_the_busy (void)
{
  g_autoptr (ThThrottle) throttle = th_throttle_new (RATE);

  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 3), ==, 3);
  for (guint32 i = 0; i < 200000; i++)
    {
      guint32 host = g_htonl ((11u << 24) + (i << 8));
      ThAddress from;

      th_address_init_bytes (&from, TH_STUN_FAMILY_IPV4, (const guint8 *) &host, 7);
      th_throttle_allow (throttle, &from, START);
    }
  g_assert_cmpuint (count_allowed (throttle, "198.51.100.7", START, 1000), <=, BURST - 3);
  g_assert_cmpuint (count_allowed (throttle, "203.0.113.7", START + 3 * SECOND, 1000), ==, BURST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/throttle/burst-then-silence", test_burst_then_silence);
  g_test_add_func ("/turn/throttle/clock-at-zero", test_clock_at_zero);
  g_test_add_func ("/turn/throttle/refills-at-the-rate", test_refills_at_the_rate);
  g_test_add_func ("/turn/throttle/flood-from-one-address-gets-the-rate",
                   test_flood_from_one_address_gets_the_rate);
  g_test_add_func ("/turn/throttle/ipv4-counts-by-24-bits", test_ipv4_counts_by_24_bits);
  g_test_add_func ("/turn/throttle/mapped-ipv4-counts-as-ipv4", test_mapped_ipv4_counts_as_ipv4);
  g_test_add_func ("/turn/throttle/flood-from-a-48", test_flood_from_a_48);
  g_test_add_func ("/turn/throttle/ports-do-not-count", test_ports_do_not_count);
  g_test_add_func ("/turn/throttle/loopback-is-not-limited", test_loopback_is_not_limited);
  g_test_add_func ("/turn/throttle/zero-is-no-limit", test_zero_is_no_limit);
  g_test_add_func ("/turn/throttle/one-a-second", test_one_a_second);
  g_test_add_func ("/turn/throttle/highest-rate", test_highest_rate);
  g_test_add_func ("/turn/throttle/rate-may-change", test_rate_may_change);
  g_test_add_func ("/turn/throttle/flood-from-everywhere-is-bounded",
                   test_flood_from_everywhere_is_bounded);
  g_test_add_func ("/turn/throttle/flood-does-not-displace-the-busy",
                   test_flood_does_not_displace_the_busy);
  return g_test_run ();
}
