/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Randomness cannot be proved here, but its commonest failures can be seen: bytes left as they
 * were, numbers out of range, numbers that never come.
 */
#include "turn/random.h"

#include <string.h>

#define LONG 1000

static void
test_every_byte_is_filled (void)
{
  guint8 ever_set[LONG] = { 0 };
  guint8 bytes[LONG + 1];

  for (guint round = 0; round < 8; round++)
    {
      memset (bytes, 0, sizeof bytes);
      th_random_bytes (bytes, LONG);
      g_assert_cmpuint (bytes[LONG], ==, 0);
      for (guint i = 0; i < LONG; i++)
        ever_set[i] |= bytes[i];
    }
  for (guint i = 0; i < LONG; i++)
    g_assert_cmpuint (ever_set[i], !=, 0);
}

static void
test_no_bytes (void)
{
  guint8 byte = 7;

  th_random_bytes (&byte, 0);
  g_assert_cmpuint (byte, ==, 7);
}

static void
test_every_number_below_comes (void)
{
  gboolean seen[10] = { FALSE };

  for (guint i = 0; i < 1000; i++)
    {
      guint32 number = th_random_below (G_N_ELEMENTS (seen));

      g_assert_cmpuint (number, <, G_N_ELEMENTS (seen));
      seen[number] = TRUE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (seen); i++)
    g_assert_true (seen[i]);
}

static void
test_below_one_is_zero (void)
{
  for (guint i = 0; i < 100; i++)
    g_assert_cmpuint (th_random_below (1), ==, 0);
}

static void
test_below_the_greatest (void)
{
  gboolean upper_half = FALSE;

  for (guint i = 0; i < 100; i++)
    upper_half |= th_random_below (G_MAXUINT32) > G_MAXUINT32 / 2;
  g_assert_true (upper_half);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/turn/random/every-byte-is-filled", test_every_byte_is_filled);
  g_test_add_func ("/turn/random/no-bytes", test_no_bytes);
  g_test_add_func ("/turn/random/every-number-below-comes", test_every_number_below_comes);
  g_test_add_func ("/turn/random/below-one-is-zero", test_below_one_is_zero);
  g_test_add_func ("/turn/random/below-the-greatest", test_below_the_greatest);
  return g_test_run ();
}
