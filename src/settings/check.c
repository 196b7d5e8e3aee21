/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The forms of values: one small check per type, strict, so that a slip is met when the
 * configuration is read and not when the first call fails.
 */
#include "settings/check.h"

#include <arpa/inet.h>
#include <glib/gi18n.h>
#include <string.h>

#define SECRET_LENGTH_MAX    1024 /* bytes */
#define REALM_LENGTH_MAX     127  /* characters (RFC 8489, section 14.9) */
#define HOST_NAME_LENGTH_MAX 253  /* RFC 1035, section 2.3.4, written out */
#define LABEL_LENGTH_MAX     63
#define PATH_LENGTH_MAX      4095
#define URL_LENGTH_MAX       1024

static gboolean
has_control_characters (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

static gboolean
parse_number (const char *text, gint64 minimum, gint64 maximum, gint64 *value)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, minimum, maximum, &number, NULL))
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

static gboolean
is_port (const char *text)
{
  gint64 port;
  return parse_number (text, 1, 65535, &port);
}

/* How many bits it has: 32 or 128; 0 if @text is no numeric address. @bytes: 16 at least. */
static guint
read_address (const char *text, guint8 *bytes)
{
  if (inet_pton (AF_INET, text, bytes) == 1)
    return 32;
  if (inet_pton (AF_INET6, text, bytes) == 1)
    return 128;
  return 0;
}

static guint
address_bits (const char *text)
{
  guint8 bytes[16];
  return read_address (text, bytes);
}

static gboolean
is_address (const char *text)
{
  return address_bits (text) != 0;
}

static gboolean
has_bits_from (const guint8 *bytes, guint first, guint end)
{
  for (guint bit = first; bit < end; bit++)
    if (bytes[bit / 8] & (0x80 >> bit % 8))
      return TRUE;
  return FALSE;
}

static gboolean
is_cidr (const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *address = NULL;
  guint8 bytes[16];
  guint bits;
  gint64 prefix;

  if (slash == NULL)
    return is_address (text);
  address = g_strndup (text, slash - text);
  bits = read_address (address, bytes);
  return bits != 0 && parse_number (slash + 1, 0, bits, &prefix) &&
         !has_bits_from (bytes, (guint) prefix, bits);
}

/* "auto" among other items is refused by whoever sees the whole list. */
static gboolean
is_external (const char *text)
{
  const char *slash = strchr (text, '/');
  g_autofree char *external = NULL;

  if (slash == NULL)
    return is_address (text) || g_str_equal (text, "auto");
  external = g_strndup (text, slash - text);
  return is_address (external) && address_bits (external) == address_bits (slash + 1);
}

static gboolean
is_label (const char *label)
{
  gsize length = strlen (label);

  if (length == 0 || length > LABEL_LENGTH_MAX || label[0] == '-' || label[length - 1] == '-')
    return FALSE;
  for (const char *p = label; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && *p != '-' && *p != '_')
      return FALSE;
  return TRUE;
}

static gboolean
is_all_digits (const char *text)
{
  return *text != '\0' && strspn (text, "0123456789") == strlen (text);
}

/* Internationalised names are given in their ASCII form; a last label of digits is an address. */
static gboolean
is_host_name (const char *text)
{
  g_auto (GStrv) labels = NULL;
  guint count;

  if (strlen (text) > HOST_NAME_LENGTH_MAX)
    return FALSE;
  labels = g_strsplit (text, ".", -1);
  count = g_strv_length (labels);
  for (guint i = 0; i < count; i++)
    if (!is_label (labels[i]))
      return FALSE;
  return count > 0 && !is_all_digits (labels[count - 1]);
}

static gboolean
is_host (const char *text)
{
  return is_address (text) || is_host_name (text);
}

/* HOST, HOST:PORT, [IPV6] or [IPV6]:PORT, as in URLs */
static gboolean
is_host_and_port (const char *text)
{
  g_autofree char *host = NULL;
  const char *rest;

  if (text[0] == '[')
    {
      rest = strchr (text, ']');
      if (rest == NULL)
        return FALSE;
      host = g_strndup (text + 1, rest - text - 1);
      if (address_bits (host) != 128)
        return FALSE;
      rest++;
    }
  else
    {
      rest = text + strcspn (text, ":");
      host = g_strndup (text, rest - text);
      if (!is_host (host))
        return FALSE;
    }
  return *rest == '\0' || (*rest == ':' && is_port (rest + 1));
}

/* A numeric address, as clients look no names up; the name is that of its certificate. */
static gboolean
is_server (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);
  const char *port = parts[0] != NULL ? strrchr (parts[0], ':') : NULL;
  g_autofree char *host = NULL;

  if (port == NULL || !is_port (port + 1) || (parts[1] != NULL && !is_host_name (parts[1])))
    return FALSE;
  host = g_strndup (parts[0], port - parts[0]);
  if (host[0] != '[')
    return address_bits (host) == 32;
  if (!g_str_has_suffix (host, "]"))
    return FALSE;
  host[strlen (host) - 1] = '\0';
  return address_bits (host + 1) == 128;
}

static gboolean
is_stun_url (const char *text)
{
  if (g_str_has_prefix (text, "stun:"))
    return is_host_and_port (text + strlen ("stun:"));
  if (g_str_has_prefix (text, "stuns:"))
    return is_host_and_port (text + strlen ("stuns:"));
  return FALSE;
}

/* As browsers send it: scheme, host and port, nothing behind (RFC 6454, section 6.2). */
static gboolean
is_origin (const char *text)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);
  const char *rest;

  if (g_str_equal (text, "*"))
    return TRUE;
  if (scheme == NULL)
    return FALSE;
  rest = text + strlen (scheme);
  return g_str_has_prefix (rest, "://") && is_host_and_port (rest + strlen ("://"));
}

/* Where a program of this machine fetches something: no user, nothing behind the query. */
static gboolean
is_https_url (const char *text)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") &&
         g_uri_get_host (uri) != NULL && is_host (g_uri_get_host (uri)) &&
         g_uri_get_userinfo (uri) == NULL && g_uri_get_fragment (uri) == NULL &&
         strlen (text) <= URL_LENGTH_MAX;
}

static gboolean
is_realm (const char *text)
{
  return *text != '\0' && g_utf8_strlen (text, -1) <= REALM_LENGTH_MAX &&
         strpbrk (text, "\"\\") == NULL;
}

static gboolean
is_secret (const char *text)
{
  return *text != '\0' && strlen (text) <= SECRET_LENGTH_MAX;
}

static gboolean
is_pair (const char *text)
{
  const char *colon = strchr (text, ':');
  return colon != NULL && colon != text && colon[1] != '\0';
}

gboolean
th_setting_check_text (const ThSettingRow *row, const char *text)
{
  guint16 first, last;

  if (has_control_characters (text))
    return FALSE;

  switch (row->type)
    {
    case TH_SETTING_TYPE_PORT_RANGE:
      return th_setting_check_port_range (text, &first, &last);
    case TH_SETTING_TYPE_REALM:
      return is_realm (text);
    case TH_SETTING_TYPE_HOST_NAME:
      return *text == '\0' || is_host_name (text);
    case TH_SETTING_TYPE_HOST:
      return *text == '\0' || is_host (text);
    case TH_SETTING_TYPE_HTTPS_URL:
      return is_https_url (text);
    case TH_SETTING_TYPE_SECRET:
    case TH_SETTING_TYPE_SECRET_LIST:
      return is_secret (text);
    case TH_SETTING_TYPE_PATH:
      return strlen (text) <= PATH_LENGTH_MAX;
    case TH_SETTING_TYPE_PORT_LIST:
      return is_port (text);
    case TH_SETTING_TYPE_ADDRESS_LIST:
      return is_address (text);
    case TH_SETTING_TYPE_EXTERNAL_LIST:
      return is_external (text);
    case TH_SETTING_TYPE_CIDR_LIST:
      return is_cidr (text);
    case TH_SETTING_TYPE_ORIGIN_LIST:
      return is_origin (text);
    case TH_SETTING_TYPE_STUN_URL_LIST:
      return is_stun_url (text);
    case TH_SETTING_TYPE_SERVER_LIST:
      return is_server (text);
    case TH_SETTING_TYPE_PAIR_LIST:
      return is_pair (text);
    case TH_SETTING_TYPE_BOOLEAN:
    case TH_SETTING_TYPE_INTEGER:
    case TH_SETTING_TYPE_AUTO_INTEGER:
    case TH_SETTING_TYPE_PORT:
    case TH_SETTING_TYPE_CHOICE:
      break;
    }
  g_return_val_if_reached (FALSE);
}

gboolean
th_setting_check_integer (const ThSettingRow *row, const char *text, gint64 *value)
{
  if (row->type == TH_SETTING_TYPE_AUTO_INTEGER && g_ascii_strcasecmp (text, "auto") == 0)
    {
      *value = -1;
      return TRUE;
    }
  return parse_number (text, row->minimum, row->maximum, value);
}

gboolean
th_setting_check_choice (const ThSettingRow *row, const char *text, gint64 *value)
{
  for (guint i = 0; row->choices[i] != NULL; i++)
    if (g_ascii_strcasecmp (text, row->choices[i]) == 0)
      {
        *value = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
th_setting_check_boolean (const char *text, gint64 *value)
{
  static const char *const words[] = { "false", "true", "no", "yes", "off", "on", "0", "1" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_ascii_strcasecmp (text, words[i]) == 0)
      {
        *value = i % 2;
        return TRUE;
      }
  return FALSE;
}

gboolean
th_setting_check_port_range (const char *text, guint16 *first, guint16 *last)
{
  g_auto (GStrv) ends = g_strsplit (text, "-", 3);
  gint64 low, high;

  if (g_strv_length (ends) != 2)
    return FALSE;
  g_strchomp (ends[0]);
  g_strchug (ends[1]);
  if (!parse_number (ends[0], 1, 65535, &low) || !parse_number (ends[1], low, 65535, &high))
    return FALSE;
  *first = (guint16) low;
  *last = (guint16) high;
  return TRUE;
}

static char *
describe_integer (const ThSettingRow *row)
{
  if (row->minimum == row->maximum)
    return g_strdup_printf ("%" G_GINT64_FORMAT " (%s)", row->minimum, row->help);
  g_autofree char *minimum = g_strdup_printf ("%" G_GINT64_FORMAT, row->minimum);
  g_autofree char *maximum = g_strdup_printf ("%" G_GINT64_FORMAT, row->maximum);

  if (row->type == TH_SETTING_TYPE_AUTO_INTEGER)
    /* Translators: what a setting may be; auto is a word it takes */
    return g_strdup_printf (_("auto, or a whole number from %1$s to %2$s"), minimum, maximum);
  return g_strdup_printf (_("a whole number from %1$s to %2$s"), minimum, maximum);
}

/* "one, two or three" */
static char *
describe_choices (const ThSettingRow *row)
{
  GString *choices = g_string_new (row->choices[0]);

  for (guint i = 1; row->choices[i] != NULL; i++)
    {
      /* Translators: between the words a setting may be: "never, daily or weekly" */
      const char *joint = row->choices[i + 1] != NULL ? _(", ") : _(" or ");
      g_string_append (choices, joint);
      g_string_append (choices, row->choices[i]);
    }
  return g_string_free (choices, FALSE);
}

char *
th_setting_describe_allowed (const ThSettingRow *row)
{
  switch (row->type)
    {
    case TH_SETTING_TYPE_BOOLEAN:
      return g_strdup (_("true or false"));
    case TH_SETTING_TYPE_INTEGER:
    case TH_SETTING_TYPE_AUTO_INTEGER:
      return describe_integer (row);
    case TH_SETTING_TYPE_PORT:
      return g_strdup (_("a port from 1 to 65535, or 0 (off)"));
    case TH_SETTING_TYPE_CHOICE:
      return describe_choices (row);
    case TH_SETTING_TYPE_PORT_RANGE:
      return g_strdup (_("FIRST-LAST, two ports from 1 to 65535, the lower one first"));
    case TH_SETTING_TYPE_REALM:
      return g_strdup (_("1 to 127 characters without quotes, backslashes or control characters"));
    case TH_SETTING_TYPE_HOST_NAME:
      return g_strdup (_("a DNS name such as turn.example.org"));
    case TH_SETTING_TYPE_HOST:
      return g_strdup (_("a DNS name or a numeric address"));
    case TH_SETTING_TYPE_HTTPS_URL:
      return g_strdup (_("an https URL"));
    case TH_SETTING_TYPE_SECRET:
      return g_strdup (_("1 to 1024 bytes without control characters"));
    case TH_SETTING_TYPE_PATH:
      return g_strdup (_("the name of a file"));
    case TH_SETTING_TYPE_PORT_LIST:
      return g_strdup (_("ports from 1 to 65535"));
    case TH_SETTING_TYPE_ADDRESS_LIST:
      return g_strdup (_("numeric addresses such as 192.0.2.1 or 2001:db8::1"));
    case TH_SETTING_TYPE_EXTERNAL_LIST:
      return g_strdup (
          _("auto alone, numeric addresses, or EXTERNAL/INTERNAL pairs of one family"));
    case TH_SETTING_TYPE_CIDR_LIST:
      return g_strdup (
          _("networks such as 192.0.2.0/24, no bits set after the prefix, or addresses"));
    case TH_SETTING_TYPE_ORIGIN_LIST:
      return g_strdup (_("origins such as https://app.example.org, with no path, or *"));
    case TH_SETTING_TYPE_STUN_URL_LIST:
      return g_strdup (_("URLs such as stun:stun.example.org:3478"));
    case TH_SETTING_TYPE_SERVER_LIST:
      return g_strdup (_("servers such as 192.0.2.7:3478, or [2001:db8::7]:5349/turn.example.org"));
    case TH_SETTING_TYPE_SECRET_LIST:
      return g_strdup (_("secrets of 1 to 1024 bytes without control characters"));
    case TH_SETTING_TYPE_PAIR_LIST:
      return g_strdup (strstr (row->key, "token") ? _("NAME:TOKEN pairs")
                                                  : _("NAME:PASSWORD pairs"));
    }
  g_return_val_if_reached (NULL);
}
