/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A reader of JSON that only says yes or no. Each function steps over one thing of the grammar, or
 * returns FALSE.
 */
#include "credentials/json-check.h"

#include <string.h>

typedef struct {
  const char *at;
  const char *end;
  guint depth; /* that is left */
} Reader;

static gboolean skip_value (Reader *self);

static char
peek (const Reader *self)
{
  return self->at < self->end ? *self->at : '\0';
}

static gboolean
skip_character (Reader *self, char character)
{
  if (peek (self) != character)
    return FALSE;
  self->at++;
  return TRUE;
}

static gboolean
skip_word (Reader *self, const char *word)
{
  gsize length = strlen (word);

  if ((gsize) (self->end - self->at) < length || memcmp (self->at, word, length) != 0)
    return FALSE;
  self->at += length;
  return TRUE;
}

static void
skip_space (Reader *self)
{
  while (self->at < self->end && strchr (" \t\r\n", *self->at) != NULL)
    self->at++;
}

static gboolean
skip_digits (Reader *self)
{
  const char *start = self->at;

  while (g_ascii_isdigit (peek (self)))
    self->at++;
  return self->at > start;
}

static gboolean
skip_number (Reader *self)
{
  skip_character (self, '-');
  if (!skip_character (self, '0') && !skip_digits (self))
    return FALSE;
  if (skip_character (self, '.') && !skip_digits (self))
    return FALSE;
  if (!skip_character (self, 'e') && !skip_character (self, 'E'))
    return TRUE;
  if (!skip_character (self, '+'))
    skip_character (self, '-');
  return skip_digits (self);
}

/* The four digits behind \u */
static gboolean
read_unit (Reader *self, guint *unit)
{
  *unit = 0;
  for (guint i = 0; i < 4; i++)
    {
      int digit = g_ascii_xdigit_value (peek (self));
      if (digit < 0)
        return FALSE;
      *unit = *unit * 16 + digit;
      self->at++;
    }
  return TRUE;
}

static gboolean
skip_escape (Reader *self)
{
  guint high, low;

  if (!skip_character (self, 'u'))
    return self->at < self->end && memchr ("\"\\/bfnrt", *self->at++, 8) != NULL;
  if (!read_unit (self, &high) || high == 0)
    return FALSE;
  if (high < 0xD800 || high > 0xDFFF)
    return TRUE;
  return high < 0xDC00 && skip_word (self, "\\u") && read_unit (self, &low) && low >= 0xDC00 &&
         low <= 0xDFFF;
}

static gboolean
skip_string (Reader *self)
{
  if (!skip_character (self, '"'))
    return FALSE;
  while (self->at < self->end)
    {
      guint8 character = *self->at++;

      if (character == '"')
        return TRUE;
      if (character < 0x20 || (character == '\\' && !skip_escape (self)))
        return FALSE;
    }
  return FALSE;
}

static gboolean
skip_member (Reader *self)
{
  skip_space (self);
  if (!skip_string (self))
    return FALSE;
  skip_space (self);
  return skip_character (self, ':') && skip_value (self);
}

/* What stands between brackets or braces, with the closing one. */
static gboolean
skip_items (Reader *self, gboolean (*skip_item) (Reader *self), char closing)
{
  skip_space (self);
  if (skip_character (self, closing))
    return TRUE;
  do
    if (!skip_item (self))
      return FALSE;
  while (skip_character (self, ','));
  return skip_character (self, closing);
}

static gboolean
skip_container (Reader *self)
{
  gboolean well;

  if (self->depth == 0)
    return FALSE;
  self->depth--;
  well = *self->at++ == '{' ? skip_items (self, skip_member, '}')
                            : skip_items (self, skip_value, ']');
  self->depth++;
  return well;
}

/* With white space on both sides */
static gboolean
skip_value (Reader *self)
{
  gboolean well;

  skip_space (self);
  switch (peek (self))
    {
    case '{':
    case '[':
      well = skip_container (self);
      break;
    case '"':
      well = skip_string (self);
      break;
    case 't':
      well = skip_word (self, "true");
      break;
    case 'f':
      well = skip_word (self, "false");
      break;
    case 'n':
      well = skip_word (self, "null");
      break;
    default:
      well = skip_number (self);
      break;
    }
  skip_space (self);
  return well;
}

gboolean
th_json_is_well_formed (const char *text, gsize length, guint depth)
{
  Reader reader = { .at = text, .end = text + length, .depth = depth };

  return g_utf8_validate (text, length, NULL) && skip_value (&reader) && reader.at == reader.end;
}
