/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The instruments of the load: would they notice what they are there to notice?
 */
#include <string.h>

#include "histogram.h"
#include "payload.h"
#include "tally.h"

/* Writes the payload as it would be sent. */
static void
write_payload (guint8 *bytes, gsize length, guint32 lane, guint32 number)
{
  Stamp stamp = payload_stamp (lane, number, length, 12345);

  memcpy (bytes, &stamp, sizeof stamp);
  memcpy (bytes + sizeof stamp, payload_body (lane, number), length - sizeof stamp);
}

static void
test_payload_says_what_it_is (void)
{
  guint8 bytes[PAYLOAD_MAX];
  Stamp stamp;

  for (gsize length = sizeof stamp; length <= PAYLOAD_MAX; length++)
    {
      write_payload (bytes, length, 7, (guint32) length * 31);
      g_assert_true (payload_check (bytes, length, &stamp));
      g_assert_cmpuint (stamp.lane, ==, 7);
      g_assert_cmpuint (stamp.number, ==, length * 31);
      g_assert_cmpint (stamp.sent_at, ==, 12345);
    }
}

static void
test_any_wrong_byte_is_noticed (void)
{
  guint8 bytes[200];
  Stamp stamp;

  write_payload (bytes, sizeof bytes, 3, 1000);
  for (gsize i = 0; i < sizeof bytes; i++)
    {
      bytes[i] ^= 0x20;
      g_assert_false (payload_check (bytes, sizeof bytes, &stamp));
      bytes[i] ^= 0x20;
    }
  g_assert_true (payload_check (bytes, sizeof bytes, &stamp));
  for (gsize length = 0; length < sizeof bytes; length++)
    g_assert_false (payload_check (bytes, length, &stamp));
}

static void
test_bodies_of_others_are_noticed (void)
{
  guint8 bytes[200];
  guint noticed = 0;
  Stamp stamp;

  for (guint32 number = 1; number <= 1000; number++)
    {
      write_payload (bytes, sizeof bytes, 3, 0);
      memcpy (bytes + sizeof stamp, payload_body (3, number), sizeof bytes - sizeof stamp);
      noticed += !payload_check (bytes, sizeof bytes, &stamp);
    }
  g_assert_cmpuint (noticed, >=, 990);
}

static void
test_order (void)
{
  Tally tally = { 0 };

  g_assert_cmpint (tally_take (&tally, 0), ==, ARRIVAL_IN_ORDER);
  g_assert_cmpint (tally_take (&tally, 1), ==, ARRIVAL_IN_ORDER);
  g_assert_cmpint (tally_take (&tally, 1), ==, ARRIVAL_AGAIN);
  g_assert_cmpint (tally_take (&tally, 4), ==, ARRIVAL_IN_ORDER);
  g_assert_cmpint (tally_take (&tally, 2), ==, ARRIVAL_LATE);
  g_assert_cmpint (tally_take (&tally, 2), ==, ARRIVAL_AGAIN);
  g_assert_cmpint (tally_take (&tally, 0), ==, ARRIVAL_AGAIN);
  g_assert_cmpint (tally_take (&tally, 3), ==, ARRIVAL_LATE);
  g_assert_cmpint (tally_take (&tally, 5), ==, ARRIVAL_IN_ORDER);
}

static void
test_far_jumps (void)
{
  Tally tally = { 0 };

  tally_take (&tally, 10);
  g_assert_cmpint (tally_take (&tally, 10 + 63), ==, ARRIVAL_IN_ORDER);
  g_assert_cmpint (tally_take (&tally, 10), ==, ARRIVAL_AGAIN);
  g_assert_cmpint (tally_take (&tally, 11), ==, ARRIVAL_LATE);
  g_assert_cmpint (tally_take (&tally, 10000), ==, ARRIVAL_IN_ORDER);
  g_assert_cmpint (tally_take (&tally, 73), ==, ARRIVAL_LATE); /* forgotten by now */
  g_assert_cmpint (tally_take (&tally, 9999), ==, ARRIVAL_LATE);
  g_assert_cmpint (tally_take (&tally, 10000), ==, ARRIVAL_AGAIN);
}

static void
test_quantiles (void)
{
  g_autofree Histogram *histogram = g_new0 (Histogram, 1);

  g_assert_cmpint (histogram_quantile (histogram, 0.5), ==, 0);
  for (gint64 value = 1; value <= 100000; value++)
    histogram_add (histogram, value);
  for (guint percent = 1; percent < 100; percent++)
    {
      gint64 exact = percent * 1000;

      g_assert_cmpint (ABS (histogram_quantile (histogram, percent / 100.0) - exact), <=,
                       exact * 3 / 100);
    }
  g_assert_cmpint (histogram_quantile (histogram, 1), ==, 100000);
  g_assert_cmpint (histogram->largest, ==, 100000);
}

static void
test_durations_of_any_size (void)
{
  for (guint bit = 0; bit < 63; bit++)
    {
      g_autofree Histogram *histogram = g_new0 (Histogram, 1);
      gint64 value = G_GINT64_CONSTANT (1) << bit;

      histogram_add (histogram, value);
      g_assert_cmpint (histogram_quantile (histogram, 0.5), >=, value - value / 32);
      g_assert_cmpint (histogram_quantile (histogram, 0.5), <=, value);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  payload_init ();
  g_test_add_func ("/bench/payload/says-what-it-is", test_payload_says_what_it_is);
  g_test_add_func ("/bench/payload/any-wrong-byte-is-noticed", test_any_wrong_byte_is_noticed);
  g_test_add_func ("/bench/payload/bodies-of-others-are-noticed", test_bodies_of_others_are_noticed);
  g_test_add_func ("/bench/tally/order", test_order);
  g_test_add_func ("/bench/tally/far-jumps", test_far_jumps);
  g_test_add_func ("/bench/histogram/quantiles", test_quantiles);
  g_test_add_func ("/bench/histogram/durations-of-any-size", test_durations_of_any_size);
  return g_test_run ();
}
