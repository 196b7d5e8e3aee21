/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes names that strangers chose: what is shown of them is short, valid, and stays as it is when
 * shown once more.
 */
#include <string.h>

#include "app/display-text.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *shown = th_display_text ((const char *) data, (gssize) size);
  g_autofree char *again = th_display_text (shown, -1);

  g_assert_true (g_utf8_validate (shown, -1, NULL));
  g_assert_cmpint (g_utf8_strlen (shown, -1), <=, TH_DISPLAY_TEXT_MAX + 1);
  g_assert_cmpstr (again, ==, shown);
  for (const char *p = shown; *p != '\0'; p = g_utf8_next_char (p))
    g_assert_false (g_unichar_iscntrl (g_utf8_get_char (p)));
  return 0;
}
