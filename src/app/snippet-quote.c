/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function a language.
 */
#include "app/snippet-quote.h"

#include <string.h>

#define SAFE "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-/:@"

/* Nothing in it means anything to a shell or in a .env file. */
static gboolean
is_safe (const char *text)
{
  return *text != '\0' && strspn (text, SAFE) == strlen (text);
}

static char *
enclose (const char *text, const char *quote)
{
  return g_strconcat (quote, text, quote, NULL);
}

/* In double or single quotes, with a backslash before each of @special. */
static char *
escape (const char *text, char quote, const char *special)
{
  GString *quoted = g_string_sized_new (2 * strlen (text) + 2);

  g_string_append_c (quoted, quote);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (strchr (special, *p) != NULL)
        g_string_append_c (quoted, '\\');
      g_string_append_c (quoted, *p);
    }
  g_string_append_c (quoted, quote);
  return g_string_free (quoted, FALSE);
}

/* Blanks other than the common one, and what cannot be seen, stand as their code points: some of
 * them end a line (U+2028), and nobody could tell the others. */
static gboolean
is_visible (gunichar character)
{
  return character == ' ' || (g_unichar_isgraph (character) && !g_unichar_isspace (character));
}

static char *
quote_yaml (const char *text)
{
  g_autofree char *escaped = escape (text, '"', "\"\\");
  GString *quoted = g_string_sized_new (2 * strlen (escaped));

  for (const char *p = escaped; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (is_visible (character))
        g_string_append_unichar (quoted, character);
      else
        g_string_append_printf (quoted, "\\U%08X", character);
    }
  explicit_bzero (escaped, strlen (escaped));
  return g_string_free (quoted, FALSE);
}

/* "<" too: "</script>" would end the page's script. */
static char *
quote_javascript (const char *text)
{
  g_autofree char *escaped = escape (text, '\'', "'\\");
  GString *quoted = g_string_sized_new (2 * strlen (escaped));

  for (const char *p = escaped; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar character = g_utf8_get_char (p);

      if (is_visible (character) && character != '<')
        g_string_append_unichar (quoted, character);
      else
        g_string_append_printf (quoted, "\\u{%X}", character);
    }
  explicit_bzero (escaped, strlen (escaped));
  return g_string_free (quoted, FALSE);
}

static char *
quote_env (const char *text)
{
  if (is_safe (text))
    return g_strdup (text);
  if (strchr (text, '\'') == NULL && strstr (text, "\\\\") == NULL &&
      !g_str_has_suffix (text, "\\"))
    return enclose (text, "'");
  return escape (text, '"', "\"\\$`");
}

char *
th_snippet_quote (ThSnippetLanguage language, const char *text)
{
  switch (language)
    {
    case TH_SNIPPET_CONF: /* takes off one quotation mark at either end, whatever is between */
      return is_safe (text) ? g_strdup (text) : enclose (text, "\"");
    case TH_SNIPPET_ENV:
      return quote_env (text);
    case TH_SNIPPET_JAVASCRIPT:
      return quote_javascript (text);
    case TH_SNIPPET_LUA:
      return escape (text, '"', "\"\\");
    case TH_SNIPPET_SHELL:
      return is_safe (text) ? g_strdup (text) : g_shell_quote (text);
    case TH_SNIPPET_YAML:
      return quote_yaml (text);
    default:
      g_return_val_if_reached (NULL);
    }
}
