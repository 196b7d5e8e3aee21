/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the check of callers' tokens: the bytes as a token as they are; and, where they have a
 * line end, as header and claims that are signed here, so that what comes after the signature is
 * reached.
 */
#include <string.h>

#include "../credentials/sign-jwt.h"
#include "credentials/jwt-check.h"
#include "credentials/secret.h"
#include "fuzz.h"

#define NOW 1700000000

static const ThAcceptedSecret api[] = { { "key", "secret", 1, 0 },
                                        { "old", "before", 2, NOW + 1 } };
static const ThAcceptedSecret stranger = { "key", "Secret", 1, 0 };

static void
check (const char *token)
{
  g_autofree char *subject = NULL, *none = NULL;
  ThJwtVerdict verdict = th_jwt_check (token, api, G_N_ELEMENTS (api), NOW, &subject);

  g_assert_cmpint (verdict, <, TH_N_JWT_VERDICTS);
  g_assert_true ((verdict == TH_JWT_GOOD) == (subject != NULL));
  if (subject == NULL)
    return;
  g_assert_true (th_text_is_plain (subject, strlen (subject)) && *subject != '\0');
  g_assert_true (th_jwt_has_form (token));
  g_assert_cmpint (th_jwt_check (token, &stranger, 1, NOW, &none), ==, TH_JWT_SIGNATURE);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);
  const char *claims = size > 0 ? memchr (data, '\n', size) : NULL;

  check (text);
  if (claims != NULL)
    {
      gsize header_length = claims - (const char *) data;
      g_autofree char *token =
          sign_jwt (G_CHECKSUM_SHA256, (const char *) data, header_length, claims + 1,
                    size - header_length - 1, "secret");

      check (token);
    }
  return 0;
}
