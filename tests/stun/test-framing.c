/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the frame of a STUN message: which runs of bytes are one, and which are not.
 */
#include "sample.h"

/* A header, which claims @claimed bytes of attributes, at @bytes. */
static void
write_header (guint8 *bytes, guint16 claimed)
{
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, TH_STUN_HEADER_SIZE, TH_STUN_REQUEST, TH_STUN_BINDING,
                        sample_id);
  bytes[2] = claimed >> 8;
  bytes[3] = claimed & 0xFF;
}

static void
test_shorter_than_a_header (void)
{
  guint8 bytes[TH_STUN_HEADER_SIZE];

  write_header (bytes, 0);
  for (gsize length = 0; length < sizeof bytes; length++)
    {
      g_autofree guint8 *copy = g_memdup2 (bytes, length);

      g_assert_false (th_stun_looks_like_message (copy, length));
      g_assert_false (sample_parses_exact (bytes, length));
    }
  g_assert_true (th_stun_looks_like_message (bytes, sizeof bytes));
  g_assert_true (sample_parses_exact (bytes, sizeof bytes));
}

static void
test_without_magic_cookie (void)
{
  guint8 bytes[TH_STUN_HEADER_SIZE];

  for (guint bit = 0; bit < 32; bit++)
    {
      write_header (bytes, 0);
      bytes[4 + bit / 8] ^= 1 << bit % 8;
      g_assert_false (th_stun_looks_like_message (bytes, sizeof bytes));
      g_assert_false (sample_parses_exact (bytes, sizeof bytes));
    }
}

static void
test_first_bits_set (void)
{
  static const guint8 first_bits[] = { 0x40, 0x80, 0xC0 };
  guint8 bytes[TH_STUN_HEADER_SIZE];

  for (gsize i = 0; i < G_N_ELEMENTS (first_bits); i++)
    {
      write_header (bytes, 0);
      bytes[0] |= first_bits[i];
      g_assert_false (th_stun_looks_like_message (bytes, sizeof bytes));
      g_assert_false (sample_parses_exact (bytes, sizeof bytes));
    }
}

static void
test_every_method_and_class (void)
{
  for (guint16 method = 0; method <= 0xFFF; method++)
    for (ThStunClass class = TH_STUN_REQUEST; class <= TH_STUN_ERROR; class++)
      {
        guint8 bytes[TH_STUN_HEADER_SIZE];
        ThStunBuilder builder;
        ThStunMessage message;

        th_stun_builder_init (&builder, bytes, sizeof bytes, class, method, sample_id);
        g_assert_true (th_stun_message_parse (&message, bytes, sizeof bytes));
        g_assert_cmpuint (message.method, ==, method);
        g_assert_cmpint (message.class, ==, class);
        g_assert_cmpmem (th_stun_message_transaction_id (&message), 12, sample_id, 12);
      }
}

static void
test_type_on_the_wire (void)
{
  static const struct {
    ThStunClass class;
    guint16 method, type;
  } cases[] = {
    { TH_STUN_REQUEST, TH_STUN_BINDING, 0x0001 },    { TH_STUN_SUCCESS, TH_STUN_BINDING, 0x0101 },
    { TH_STUN_ERROR, TH_STUN_BINDING, 0x0111 },      { TH_STUN_INDICATION, TH_STUN_SEND, 0x0016 },
    { TH_STUN_INDICATION, TH_STUN_DATA, 0x0017 },    { TH_STUN_REQUEST, TH_STUN_CHANNEL_BIND, 9 },
    { TH_STUN_ERROR, TH_STUN_ALLOCATE, 0x0113 },     { TH_STUN_ERROR, 0xFFF, 0x3FFF },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 bytes[TH_STUN_HEADER_SIZE];
      ThStunBuilder builder;

      th_stun_builder_init (&builder, bytes, sizeof bytes, cases[i].class, cases[i].method,
                            sample_id);
      g_assert_cmphex (bytes[0] << 8 | bytes[1], ==, cases[i].type);
    }
}

static void
test_length_that_lies (void)
{
  static const guint16 claims[] = { 0, 1, 2, 3, 5, 6, 7, 9, 12, 0x7FFC, 0xFFFC, 0xFFFF };
  guint8 bytes[TH_STUN_HEADER_SIZE + 8];

  memset (bytes, 0, sizeof bytes);
  write_header (bytes, 8);
  g_assert_true (sample_parses_exact (bytes, sizeof bytes)); /* two empty attributes of type 0 */
  for (gsize i = 0; i < G_N_ELEMENTS (claims); i++)
    {
      write_header (bytes, claims[i]);
      g_assert_false (sample_parses_exact (bytes, sizeof bytes));
    }
}

static void
test_true_length_not_a_multiple_of_4 (void)
{
  guint8 bytes[TH_STUN_HEADER_SIZE + 8] = { 0 };

  for (guint16 extra = 1; extra < 8; extra++)
    {
      write_header (bytes, extra);
      g_assert_cmpint (sample_parses_exact (bytes, TH_STUN_HEADER_SIZE + extra), ==, extra == 4);
    }
}

static void
test_attribute_past_the_end (void)
{
  static const guint16 lengths[] = { 9, 12, 100, 0x7FFF, 0x8000, 0xFFFB, 0xFFFC, 0xFFFD, 0xFFFF };
  guint8 bytes[TH_STUN_HEADER_SIZE + 12] = { 0 };

  write_header (bytes, 12);
  for (guint16 length = 5; length <= 8; length++)
    {
      bytes[TH_STUN_HEADER_SIZE + 3] = (guint8) length;
      g_assert_true (sample_parses_exact (bytes, sizeof bytes));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      bytes[TH_STUN_HEADER_SIZE + 2] = lengths[i] >> 8;
      bytes[TH_STUN_HEADER_SIZE + 3] = lengths[i] & 0xFF;
      g_assert_false (sample_parses_exact (bytes, sizeof bytes));
    }
}

static void
test_missing_padding (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);

  th_stun_builder_add_string (builder, TH_STUN_SOFTWARE, "five5");
  g_assert_true (sample_parses_exact (sample.bytes, builder->length));
  for (gsize missing = 1; missing <= 3; missing++)
    {
      sample.bytes[3] = (guint8) (builder->length - TH_STUN_HEADER_SIZE - missing);
      g_assert_false (sample_parses_exact (sample.bytes, builder->length - missing));
    }
}

static void
test_padding_may_be_anything (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;

  th_stun_builder_add_string (builder, TH_STUN_SOFTWARE, "five5");
  memset (sample.bytes + builder->length - 3, 0xFF, 3);
  sample_parse (&sample, &message);
  g_assert_true (th_stun_message_find (&message, TH_STUN_SOFTWARE, &attribute));
  g_assert_cmpmem (attribute.value, attribute.length, "five5", 5);
}

static void
test_thousands_of_empty_attributes (void)
{
  const gsize size = TH_STUN_HEADER_SIZE + 0xFFFC;
  g_autofree guint8 *bytes = g_malloc0 (size);
  ThStunMessage message;
  ThStunAttribute attribute;
  ThStunIter iter;
  guint count = 0;

  write_header (bytes, 0xFFFC);
  g_assert_true (th_stun_message_parse (&message, bytes, size));
  th_stun_iter_init (&iter, &message);
  while (th_stun_iter_next (&iter, &attribute))
    {
      g_assert_cmpuint (attribute.length, ==, 0);
      count++;
    }
  g_assert_cmpuint (count, ==, 0xFFFC / 4);
  g_assert_false (th_stun_message_find (&message, TH_STUN_USERNAME, &attribute));
}

static void
test_largest_attribute (void)
{
  const gsize size = TH_STUN_HEADER_SIZE + 0xFFFC;
  g_autofree guint8 *bytes = g_malloc0 (size);

  write_header (bytes, 0xFFFC);
  bytes[TH_STUN_HEADER_SIZE + 2] = 0xFF;
  bytes[TH_STUN_HEADER_SIZE + 3] = 0xF8;
  g_assert_true (sample_parses_exact (bytes, size));
  bytes[TH_STUN_HEADER_SIZE + 3] = 0xF9;
  g_assert_false (sample_parses_exact (bytes, size));
}

static void
test_longer_than_a_header_can_say (void)
{
  const gsize size = TH_STUN_HEADER_SIZE + 0x10000; /* a 16-bit sum would see no attributes here */
  g_autofree guint8 *bytes = g_malloc0 (size);

  write_header (bytes, 0);
  g_assert_false (sample_parses_exact (bytes, size));
}

static void
test_misaligned (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThAddress sent, received;

  g_assert_true (th_address_parse (&sent, "2001:db8::7", 4242));
  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 600);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &sent);
  th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_fingerprint (builder);

  for (gsize offset = 0; offset < 8; offset++)
    {
      g_autofree guint8 *room = g_malloc (offset + builder->length);
      ThStunMessage message;
      ThStunAttribute attribute;
      guint32 lifetime;

      memcpy (room + offset, sample.bytes, builder->length);
      g_assert_true (th_stun_message_parse (&message, room + offset, builder->length));
      g_assert_true (th_stun_message_find (&message, TH_STUN_LIFETIME, &attribute));
      g_assert_true (th_stun_attribute_get_u32 (&attribute, &lifetime));
      g_assert_cmpuint (lifetime, ==, 600);
      g_assert_true (th_stun_message_find (&message, TH_STUN_XOR_PEER_ADDRESS, &attribute));
      g_assert_true (th_stun_attribute_get_xor_address (&attribute, &message, &received));
      g_assert_true (th_address_equal (&sent, &received));
      g_assert_true (th_stun_message_find (&message, TH_STUN_MESSAGE_INTEGRITY, &attribute));
      g_assert_true (
          th_stun_check_integrity (&message, &attribute, sample_key, sizeof sample_key));
      g_assert_true (th_stun_check_fingerprint (&message));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/framing/0-to-19-bytes", test_shorter_than_a_header);
  g_test_add_func ("/stun/framing/classic-without-magic-cookie", test_without_magic_cookie);
  g_test_add_func ("/stun/framing/first-bits-set", test_first_bits_set);
  g_test_add_func ("/stun/framing/every-method-and-class", test_every_method_and_class);
  g_test_add_func ("/stun/framing/type-on-the-wire", test_type_on_the_wire);
  g_test_add_func ("/stun/framing/length-larger-smaller-odd-or-all-ones", test_length_that_lies);
  g_test_add_func ("/stun/framing/true-length-not-a-multiple-of-4",
                   test_true_length_not_a_multiple_of_4);
  g_test_add_func ("/stun/framing/attribute-past-the-end", test_attribute_past_the_end);
  g_test_add_func ("/stun/framing/missing-padding", test_missing_padding);
  g_test_add_func ("/stun/framing/padding-may-be-anything", test_padding_may_be_anything);
  g_test_add_func ("/stun/framing/thousands-of-empty-attributes",
                   test_thousands_of_empty_attributes);
  g_test_add_func ("/stun/framing/largest-attribute", test_largest_attribute);
  g_test_add_func ("/stun/framing/longer-than-a-header-can-say",
                   test_longer_than_a_header_can_say);
  g_test_add_func ("/stun/framing/misaligned", test_misaligned);
  return g_test_run ();
}
