/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Properties that must hold for messages nobody thought of: what is built is read back the same,
 * and no message that was cut or altered passes for the one that was signed.
 */
#include "sample.h"

#define MESSAGES 300
#define ATTRIBUTES_MAX 12
#define VALUE_MAX 40

typedef struct {
  guint16 type;
  gsize length;
  guint8 value[VALUE_MAX];
} Expected;

static void
random_bytes (guint8 *bytes, gsize length)
{
  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_test_rand_int_range (0, 256);
}

/* Any type but those that change what counts after them. */
static guint16
random_type (void)
{
  guint16 type;

  do
    type = (guint16) g_test_rand_int_range (0, 0x10000);
  while (type == TH_STUN_MESSAGE_INTEGRITY || type == TH_STUN_MESSAGE_INTEGRITY_SHA256 ||
         type == TH_STUN_FINGERPRINT);
  return type;
}

/* Adds random attributes; returns how many, described in @expected. */
static gsize
add_random (ThStunBuilder *builder, Expected *expected)
{
  gsize count = (gsize) g_test_rand_int_range (0, ATTRIBUTES_MAX + 1);

  for (gsize i = 0; i < count; i++)
    {
      expected[i].type = random_type ();
      expected[i].length = (gsize) g_test_rand_int_range (0, VALUE_MAX + 1);
      random_bytes (expected[i].value, expected[i].length);
      th_stun_builder_add_bytes (builder, expected[i].type, expected[i].value, expected[i].length);
    }
  return count;
}

static void
test_read_back_the_same (void)
{
  for (guint n = 0; n < MESSAGES; n++)
    {
      ThStunClass class = (ThStunClass) g_test_rand_int_range (0, 4);
      guint16 method = (guint16) g_test_rand_int_range (0, 0x1000);
      guint8 id[TH_STUN_TRANSACTION_ID_SIZE];
      Expected expected[ATTRIBUTES_MAX];
      Sample sample;
      ThStunMessage message;
      ThStunAttribute attribute;
      ThStunIter iter;
      gsize count;

      random_bytes (id, sizeof id);
      th_stun_builder_init (&sample.builder, sample.bytes, sizeof sample.bytes, class, method, id);
      count = add_random (&sample.builder, expected);
      sample_parse (&sample, &message);

      g_assert_cmpint (message.class, ==, class);
      g_assert_cmpuint (message.method, ==, method);
      g_assert_cmpmem (th_stun_message_transaction_id (&message), 12, id, 12);
      th_stun_iter_init (&iter, &message);
      for (gsize i = 0; i < count; i++)
        {
          g_assert_true (th_stun_iter_next (&iter, &attribute));
          g_assert_cmphex (attribute.type, ==, expected[i].type);
          g_assert_cmpmem (attribute.value, attribute.length, expected[i].value,
                           expected[i].length);
        }
      g_assert_false (th_stun_iter_next (&iter, &attribute));
    }
}

/* Whether the bytes are a message that carries a true integrity of @type. */
static gboolean
passes (const guint8 *bytes, gsize length, guint16 type)
{
  ThStunMessage message;
  ThStunAttribute attribute;

  return th_stun_message_parse (&message, bytes, length) &&
         th_stun_message_find (&message, type, &attribute) &&
         th_stun_check_integrity (&message, &attribute, sample_key, sizeof sample_key);
}

static gsize
build_signed (Sample *sample, guint16 type)
{
  ThStunBuilder *builder = sample_init (sample);
  ThAddress peer;

  g_assert_true (th_address_parse (&peer, "192.0.2.1", 9));
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
  th_stun_builder_add_error (builder, TH_STUN_FORBIDDEN, "no"); /* one bit from 0x0008 */
  th_stun_builder_add_string (builder, TH_STUN_USERNAME, "alice");
  if (type == TH_STUN_MESSAGE_INTEGRITY)
    th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  else
    th_stun_builder_add_integrity_sha256 (builder, sample_key, sizeof sample_key);
  return th_stun_builder_end (builder);
}

static void
test_no_altered_bit_passes (gconstpointer data)
{
  guint16 type = (guint16) GPOINTER_TO_UINT (data);
  Sample sample;
  gsize length = build_signed (&sample, type);

  g_assert_true (passes (sample.bytes, length, type));
  for (gsize bit = 0; bit < 8 * length; bit++)
    {
      sample.bytes[bit / 8] ^= 1 << bit % 8;
      g_assert_false (passes (sample.bytes, length, type));
      sample.bytes[bit / 8] ^= 1 << bit % 8;
    }
}

static void
test_no_truncation_passes (gconstpointer data)
{
  guint16 type = (guint16) GPOINTER_TO_UINT (data);
  Sample sample;
  gsize full = build_signed (&sample, type);

  for (gsize length = 0; length < full; length++)
    {
      guint8 mended[sizeof sample.bytes];

      g_assert_false (sample_parses_exact (sample.bytes, length));

      /* nor with a header that admits it */
      if (length < TH_STUN_HEADER_SIZE)
        continue;
      memcpy (mended, sample.bytes, length);
      mended[2] = 0;
      mended[3] = (guint8) (length - TH_STUN_HEADER_SIZE);
      g_assert_false (passes (mended, length, type));
    }
}

/* With FINGERPRINT behind it, every bit is covered by one or the other. */
static void
test_no_altered_bit_passes_both (void)
{
  Sample sample;
  gsize covered = build_signed (&sample, TH_STUN_MESSAGE_INTEGRITY);
  gsize length;

  th_stun_builder_add_fingerprint (&sample.builder);
  length = th_stun_builder_end (&sample.builder);
  g_assert_true (passes (sample.bytes, length, TH_STUN_MESSAGE_INTEGRITY));
  for (gsize bit = 0; bit < 8 * length; bit++)
    {
      ThStunMessage message;

      sample.bytes[bit / 8] ^= 1 << bit % 8;
      if (bit < 8 * covered)
        g_assert_false (passes (sample.bytes, length, TH_STUN_MESSAGE_INTEGRITY));
      g_assert_false (th_stun_message_parse (&message, sample.bytes, length) &&
                      th_stun_check_fingerprint (&message));
      sample.bytes[bit / 8] ^= 1 << bit % 8;
    }
}

/* Noise behind a true header: reading it must not go astray, whatever it says. */
static void
test_noise (void)
{
  guint parsed = 0;

  for (guint n = 0; n < 100 * MESSAGES; n++)
    {
      gsize length = TH_STUN_HEADER_SIZE + 4 * (gsize) g_test_rand_int_range (0, 12);
      g_autofree guint8 *bytes = g_malloc (length);
      ThStunBuilder builder;
      ThStunMessage message;
      ThStunAttribute attribute;
      ThStunIter iter;

      random_bytes (bytes, length);
      th_stun_builder_init (&builder, bytes, length, TH_STUN_REQUEST, TH_STUN_BINDING, sample_id);
      bytes[3] = (guint8) (length - TH_STUN_HEADER_SIZE);
      for (gsize i = TH_STUN_HEADER_SIZE + 2; i < length; i += 4)
        bytes[i] = bytes[i] < 250 ? 0 : bytes[i]; /* some attributes must fit by chance */
      if (!th_stun_message_parse (&message, bytes, length))
        continue;
      parsed++;
      for (th_stun_iter_init (&iter, &message); th_stun_iter_next (&iter, &attribute);)
        g_assert_true (attribute.value >= bytes + TH_STUN_HEADER_SIZE + 4 &&
                       attribute.value + attribute.length <= bytes + length);
    }
  g_assert_cmpuint (parsed, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/random/read-back-the-same", test_read_back_the_same);
  g_test_add_data_func ("/stun/random/no-altered-bit-passes-sha1",
                        GUINT_TO_POINTER (TH_STUN_MESSAGE_INTEGRITY), test_no_altered_bit_passes);
  g_test_add_data_func ("/stun/random/no-altered-bit-passes-sha256",
                        GUINT_TO_POINTER (TH_STUN_MESSAGE_INTEGRITY_SHA256),
                        test_no_altered_bit_passes);
  g_test_add_data_func ("/stun/random/no-truncation-passes-sha1",
                        GUINT_TO_POINTER (TH_STUN_MESSAGE_INTEGRITY), test_no_truncation_passes);
  g_test_add_data_func ("/stun/random/no-truncation-passes-sha256",
                        GUINT_TO_POINTER (TH_STUN_MESSAGE_INTEGRITY_SHA256),
                        test_no_truncation_passes);
  g_test_add_func ("/stun/random/no-altered-bit-passes-both", test_no_altered_bit_passes_both);
  g_test_add_func ("/stun/random/noise", test_noise);
  return g_test_run ();
}
