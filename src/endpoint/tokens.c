/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * App tokens as SHA-256 digests: equal in length, so that comparing them tells nothing of the
 * tokens' lengths either.
 */
#include "endpoint/tokens.h"

#include <gnutls/crypto.h>

#include "stun/integrity.h"

#define DIGEST_SIZE 32

typedef struct {
  char *name;
  guint8 digest[DIGEST_SIZE];
} Token;

struct _ThTokens {
  GArray *tokens;
};

static void
token_clear (gpointer data)
{
  g_free (((Token *) data)->name);
}

static void
digest_text (const char *text, guint8 *digest)
{
  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, text, strlen (text), digest) < 0)
    g_error ("SHA-256 is not available"); /* GnuTLS cannot work without it */
}

ThTokens *
th_tokens_new (const char *const *pairs)
{
  ThTokens *self = g_new0 (ThTokens, 1);

  self->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  g_array_set_clear_func (self->tokens, token_clear);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *colon = strchr (pairs[i], ':');
      if (colon == NULL || colon[1] == '\0')
        continue;

      Token token = { .name = g_strndup (pairs[i], colon - pairs[i]) };
      digest_text (colon + 1, token.digest);
      g_array_append_val (self->tokens, token);
    }
  return self;
}

void
th_tokens_free (ThTokens *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tokens);
  g_free (self);
}

const char *
th_tokens_find (const ThTokens *self, const char *token)
{
  const char *name = NULL;
  guint8 digest[DIGEST_SIZE];

  digest_text (token, digest);
  for (guint i = 0; i < self->tokens->len; i++)
    {
      const Token *candidate = &g_array_index (self->tokens, Token, i);
      if (th_equal_in_constant_time (candidate->digest, digest, DIGEST_SIZE))
        name = candidate->name;
    }
  return name;
}
