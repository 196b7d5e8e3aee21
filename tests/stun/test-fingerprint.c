/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of FINGERPRINT and its checksum.
 */
#include "sample.h"

/* The checksum by its definition, a bit at a time. */
static guint32
slow_crc32 (const guint8 *bytes, gsize length)
{
  guint32 crc = 0xFFFFFFFFu;

  for (gsize i = 0; i < length; i++)
    {
      crc ^= bytes[i];
      for (guint bit = 0; bit < 8; bit++)
        crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320u : 0);
    }
  return ~crc;
}

static void
test_crc_known (void)
{
  g_assert_cmphex (th_stun_crc32 ((const guint8 *) "123456789", 9), ==, 0xCBF43926u);
  g_assert_cmphex (th_stun_crc32 ((const guint8 *) "", 0), ==, 0);
}

static void
test_crc_every_byte_length_and_offset (void)
{
  guint8 bytes[512];

  for (gsize i = 0; i < sizeof bytes; i++)
    bytes[i] = i < 256 ? (guint8) i : (guint8) g_test_rand_int_range (0, 256);
  for (gsize offset = 0; offset < 4; offset++)
    for (gsize length = 0; offset + length <= sizeof bytes; length++)
      g_assert_cmphex (th_stun_crc32 (bytes + offset, length), ==,
                       slow_crc32 (bytes + offset, length));
}

static void
test_right_and_wrong (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;

  th_stun_builder_add_string (builder, TH_STUN_SOFTWARE, "five5");
  th_stun_builder_add_fingerprint (builder);
  sample_parse (&sample, &message);
  g_assert_true (th_stun_check_fingerprint (&message));
  for (gsize bit = 0; bit < 8 * message.length; bit++)
    {
      sample.bytes[bit / 8] ^= 1 << bit % 8;
      g_assert_false (th_stun_message_parse (&message, sample.bytes, builder->length) &&
                      th_stun_check_fingerprint (&message));
      sample.bytes[bit / 8] ^= 1 << bit % 8;
    }
}

static void
test_absent (void)
{
  Sample sample;
  ThStunMessage message;

  sample_init (&sample);
  sample_parse (&sample, &message);
  g_assert_false (th_stun_check_fingerprint (&message));
}

static void
test_misplaced (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;

  th_stun_builder_add_fingerprint (builder);
  th_stun_builder_add_flag (builder, TH_STUN_DONT_FRAGMENT);
  sample_parse (&sample, &message);
  g_assert_false (th_stun_check_fingerprint (&message));

  th_stun_builder_add_fingerprint (builder); /* the first counts, and stands in the wrong place */
  sample_parse (&sample, &message);
  g_assert_false (th_stun_check_fingerprint (&message));
}

/* A value that fits what stands 8 bytes before the end, as if the attribute stood there. */
static void
test_misplaced_with_a_fitting_value (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  guint32 value;

  th_stun_builder_add_u32 (builder, TH_STUN_FINGERPRINT, 0);
  th_stun_builder_add_flag (builder, TH_STUN_DONT_FRAGMENT);
  value = GUINT32_TO_BE (th_stun_crc32 (sample.bytes, builder->length - 8) ^
                         TH_STUN_FINGERPRINT_XOR);
  memcpy (sample.bytes + TH_STUN_HEADER_SIZE + 4, &value, sizeof value);
  sample_parse (&sample, &message);
  g_assert_false (th_stun_check_fingerprint (&message));
}

static void
test_wrong_length (void)
{
  for (gsize length = 0; length <= 9; length++)
    {
      Sample sample;
      ThStunBuilder *builder = sample_init (&sample);
      ThStunMessage message;

      th_stun_builder_add_bytes (builder, TH_STUN_FINGERPRINT, "123456789", length);
      sample_parse (&sample, &message);
      g_assert_false (th_stun_check_fingerprint (&message));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/fingerprint/crc-of-the-nine-digits", test_crc_known);
  g_test_add_func ("/stun/fingerprint/crc-of-every-byte-length-and-offset",
                   test_crc_every_byte_length_and_offset);
  g_test_add_func ("/stun/fingerprint/right-and-every-bit-wrong", test_right_and_wrong);
  g_test_add_func ("/stun/fingerprint/absent", test_absent);
  g_test_add_func ("/stun/fingerprint/misplaced", test_misplaced);
  g_test_add_func ("/stun/fingerprint/misplaced-with-a-fitting-value",
                   test_misplaced_with_a_fitting_value);
  g_test_add_func ("/stun/fingerprint/wrong-length", test_wrong_length);
  return g_test_run ();
}
