/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Joiners stay: words of some languages need them. What sets the direction of text does not, as
 * it would turn around what stands beside the name too (Unicode Technical Report 36, section 2.5).
 */
#include "app/display-text.h"

#define REPLACEMENT 0xFFFD
#define ELLIPSIS    0x2026

static gboolean
is_joiner (gunichar c)
{
  return c == 0x200C || c == 0x200D;
}

static gboolean
is_fit (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_FORMAT: /* marks of direction, zero-width spaces, tags */
      return is_joiner (c);
    case G_UNICODE_CONTROL:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_UNASSIGNED:
      return FALSE;
    default:
      return TRUE;
    }
}

char *
th_display_text (const char *bytes, gssize length)
{
  g_autofree char *valid = length == 0 ? g_strdup ("") : g_utf8_make_valid (bytes, length);
  GString *text = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (n++ == TH_DISPLAY_TEXT_MAX)
        {
          g_string_append_unichar (text, ELLIPSIS);
          break;
        }
      g_string_append_unichar (text, is_fit (c) ? c : REPLACEMENT);
    }
  return g_string_free (text, FALSE);
}
