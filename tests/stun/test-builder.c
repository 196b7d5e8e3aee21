/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the builder: what it writes, that the header is always true, and that it never writes
 * past the end, whatever the capacity.
 */
#include "sample.h"

#define GUARD_SIZE 64
#define GUARD 0xA5

/* One of everything. */
static void
add_everything (ThStunBuilder *builder)
{
  static const guint16 unknown[] = { 0x7001, 0x7002, 0x7003 };
  static const ThStunPasswordAlgorithm algorithms[] = { TH_STUN_ALGORITHM_SHA256,
                                                        TH_STUN_ALGORITHM_MD5 };
  ThAddress v4, v6;

  g_assert_true (th_address_parse (&v4, "192.0.2.1", 1));
  g_assert_true (th_address_parse (&v6, "2001:db8::1", 2));
  th_stun_builder_add_string (builder, TH_STUN_SOFTWARE, "Turnhouse");
  th_stun_builder_add_bytes (builder, TH_STUN_RESERVATION_TOKEN, "12345678", 8);
  th_stun_builder_add_flag (builder, TH_STUN_DONT_FRAGMENT);
  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 600);
  th_stun_builder_add_address (builder, TH_STUN_MAPPED_ADDRESS, &v4);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_MAPPED_ADDRESS, &v4);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_RELAYED_ADDRESS, &v6);
  th_stun_builder_add_error (builder, TH_STUN_STALE_NONCE, NULL);
  th_stun_builder_add_unknown_attributes (builder, unknown, G_N_ELEMENTS (unknown));
  th_stun_builder_add_password_algorithms (builder, algorithms, G_N_ELEMENTS (algorithms));
  th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_integrity_sha256 (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_fingerprint (builder);
}

static void
test_overflow_at_every_capacity (void)
{
  Sample sample;
  gsize full;

  add_everything (sample_init (&sample));
  full = th_stun_builder_end (&sample.builder);
  g_assert_cmpuint (full, >, 200);

  for (gsize capacity = 0; capacity < full; capacity++)
    {
      guint8 bytes[sizeof sample.bytes + GUARD_SIZE];
      ThStunBuilder builder;
      gsize length;

      memset (bytes, GUARD, sizeof bytes);
      th_stun_builder_init (&builder, bytes, capacity, TH_STUN_REQUEST, TH_STUN_ALLOCATE,
                            sample_id);
      add_everything (&builder);
      length = builder.length;
      add_everything (&builder); /* harmless, and brings nothing back */
      g_assert_cmpuint (builder.length, ==, length);
      g_assert_cmpuint (th_stun_builder_end (&builder), ==, 0);
      g_assert_true (builder.overflow);
      for (gsize i = capacity; i < capacity + GUARD_SIZE; i++)
        g_assert_cmphex (bytes[i], ==, GUARD);
      if (capacity >= TH_STUN_HEADER_SIZE)
        g_assert_true (sample_parses_exact (bytes, builder.length));
    }
}

static void
test_just_fits_in_an_exact_buffer (void)
{
  Sample sample;
  g_autofree guint8 *exact = NULL;
  ThStunBuilder builder;
  gsize full;

  add_everything (sample_init (&sample));
  full = th_stun_builder_end (&sample.builder);
  exact = g_malloc (full);
  th_stun_builder_init (&builder, exact, full, TH_STUN_REQUEST, TH_STUN_ALLOCATE, sample_id);
  add_everything (&builder);
  g_assert_cmpmem (exact, th_stun_builder_end (&builder), sample.bytes, full);
}

static void
test_misaligned_buffer (void)
{
  Sample sample;
  gsize full;

  add_everything (sample_init (&sample));
  full = th_stun_builder_end (&sample.builder);
  for (gsize offset = 1; offset < 4; offset++)
    {
      g_autofree guint8 *room = g_malloc (offset + full);
      ThStunBuilder builder;

      th_stun_builder_init (&builder, room + offset, full, TH_STUN_REQUEST, TH_STUN_ALLOCATE,
                            sample_id);
      add_everything (&builder);
      g_assert_cmpmem (room + offset, th_stun_builder_end (&builder), sample.bytes, full);
    }
}

static void
test_header_is_true_after_every_add (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);

  for (gsize length = 0; length < 20; length++)
    {
      g_assert_true (sample_parses_exact (sample.bytes, builder->length));
      g_assert_cmpuint (builder->length % 4, ==, 0);
      th_stun_builder_add_bytes (builder, TH_STUN_SOFTWARE, "abcdefghijklmnopqrst", length);
    }
  g_assert_true (sample_parses_exact (sample.bytes, th_stun_builder_end (builder)));
}

static void
test_padding_is_zero (void)
{
  for (gsize length = 0; length < 9; length++)
    {
      Sample sample;
      ThStunBuilder *builder = sample_init (&sample);
      gsize end_of_value = TH_STUN_HEADER_SIZE + 4 + length;

      memset (sample.bytes + builder->length, 0xFF, sizeof sample.bytes - builder->length);
      th_stun_builder_add_bytes (builder, TH_STUN_DATA_ATTRIBUTE, "12345678", length);
      for (gsize i = end_of_value; i < builder->length; i++)
        g_assert_cmphex (sample.bytes[i], ==, 0);
      g_assert_cmphex (sample.bytes[builder->length], ==, 0xFF);
    }
}

static void
test_sixteen_bit_limits (void)
{
  const gsize capacity = 4 * 65536;
  g_autofree guint8 *bytes = g_malloc (capacity);
  g_autofree guint8 *value = g_malloc0 (capacity);
  static const struct {
    gsize length;
    gboolean fits;
  } cases[] = {
    { 0xFFF8, TRUE },   { 0xFFF9, FALSE },  { 0xFFFC, FALSE },         { 0xFFFF, FALSE },
    { 0x10000, FALSE }, { 0x10001, FALSE }, { G_MAXSIZE - 2, FALSE }, { G_MAXSIZE, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ThStunBuilder builder;

      th_stun_builder_init (&builder, bytes, capacity, TH_STUN_INDICATION, TH_STUN_DATA, sample_id);
      th_stun_builder_add_bytes (&builder, TH_STUN_DATA_ATTRIBUTE, value, cases[i].length);
      g_assert_cmpint (th_stun_builder_end (&builder) != 0, ==, cases[i].fits);
      g_assert_true (sample_parses_exact (bytes, builder.length));
      th_stun_builder_add_flag (&builder, TH_STUN_DONT_FRAGMENT);
      g_assert_cmpuint (th_stun_builder_end (&builder), ==, 0);
    }
}

static void
test_lists (void)
{
  static const guint8 expected[] = {
    0x01, 0x03, 0x00, 0x18, 0x21, 0x12, 0xA4, 0x42, 't',  'u',  'r',  'n',  'h',  'o',  'u',
    's',  'e',  '-',  'i',  'd',  0x00, 0x0A, 0x00, 0x06, 0x70, 0x01, 0x70, 0x02, 0x00, 0x19,
    0x00, 0x00, 0x80, 0x02, 0x00, 0x08, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00,
  };
  static const guint16 unknown[] = { 0x7001, 0x7002, 0x0019 };
  static const ThStunPasswordAlgorithm algorithms[] = { TH_STUN_ALGORITHM_SHA256,
                                                        TH_STUN_ALGORITHM_MD5 };
  Sample sample;

  th_stun_builder_init (&sample.builder, sample.bytes, sizeof sample.bytes, TH_STUN_SUCCESS,
                        TH_STUN_ALLOCATE, sample_id);
  th_stun_builder_add_unknown_attributes (&sample.builder, unknown, G_N_ELEMENTS (unknown));
  th_stun_builder_add_password_algorithms (&sample.builder, algorithms,
                                           G_N_ELEMENTS (algorithms));
  g_assert_cmpmem (sample.bytes, th_stun_builder_end (&sample.builder), expected, sizeof expected);
}

/* Builds ERROR-CODE and gives back its reason as a string. */
static char *
reason_of (guint code, const char *given)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;
  guint read_code;
  const char *reason;
  gsize length;

  th_stun_builder_add_error (builder, code, given);
  sample_parse (&sample, &message);
  g_assert_true (th_stun_message_find (&message, TH_STUN_ERROR_CODE, &attribute));
  g_assert_true (th_stun_attribute_get_error (&attribute, &read_code, &reason, &length));
  g_assert_cmpuint (read_code, ==, code);
  return g_strndup (reason != NULL ? reason : "", length);
}

static void
test_error_phrases (void)
{
  static const guint codes[] = { 400, 401, 403, 420, 437, 438, 440, 441, 442, 443, 486, 500, 508 };
  g_autofree char *stale = reason_of (TH_STUN_STALE_NONCE, NULL);
  g_autofree char *own = reason_of (TH_STUN_STALE_NONCE, "own words");
  g_autofree char *unknown = reason_of (599, NULL);

  g_assert_cmpstr (stale, ==, "Stale Nonce");
  g_assert_cmpstr (own, ==, "own words");
  g_assert_cmpstr (unknown, ==, "");
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_cmpstr (th_stun_error_reason (codes[i]), !=, "");
}

static void
test_long_reason_is_cut_at_a_character (void)
{
  GString *longest = g_string_new (NULL);
  g_autofree char *given = NULL;
  g_autofree char *sent = NULL;

  while (longest->len < 600)
    g_string_append (longest, "\xE2\x82\xAC"); /* three bytes; 509 is no multiple of three */
  given = g_string_free (longest, FALSE);
  sent = reason_of (TH_STUN_BAD_REQUEST, given);
  g_assert_true (g_utf8_validate (sent, -1, NULL));
  g_assert_cmpuint (strlen (sent), ==, 507);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/builder/overflow-at-every-capacity", test_overflow_at_every_capacity);
  g_test_add_func ("/stun/builder/just-fits-in-an-exact-buffer",
                   test_just_fits_in_an_exact_buffer);
  g_test_add_func ("/stun/builder/misaligned-buffer", test_misaligned_buffer);
  g_test_add_func ("/stun/builder/header-is-true-after-every-add",
                   test_header_is_true_after_every_add);
  g_test_add_func ("/stun/builder/padding-is-zero", test_padding_is_zero);
  g_test_add_func ("/stun/builder/sixteen-bit-limits", test_sixteen_bit_limits);
  g_test_add_func ("/stun/builder/lists", test_lists);
  g_test_add_func ("/stun/builder/error-phrases", test_error_phrases);
  g_test_add_func ("/stun/builder/long-reason-is-cut-at-a-character",
                   test_long_reason_is_cut_at_a_character);
  return g_test_run ();
}
