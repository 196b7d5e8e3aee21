/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Words with spaces between them: eight at fixed places, then pairs of name and value.
 */
#include "ice/ice-candidate-line.h"

#include <glib/gi18n.h>
#include <string.h>

#define PREFIX "candidate:"
#define FOUNDATION_MAX 32 /* RFC 8839, section 5.1 */
#define HOST_MAX 255
#define COMPONENT_MAX 256
#define PRIORITY_MAX G_MAXINT32

/* The words at fixed places. */
enum {
  WORD_FOUNDATION,
  WORD_COMPONENT,
  WORD_TRANSPORT,
  WORD_PRIORITY,
  WORD_ADDRESS,
  WORD_PORT,
  WORD_TYP,
  WORD_TYPE,
  N_WORDS,
};

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID, text);
  return FALSE;
}

static gboolean
read_number (const char *word, guint64 min, guint64 max, guint64 *number)
{
  return g_ascii_string_to_unsigned (word, 10, min, max, number, NULL);
}

/* ice-char: letters, digits, "+" and "/" */
static gboolean
is_foundation (const char *word)
{
  gsize length = strlen (word);

  if (length == 0 || length > FOUNDATION_MAX)
    return FALSE;
  for (; *word != '\0'; word++)
    {
      if (!g_ascii_isalnum (*word) && *word != '+' && *word != '/')
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_host (const char *word)
{
  ThAddress address;
  gsize length = strlen (word);

  if (*word == '[' || length == 0 || length > HOST_MAX)
    return FALSE;
  if (th_address_parse (&address, word, 0))
    return TRUE;
  for (; *word != '\0'; word++)
    {
      if (!g_ascii_isalnum (*word) && strchr ("-._", *word) == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
read_address (char **words, ThIceCandidateValues *values, GError **error)
{
  guint64 number;

  if (!is_host (words[WORD_ADDRESS]))
    return fail (error, _("The candidate’s address is neither an IP address nor a name"));
  values->address = words[WORD_ADDRESS];
  if (!read_number (words[WORD_PORT], 0, G_MAXUINT16, &number))
    return fail (error, _("The candidate’s port is not a number from 0 to 65535"));
  values->port = number;
  return TRUE;
}

static gboolean
read_fixed (char **words, ThIceCandidateValues *values, GError **error)
{
  guint64 number;

  if (!is_foundation (words[WORD_FOUNDATION]))
    return fail (error, _("The candidate’s foundation is not 1 to 32 letters and digits"));
  values->foundation = words[WORD_FOUNDATION];
  if (!read_number (words[WORD_COMPONENT], 1, COMPONENT_MAX, &number))
    return fail (error, _("The candidate’s component is not a number from 1 to 256"));
  values->component = number;
  values->tcp = g_ascii_strcasecmp (words[WORD_TRANSPORT], "tcp") == 0;
  if (!values->tcp && g_ascii_strcasecmp (words[WORD_TRANSPORT], "udp") != 0)
    return fail (error, _("The candidate’s transport is neither UDP nor TCP"));
  if (!read_number (words[WORD_PRIORITY], 1, PRIORITY_MAX, &number))
    return fail (error, _("The candidate’s priority is not a number from 1 to 2147483647"));
  values->priority = number;
  if (!read_address (words, values, error))
    return FALSE;
  if (!g_str_equal (words[WORD_TYP], "typ") ||
      !th_ice_candidate_type_parse (words[WORD_TYPE], &values->type))
    return fail (error, _("The candidate’s type is not one of host, srflx, prflx and relay"));
  return TRUE;
}

static gboolean
is_tcp_type (const char *word)
{
  static const char *const types[] = { "active", "passive", "so", NULL };

  return g_strv_contains (types, word);
}

static gboolean
read_extension (const char *name, const char *value, ThIceCandidateValues *values, GError **error)
{
  guint64 number;

  if (g_str_equal (name, "raddr"))
    {
      if (!is_host (value))
        return fail (error, _("The candidate’s related address is no address"));
      values->related_address = value;
    }
  else if (g_str_equal (name, "rport"))
    {
      if (!read_number (value, 0, G_MAXUINT16, &number))
        return fail (error, _("The candidate’s related port is not a number from 0 to 65535"));
      values->related_port = number;
    }
  else if (g_str_equal (name, "tcptype"))
    {
      if (!values->tcp || !is_tcp_type (value))
        return fail (error, _("The candidate’s TCP type fits neither it nor RFC 6544"));
      values->tcp_type = value;
    }
  else if (g_str_equal (name, "url"))
    values->server_url = value;
  else if (g_str_equal (name, "relay-protocol"))
    values->relay_protocol = value;
  return TRUE;
}

/* Runs of white space part words; nothing else is lost. */
static char **
split (const char *text)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();

  for (;;)
    {
      gsize length;

      text += strspn (text, " \t");
      length = strcspn (text, " \t");
      if (length == 0)
        return g_strv_builder_end (words);
      g_autofree char *word = g_strndup (text, length);
      g_strv_builder_add (words, word);
      text += length;
    }
}

static ThIceCandidate *
parse_words (char **words, const ThIceCandidateValues *base, GError **error)
{
  ThIceCandidateValues values = { 0 };
  guint n = g_strv_length (words);

  if (base != NULL)
    values = *base;
  if (n < N_WORDS)
    {
      fail (error, _("The candidate ends too early"));
      return NULL;
    }
  if (!read_fixed (words, &values, error))
    return NULL;
  for (guint i = N_WORDS; i < n; i += 2)
    {
      if (i + 1 == n)
        {
          fail (error, _("The candidate’s last attribute has no value"));
          return NULL;
        }
      if (!read_extension (words[i], words[i + 1], &values, error))
        return NULL;
    }
  return th_ice_candidate_new (&values);
}

ThIceCandidate *
th_ice_candidate_line_parse (const char *line,
                             gsize length,
                             const ThIceCandidateValues *base,
                             GError **error)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) words = NULL;
  char *start;

  if (length > TH_ICE_LINE_MAX)
    {
      fail (error, _("The candidate is too long"));
      return NULL;
    }
  if (!g_utf8_validate_len (line, length, NULL))
    {
      fail (error, _("The candidate is not text"));
      return NULL;
    }
  text = g_strndup (line, length);
  start = g_strstrip (text);
  if (g_str_has_prefix (start, "a="))
    start += strlen ("a=");
  if (!g_str_has_prefix (start, PREFIX))
    {
      fail (error, _("This is no candidate: one begins with “candidate:”"));
      return NULL;
    }
  words = split (start + strlen (PREFIX));
  return parse_words (words, base, error);
}

char *
th_ice_candidate_line_make (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
  GString *line = g_string_new (NULL);

  g_string_append_printf (line, PREFIX "%s %u %s %u %s %u typ %s", values->foundation,
                          values->component, values->tcp ? "tcp" : "udp", values->priority,
                          values->address, values->port,
                          th_ice_candidate_type_get_name (values->type));
  if (values->related_address != NULL)
    g_string_append_printf (line, " raddr %s rport %u", values->related_address,
                            values->related_port);
  if (values->tcp_type != NULL)
    g_string_append_printf (line, " tcptype %s", values->tcp_type);
  return g_string_free (line, FALSE);
}

const char *
th_ice_candidate_line_find (const char *text, gsize length)
{
  return g_strstr_len (text, length, PREFIX);
}
