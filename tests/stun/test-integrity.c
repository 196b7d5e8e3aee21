/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of keys, prepared strings and message integrity of right and wrong sizes. GLib's own HMAC
 * serves as the second opinion.
 */
#include "sample.h"

/* Adds an integrity attribute of @length bytes whose value starts with the true HMAC. */
static void
add_cut_integrity (Sample *sample, guint16 type, GChecksumType checksum, gsize length)
{
  g_autoptr (GHmac) hmac = g_hmac_new (checksum, sample_key, sizeof sample_key);
  guint8 value[64] = { 0 };
  gsize digest_length = sizeof value;
  gsize covered = sample->builder.length;
  gsize claimed = covered + 4 + length - TH_STUN_HEADER_SIZE;
  guint8 header_length[2] = { (guint8) (claimed >> 8), (guint8) claimed };

  g_hmac_update (hmac, sample->bytes, 2);
  g_hmac_update (hmac, header_length, 2);
  g_hmac_update (hmac, sample->bytes + 4, covered - 4);
  g_hmac_get_digest (hmac, value, &digest_length);
  th_stun_builder_add_bytes (&sample->builder, type, value, length);
}

/* Whether the message's first integrity attribute of @type checks out. */
static gboolean
check (Sample *sample, guint16 type, const guint8 *key, gsize key_length)
{
  ThStunMessage message;
  ThStunAttribute attribute;

  sample_parse (sample, &message);
  g_assert_true (th_stun_message_find (&message, type, &attribute));
  return th_stun_check_integrity (&message, &attribute, key, key_length);
}

static void
test_lengths_of_integrity (void)
{
  for (gsize length = 0; length <= 36; length++)
    {
      Sample sample;

      th_stun_builder_add_string (sample_init (&sample), TH_STUN_USERNAME, "alice");
      add_cut_integrity (&sample, TH_STUN_MESSAGE_INTEGRITY, G_CHECKSUM_SHA1, length);
      g_assert_cmpint (check (&sample, TH_STUN_MESSAGE_INTEGRITY, sample_key, sizeof sample_key),
                       ==, length == 20);
    }
}

static void
test_lengths_of_sha256 (void)
{
  for (gsize length = 0; length <= 40; length++)
    {
      gboolean good = length >= 16 && length <= 32 && length % 4 == 0;
      Sample sample;

      th_stun_builder_add_string (sample_init (&sample), TH_STUN_USERNAME, "alice");
      add_cut_integrity (&sample, TH_STUN_MESSAGE_INTEGRITY_SHA256, G_CHECKSUM_SHA256, length);
      g_assert_cmpint (
          check (&sample, TH_STUN_MESSAGE_INTEGRITY_SHA256, sample_key, sizeof sample_key), ==,
          good);
    }
}

static void
test_built_equals_second_opinion (void)
{
  Sample ours, theirs;

  th_stun_builder_add_integrity (sample_init (&ours), sample_key, sizeof sample_key);
  th_stun_builder_add_integrity_sha256 (&ours.builder, sample_key, sizeof sample_key);
  sample_init (&theirs);
  add_cut_integrity (&theirs, TH_STUN_MESSAGE_INTEGRITY, G_CHECKSUM_SHA1, 20);
  add_cut_integrity (&theirs, TH_STUN_MESSAGE_INTEGRITY_SHA256, G_CHECKSUM_SHA256, 32);
  g_assert_cmpmem (ours.bytes, th_stun_builder_end (&ours.builder), theirs.bytes,
                   th_stun_builder_end (&theirs.builder));
}

static void
test_both_with_what_follows (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);

  th_stun_builder_add_string (builder, TH_STUN_USERNAME, "alice");
  th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_integrity_sha256 (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_fingerprint (builder);
  g_assert_true (check (&sample, TH_STUN_MESSAGE_INTEGRITY, sample_key, sizeof sample_key));
  g_assert_true (check (&sample, TH_STUN_MESSAGE_INTEGRITY_SHA256, sample_key, sizeof sample_key));
}

static void
test_wrong_keys (void)
{
  static const guint8 other_key[] = "sixteen byte kez";
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);

  th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  g_assert_false (check (&sample, TH_STUN_MESSAGE_INTEGRITY, other_key, sizeof sample_key));
  g_assert_false (check (&sample, TH_STUN_MESSAGE_INTEGRITY, sample_key, sizeof sample_key - 1));
  g_assert_false (check (&sample, TH_STUN_MESSAGE_INTEGRITY, sample_key, 0));
}

static void
test_empty_key_makes_no_message (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);

  th_stun_builder_add_integrity (builder, sample_key, 0);
  g_assert_cmpuint (th_stun_builder_end (builder), ==, 0);
}

static void
test_other_attribute_is_no_proof (void)
{
  Sample sample;

  sample_init (&sample);
  add_cut_integrity (&sample, TH_STUN_NONCE, G_CHECKSUM_SHA1, 20);
  g_assert_false (check (&sample, TH_STUN_NONCE, sample_key, sizeof sample_key));
}

static void
test_long_term_keys (void)
{
  /* the example of RFC 5389, section 15.4 */
  static const guint8 md5[] = { 0x84, 0x93, 0xFB, 0xC5, 0x3B, 0xA5, 0x82, 0xFB,
                                0x4C, 0x04, 0x4C, 0x45, 0x6B, 0xDC, 0x40, 0xEB };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 key[TH_STUN_KEY_MAX], sha256[32];
  gsize length = sizeof sha256;

  g_assert_cmpuint (th_stun_long_term_key (TH_STUN_ALGORITHM_MD5, "user", 4, "realm", 5, "pass", 4,
                                           key),
                    ==, 16);
  g_assert_cmpmem (key, 16, md5, 16);

  g_checksum_update (checksum, (const guchar *) "user:realm:pass", -1);
  g_checksum_get_digest (checksum, sha256, &length);
  g_assert_cmpuint (th_stun_long_term_key (TH_STUN_ALGORITHM_SHA256, "user", 4, "realm", 5, "pass",
                                           4, key),
                    ==, 32);
  g_assert_cmpmem (key, 32, sha256, 32);
}

static void
test_empty_parts_of_a_key (void)
{
  g_autofree char *colons = g_compute_checksum_for_string (G_CHECKSUM_SHA256, "::", -1);
  guint8 key[TH_STUN_KEY_MAX];
  GString *hex = g_string_new (NULL);
  g_autofree char *text = NULL;

  g_assert_cmpuint (
      th_stun_long_term_key (TH_STUN_ALGORITHM_SHA256, NULL, 0, "", 0, NULL, 0, key), ==, 32);
  for (gsize i = 0; i < sizeof key; i++)
    g_string_append_printf (hex, "%02x", key[i]);
  text = g_string_free (hex, FALSE);
  g_assert_cmpstr (text, ==, colons);
}

static void
test_prepared_strings (void)
{
  static const struct {
    const char *text, *prepared;
  } cases[] = {
    { "TheMatrIX", "TheMatrIX" },
    { "with space", "with space" },
    { "\xE3\x83\x9E\xE3\x83\x88", "\xE3\x83\x9E\xE3\x83\x88" },
    { "cafe\xCC\x81", "caf\xC3\xA9" },     /* composed, NFC */
    { "a\xC2\xA0" "b\xE3\x80\x80" "c", "a b c" }, /* other spaces become U+0020 */
    { "\xEF\xBC\xA1", "\xEF\xBC\xA1" },    /* fullwidth A stays */
    { "", NULL },
    { "a\tb", NULL },
    { "a\nb", NULL },
    { "soft\xC2\xADhyphen", NULL },
    { "\xFF\xFE", NULL },
    { "cut \xE3\x83", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *prepared = th_stun_prepare_string (cases[i].text);

      g_assert_cmpstr (prepared, ==, cases[i].prepared);
    }
}

static void
test_equality (void)
{
  guint8 a[40] = { 0 }, b[40] = { 0 };

  g_assert_true (th_equal_in_constant_time (a, b, sizeof a));
  g_assert_true (th_equal_in_constant_time (a, b, 0));
  for (gsize i = 0; i < sizeof a; i++)
    {
      b[i] = 0x80;
      g_assert_false (th_equal_in_constant_time (a, b, sizeof a));
      g_assert_true (th_equal_in_constant_time (a, b, i));
      b[i] = 0;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/integrity/sha1-of-0-to-36-bytes", test_lengths_of_integrity);
  g_test_add_func ("/stun/integrity/sha256-of-0-to-40-bytes", test_lengths_of_sha256);
  g_test_add_func ("/stun/integrity/built-equals-second-opinion", test_built_equals_second_opinion);
  g_test_add_func ("/stun/integrity/both-with-what-follows", test_both_with_what_follows);
  g_test_add_func ("/stun/integrity/wrong-keys", test_wrong_keys);
  g_test_add_func ("/stun/integrity/empty-key-makes-no-message", test_empty_key_makes_no_message);
  g_test_add_func ("/stun/integrity/other-attribute-is-no-proof",
                   test_other_attribute_is_no_proof);
  g_test_add_func ("/stun/integrity/long-term-keys", test_long_term_keys);
  g_test_add_func ("/stun/integrity/empty-parts-of-a-key", test_empty_parts_of_a_key);
  g_test_add_func ("/stun/integrity/prepared-strings", test_prepared_strings);
  g_test_add_func ("/stun/integrity/equality", test_equality);
  return g_test_run ();
}
