/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Base62: what LiveKit would write for the same bytes, and only that is read back.
 */
#include <string.h>

#include "credentials/base62.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/* By another road: as a text of binary digits that is cut from its end. (transfer full) */
static char *
encode_by_digits (const guint8 *bytes, gsize length)
{
  g_autoptr (GString) digits = g_string_new (NULL);
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length * 8; i++)
    g_string_append_c (digits, (bytes[i / 8] & 0x80 >> i % 8) != 0 ? '1' : '0');
  while (digits->len > 0)
    {
      gsize taken = MIN (digits->len, 6);
      g_autofree char *group = g_strdup_printf ("000000%s", digits->str + digits->len - taken);
      const char *six = group + strlen (group) - 6;

      if (strncmp (six + 1, "1111", 4) == 0 && (digits->len > 6 || six[0] == '1'))
        {
          taken = 5;
          six++;
        }
      g_string_append_c (text, alphabet[strtoul (six, NULL, 2)]);
      g_string_truncate (digits, digits->len - taken);
    }
  return g_string_free (text, FALSE);
}

static void
assert_pair (const guint8 *bytes, gsize length, const char *text)
{
  g_autofree char *encoded = th_base62_encode (bytes, length);
  gsize text_length = strlen (text);
  g_autofree guint8 *decoded = g_malloc (TH_BASE62_BYTES_MAX (text_length));
  gsize n = 0;

  g_assert_cmpstr (encoded, ==, text);
  g_assert_cmpuint (text_length, <=, TH_BASE62_TEXT_MAX (length));
  g_assert_true (th_base62_decode (text, text_length, decoded, &n));
  g_assert_cmpmem (decoded, n, bytes, length);
}

/* Made in Python from the published description, and checked step by step against the Go source. */
static void
test_known (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *text;
  } known[] = {
    { "", 0, "" },
    { "\0", 1, "AA" },
    { "\xff", 1, "fH" },
    { "a", 1, "hB" },
    { "ab", 2, "iFG" },
    { "\0\0\0\0", 4, "AAAAAA" },
    { "\xff\xff\xff\xff\xff\xff", 6, "fffffffffH" },
    { "Hello, \xe4\xb8\x96\xe7\x95\x8c", 13, "MW55WiL5gwybsxWZIB" },
    { "APIhome|anna|1700000000", 23, "wADMwADMwAzNxwXYu5WY8VWbvhWSQFE" },
    { "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
      "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f", 32,
      "fwjO4YDNyAjLsoCKmQiIg4BHaghFUIBEOwgCIYABCAA" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    assert_pair ((const guint8 *) known[i].bytes, known[i].length, known[i].text);
}

static void
test_every_short_one (void)
{
  for (guint i = 0; i <= 0xffff; i += i < 0x200 ? 1 : 7)
    {
      guint8 bytes[] = { i >> 8, i & 0xff };
      g_autofree char *two = encode_by_digits (bytes, 2);
      g_autofree char *one = encode_by_digits (bytes + 1, 1);

      assert_pair (bytes, 2, two);
      assert_pair (bytes + 1, 1, one);
    }
}

static void
test_random (void)
{
  static const guint8 edges[] = { 0, 0xff, 0x1e, 0x1f, 0x3e, 0x3f, 0xf0, 0x78, 0x7c, 0x80 };

  for (guint round = 0; round < 3000; round++)
    {
      guint8 bytes[400];
      gsize length = g_test_rand_int_range (0, round % 100 == 0 ? sizeof bytes : 64);
      g_autofree char *expected = NULL;

      for (gsize i = 0; i < length; i++)
        bytes[i] = g_test_rand_bit () ? edges[g_test_rand_int_range (0, sizeof edges)]
                                      : g_test_rand_int_range (0, 256);
      expected = encode_by_digits (bytes, length);
      assert_pair (bytes, length, expected);
    }
}

/* Whatever the text is: it is refused, or it is the one text for the bytes it stands for. */
static void
test_random_texts (void)
{
  guint well = 0;

  for (guint round = 0; round < 20000; round++)
    {
      char text[40];
      gsize length = g_test_rand_int_range (0, sizeof text), n = 0;
      g_autofree guint8 *bytes = g_malloc (TH_BASE62_BYTES_MAX (length));

      for (gsize i = 0; i < length; i++)
        text[i] = alphabet[g_test_rand_int_range (0, 62)];
      if (th_base62_decode (text, length, bytes, &n))
        {
          g_autofree char *again = th_base62_encode (bytes, n);

          g_assert_cmpmem (again, strlen (again), text, length);
          well++;
        }
    }
  g_assert_cmpuint (well, >, 1000);
  g_assert_cmpuint (well, <, 19000);
}

static void
test_bad (void)
{
  static const struct
  {
    const char *text;
    gsize length;
  } bad[] = {
    { "A", 1 },       /* six bits are no byte, but read as one of none */
    { "A A", 3 },     { "AA=", 3 },  { "AA\n", 3 }, { "A\0A", 3 }, { "\xff\xff", 2 }, { "-_", 2 },
    { "@[`{/:", 6 },  /* beside the letters and digits */
    { "ff", 2 },      /* more bits than a byte has */
    { "999999", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      guint8 bytes[16];
      gsize n;
      gboolean read = th_base62_decode (bad[i].text, bad[i].length, bytes, &n);
      g_autofree char *again = read ? th_base62_encode (bytes, n) : NULL;

      g_test_message ("row %u", i);
      if (read)
        g_assert_cmpmem (again, strlen (again), bad[i].text, bad[i].length);
      g_assert_false (read);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/base62/" name, function)
  ADD ("known", test_known);
  ADD ("every-short-one", test_every_short_one);
  ADD ("random", test_random);
  ADD ("random-texts", test_random_texts);
  ADD ("bad", test_bad);
#undef ADD
  return g_test_run ();
}
