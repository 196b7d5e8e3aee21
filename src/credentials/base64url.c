/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GLib's base64 with the other two characters.
 */
#include "credentials/base64url.h"

#include <string.h>

static gboolean
is_of_alphabet (const char *text, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  return TRUE;
}

char *
th_base64url_encode (const void *bytes, gsize length)
{
  char *text = g_base64_encode (bytes, length);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

char *
th_base64url_decode (const char *text, gsize length, gsize *size)
{
  static const char *const padding[] = { "", NULL, "==", "=" };
  g_autofree char *base64 = NULL, *again = NULL;
  g_autofree char *bytes = NULL;

  if (padding[length % 4] == NULL || !is_of_alphabet (text, length))
    return NULL;
  base64 = g_strdup_printf ("%.*s%s", (int) length, text, padding[length % 4]);
  g_strdelimit (base64, "-", '+');
  g_strdelimit (base64, "_", '/');
  bytes = (char *) g_base64_decode (base64, size);

  /* The bits that pad the last character must be zero. */
  again = th_base64url_encode (bytes, *size);
  if (strlen (again) != length || memcmp (again, text, length) != 0)
    return NULL;
  bytes = g_realloc (bytes, *size + 1);
  bytes[*size] = '\0';
  return g_steal_pointer (&bytes);
}
