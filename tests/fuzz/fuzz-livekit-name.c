/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the names of LiveKit's scheme as clients may send them: what is accepted is exactly what
 * would be made, and any bytes come back from base62 as themselves.
 */
#include <string.h>

#include "credentials/base62.h"
#include "credentials/livekit.h"
#include "fuzz.h"

#define API_KEY "APIhome"

static void
check_name (const char *name, gsize length)
{
  g_autofree char *user = NULL, *again = NULL, *encoded = NULL;
  ThLivekitText text;
  ThLivekitName parsed;

  if (!th_livekit_decode_name (&text, name, length))
    return;
  encoded = th_base62_encode (text.bytes, text.length);
  g_assert_cmpmem (encoded, strlen (encoded), name, length);
  if (!th_livekit_parse_text (&parsed, &text, API_KEY))
    return;
  user = g_strndup (parsed.user, parsed.user_length);
  again = th_livekit_make_name (API_KEY, user, parsed.expires_at);
  g_assert_cmpmem (again, strlen (again), name, length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = th_base62_encode (data, size);
  gsize length = strlen (text), n = 0;
  g_autofree guint8 *bytes = g_malloc (TH_BASE62_BYTES_MAX (length));

  g_assert_true (th_base62_decode (text, length, bytes, &n));
  g_assert_cmpmem (bytes, n, data, size);
  check_name ((const char *) data, size); /* as a client may send it */
  check_name (text, length);              /* or the same, encoded */
  return 0;
}
