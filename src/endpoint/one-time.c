/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A short array of tokens, oldest first. All are compared, whichever it is.
 */
#include "endpoint/one-time.h"

#include <string.h>

#include "credentials/base64url.h"
#include "stun/integrity.h"
#include "turn/random.h"

#define TOKEN_SIZE 16

typedef struct {
  guint8 bytes[TOKEN_SIZE];
  gint64 end; /* microseconds */
} Token;

struct _ThOneTime {
  guint max;
  gint64 lifetime;
  GArray *tokens; /* Token */
};

static void
token_clear (gpointer token)
{
  explicit_bzero (token, sizeof (Token));
}

static void
forget_ended (ThOneTime *self, gint64 now)
{
  while (self->tokens->len > 0 && g_array_index (self->tokens, Token, 0).end <= now)
    g_array_remove_index (self->tokens, 0);
}

/* Returns: its index, or -1 */
static int
find (ThOneTime *self, const char *text, gint64 now)
{
  gsize size = 0;
  g_autofree char *bytes = th_base64url_decode (text, strlen (text), &size);
  int found = -1;

  forget_ended (self, now);
  if (bytes == NULL || size != TOKEN_SIZE)
    return -1;
  for (guint i = 0; i < self->tokens->len; i++)
    if (th_equal_in_constant_time (g_array_index (self->tokens, Token, i).bytes, bytes, TOKEN_SIZE))
      found = (int) i;
  return found;
}

ThOneTime *
th_one_time_new (guint max, gint64 lifetime)
{
  ThOneTime *self = g_new0 (ThOneTime, 1);

  self->max = max;
  self->lifetime = lifetime;
  self->tokens = g_array_new (FALSE, FALSE, sizeof (Token));
  g_array_set_clear_func (self->tokens, token_clear);
  return self;
}

void
th_one_time_free (ThOneTime *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->tokens);
  g_free (self);
}

char *
th_one_time_make (ThOneTime *self, gint64 now)
{
  Token token = { .end = now + self->lifetime };
  char *text;

  forget_ended (self, now);
  if (self->tokens->len >= self->max)
    g_array_remove_index (self->tokens, 0);
  th_random_bytes (token.bytes, TOKEN_SIZE);
  text = th_base64url_encode (token.bytes, TOKEN_SIZE);
  g_array_append_val (self->tokens, token);
  token_clear (&token);
  return text;
}

gint64
th_one_time_get_time_left (ThOneTime *self, const char *token, gint64 now)
{
  int found = find (self, token, now);

  return found >= 0 ? g_array_index (self->tokens, Token, found).end - now : 0;
}

gboolean
th_one_time_take (ThOneTime *self, const char *token, gint64 now)
{
  int found = find (self, token, now);

  if (found >= 0)
    g_array_remove_index (self->tokens, (guint) found);
  return found >= 0;
}
