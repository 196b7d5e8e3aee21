/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the typed reads: the exact form of each value, and everything that is not quite it.
 */
#include "sample.h"

/* A message with one attribute of @length bytes; the view goes to @message and @attribute. */
static void
make_attribute (Sample *sample,
                const guint8 *value,
                gsize length,
                ThStunMessage *message,
                ThStunAttribute *attribute)
{
  ThStunBuilder *builder = sample_init (sample);

  th_stun_builder_add_bytes (builder, TH_STUN_XOR_PEER_ADDRESS, value, length);
  sample_parse (sample, message);
  g_assert_true (th_stun_message_find (message, TH_STUN_XOR_PEER_ADDRESS, attribute));
}

static void
test_u32 (void)
{
  static const guint8 value[] = { 0xFE, 0xDC, 0xBA, 0x98, 0x76 };
  Sample sample;
  ThStunMessage message;
  ThStunAttribute attribute;
  guint32 number = 7;

  for (gsize length = 0; length <= sizeof value; length++)
    {
      make_attribute (&sample, value, length, &message, &attribute);
      g_assert_cmpint (th_stun_attribute_get_u32 (&attribute, &number), ==, length == 4);
      g_assert_cmphex (number, ==, length < 4 ? 7 : 0xFEDCBA98);
    }
}

static void
test_addresses_both_ways (void)
{
  static const char *const texts[] = { "192.0.2.1", "0.0.0.0", "255.255.255.255", "33.18.164.66",
                                       "2001:db8:1234:5678:11:2233:4455:6677", "::",
                                       "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff" };
  static const guint16 ports[] = { 0, 1, 3478, 0x2112, 0xFFFF };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (ports); j++)
      {
        Sample sample;
        ThStunBuilder *builder = sample_init (&sample);
        ThStunMessage message;
        ThStunAttribute attribute;
        ThAddress sent, plain = TH_ADDRESS_NONE, masked = TH_ADDRESS_NONE;

        g_assert_true (th_address_parse (&sent, texts[i], ports[j]));
        th_stun_builder_add_address (builder, TH_STUN_MAPPED_ADDRESS, &sent);
        th_stun_builder_add_xor_address (builder, TH_STUN_XOR_MAPPED_ADDRESS, &sent);
        sample_parse (&sample, &message);

        g_assert_true (th_stun_message_find (&message, TH_STUN_MAPPED_ADDRESS, &attribute));
        g_assert_true (th_stun_attribute_get_address (&attribute, &plain));
        g_assert_true (th_address_equal (&sent, &plain));
        g_assert_true (th_stun_message_find (&message, TH_STUN_XOR_MAPPED_ADDRESS, &attribute));
        g_assert_true (th_stun_attribute_get_xor_address (&attribute, &message, &masked));
        g_assert_true (th_address_equal (&sent, &masked));
      }
}

static void
test_address_lengths_and_families (void)
{
  guint8 value[24] = { 0 };

  for (guint family = 0; family < 256; family++)
    for (gsize length = 0; length <= sizeof value; length++)
      {
        gboolean good = (family == 1 && length == 8) || (family == 2 && length == 20);
        Sample sample;
        ThStunMessage message;
        ThStunAttribute attribute;
        ThAddress address;

        value[1] = (guint8) family;
        make_attribute (&sample, value, length, &message, &attribute);
        g_assert_cmpint (th_stun_attribute_get_address (&attribute, &address), ==, good);
        g_assert_cmpint (th_stun_attribute_get_xor_address (&attribute, &message, &address), ==,
                         good);
      }
}

static void
test_first_byte_of_an_address_is_ignored (void)
{
  static const guint8 value[] = { 0xFF, 1, 0x12, 0x34, 192, 0, 2, 1 };
  Sample sample;
  ThStunMessage message;
  ThStunAttribute attribute;
  ThAddress address, expected;

  make_attribute (&sample, value, sizeof value, &message, &attribute);
  g_assert_true (th_stun_attribute_get_address (&attribute, &address));
  g_assert_true (th_address_parse (&expected, "192.0.2.1", 0x1234));
  g_assert_true (th_address_equal (&address, &expected));
}

static void
test_error_codes (void)
{
  for (guint code = 0; code < 800; code++)
    {
      gboolean good = code >= 300 && code <= 699;
      Sample sample;
      ThStunBuilder *builder = sample_init (&sample);
      ThStunMessage message;
      ThStunAttribute attribute;
      guint read_code;
      const char *reason;
      gsize reason_length;

      th_stun_builder_add_error (builder, code, "why");
      sample_parse (&sample, &message);
      g_assert_true (th_stun_message_find (&message, TH_STUN_ERROR_CODE, &attribute));
      g_assert_cmpint (
          th_stun_attribute_get_error (&attribute, &read_code, &reason, &reason_length), ==, good);
      if (good)
        {
          g_assert_cmpuint (read_code, ==, code);
          g_assert_cmpmem (reason, reason_length, "why", 3);
        }
    }
}

static void
test_bad_error_codes (void)
{
  static const struct {
    guint8 value[4];
    gsize length;
  } cases[] = {
    { { 0, 0, 4, 0 }, 0 },   { { 0, 0, 4, 0 }, 3 },   { { 0, 0, 4, 100 }, 4 },
    { { 0, 0, 4, 255 }, 4 }, { { 0, 0, 0, 1 }, 4 },   { { 0, 0, 7, 1 }, 4 },
    { { 0, 0, 2, 99 }, 4 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Sample sample;
      ThStunMessage message;
      ThStunAttribute attribute;
      guint code;
      const char *reason;
      gsize reason_length;

      make_attribute (&sample, cases[i].value, cases[i].length, &message, &attribute);
      g_assert_false (th_stun_attribute_get_error (&attribute, &code, &reason, &reason_length));
    }
}

static void
test_error_without_reason (void)
{
  static const guint8 value[] = { 0xFF, 0xFF, 0xFC, 38 }; /* the reserved bits are ignored */
  Sample sample;
  ThStunMessage message;
  ThStunAttribute attribute;
  guint code;
  const char *reason;
  gsize reason_length;

  make_attribute (&sample, value, sizeof value, &message, &attribute);
  g_assert_true (th_stun_attribute_get_error (&attribute, &code, &reason, &reason_length));
  g_assert_cmpuint (code, ==, 438);
  g_assert_null (reason);
  g_assert_cmpuint (reason_length, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/attributes/u32-is-four-bytes", test_u32);
  g_test_add_func ("/stun/attributes/addresses-both-ways", test_addresses_both_ways);
  g_test_add_func ("/stun/attributes/address-of-every-length-and-family",
                   test_address_lengths_and_families);
  g_test_add_func ("/stun/attributes/first-byte-of-an-address-is-ignored",
                   test_first_byte_of_an_address_is_ignored);
  g_test_add_func ("/stun/attributes/error-codes-300-to-699", test_error_codes);
  g_test_add_func ("/stun/attributes/bad-error-codes", test_bad_error_codes);
  g_test_add_func ("/stun/attributes/error-without-reason", test_error_without_reason);
  return g_test_run ();
}
