/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uacme writes lines that begin with its name, and where an authority refuses, the JSON that it
 * sent. Of several, the last counts: it is what ended the run.
 */
#include "network/acme-report.h"

#include <string.h>

#include "credentials/json-object.h"

#define NAME        "uacme: "
#define TYPE_PREFIX "urn:ietf:params:acme:error:"
#define DEPTH_MAX   16
#define TEXT_MAX    300 /* characters */

static gboolean
is_fit_to_show (gunichar c)
{
  switch (g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
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

/* (transfer full) */
static char *
make_fit (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  GString *fit = g_string_new (NULL);
  guint n = 0;

  for (const char *p = valid; *p != '\0' && n < TEXT_MAX; p = g_utf8_next_char (p), n++)
    {
      gunichar c = g_utf8_get_char (p);

      g_string_append_unichar (fit, is_fit_to_show (c) ? c : ' ');
    }
  if (n == TEXT_MAX)
    g_string_append (fit, "…");
  return g_strstrip (g_string_free (fit, FALSE));
}

/* The end of the object that begins at @text, or NULL. Quotes hide braces. */
static const char *
find_end_of_object (const char *text, const char *end)
{
  gboolean quoted = FALSE;
  guint depth = 0;

  for (const char *p = text; p < end; p++)
    {
      if (quoted && *p == '\\')
        p++;
      else if (*p == '"')
        quoted = !quoted;
      else if (!quoted && *p == '{')
        depth++;
      else if (!quoted && *p == '}' && --depth == 0)
        return p + 1;
    }
  return NULL;
}

static gboolean
take_object (ThAcmeReport *self, const char *text, gsize length)
{
  g_autoptr (JsonObject) object = th_json_object_parse (text, length, DEPTH_MAX);
  const char *type = object != NULL ? th_json_object_get_text (object, "type") : NULL;
  const char *detail = object != NULL ? th_json_object_get_text (object, "detail") : NULL;

  if (type == NULL)
    return FALSE;
  if (g_str_has_prefix (type, TYPE_PREFIX))
    type += strlen (TYPE_PREFIX);
  g_free (self->type);
  g_free (self->detail);
  self->type = make_fit (type, strlen (type));
  self->detail = detail != NULL ? make_fit (detail, strlen (detail)) : NULL;
  return TRUE;
}

static void
take_line (ThAcmeReport *self, const char *line, gsize length)
{
  const gsize skip = strlen (NAME);

  if (length <= skip || memcmp (line, NAME, skip) != 0)
    return;
  g_free (self->said);
  self->said = make_fit (line + skip, length - skip);
}

ThAcmeReport *
th_acme_report_parse (const char *output, gsize length)
{
  ThAcmeReport *self = g_new0 (ThAcmeReport, 1);
  const char *end = output + length;
  const char *p = output;

  self->said = g_strdup ("");
  while (p < end)
    {
      const char *newline = memchr (p, '\n', (gsize) (end - p));
      const char *line_end = newline != NULL ? newline : end;
      const char *object_end = *p == '{' ? find_end_of_object (p, end) : NULL;

      if (object_end != NULL && take_object (self, p, (gsize) (object_end - p)))
        p = object_end;
      else
        {
          take_line (self, p, (gsize) (line_end - p));
          p = newline != NULL ? newline + 1 : end;
        }
    }
  return self;
}

void
th_acme_report_free (ThAcmeReport *self)
{
  g_free (self->type);
  g_free (self->detail);
  g_free (self->said);
  g_free (self);
}
