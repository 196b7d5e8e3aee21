/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the URLs of servers. What is wrong with one is said in words, because they are mostly typed
 * or pasted by people.
 */
#include "ice/ice-server.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "credentials/secret.h"
#include "stun/address.h"

#define URL_SIZE_MAX 512
#define NAME_SIZE_MAX 253 /* RFC 1035, section 2.3.4 */
#define LABEL_SIZE_MAX 63
#define TLS_PORT 5349

G_DEFINE_BOXED_TYPE (ThIceServer, th_ice_server, th_ice_server_copy, th_ice_server_free)

static const struct {
  const char *scheme;
  ThIceServerKind kind;
  gboolean secure;
} schemes[] = {
  { "stun:", TH_ICE_STUN, FALSE },
  { "stuns:", TH_ICE_STUN, TRUE },
  { "turn:", TH_ICE_TURN, FALSE },
  { "turns:", TH_ICE_TURN, TRUE },
};

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID, text);
  return FALSE;
}

/* Labels with single dots between them, and perhaps one at the end. */
static gboolean
is_name (const char *name)
{
  gsize label = 0;

  for (const char *c = name; *c != '\0'; c++)
    {
      if (*c == '.' && label == 0)
        return FALSE;
      label = *c == '.' ? 0 : label + 1;
      if (label > LABEL_SIZE_MAX || !(g_ascii_isalnum (*c) || strchr ("-_.", *c) != NULL))
        return FALSE;
    }
  return *name != '\0' && strlen (name) <= NAME_SIZE_MAX;
}

/* Four numbers with dots that are no address would be looked up as a name, in vain. */
static gboolean
is_all_digits_and_dots (const char *host)
{
  return host[strspn (host, "0123456789.")] == '\0';
}

static gboolean
set_host (ThIceServer *self, const char *host, gsize length, GError **error)
{
  g_autofree char *text = g_strndup (host, length);
  ThAddress address;

  if (*text == '\0')
    return fail (error, _("The URL names no host."));
  if (th_address_parse (&address, text, 0) && th_address_is_ipv4 (&address))
    {
      self->host = g_steal_pointer (&text);
      return TRUE;
    }
  if (is_all_digits_and_dots (text))
    return fail (error, _("The host looks like an IPv4 address, but is none."));
  self->host = g_hostname_to_ascii (text);
  if (self->host == NULL || !is_name (self->host))
    return fail (error, _("The host is neither a name nor an address."));
  return TRUE;
}

static gboolean
set_ipv6 (ThIceServer *self, const char *host, gsize length, GError **error)
{
  g_autofree char *text = g_strndup (host, length);
  char canonical[TH_ADDRESS_STRING_SIZE];
  ThAddress address;

  if (strchr (text, '%') != NULL)
    return fail (error, _("IPv6 addresses with a zone cannot stand in a URL."));
  if (!th_address_parse (&address, text, 0) || !th_address_is_ipv6 (&address))
    return fail (error, _("What stands in brackets is no IPv6 address."));
  self->host = g_strdup (th_address_format_host (&address, canonical));
  return TRUE;
}

/* Reads "HOST" and leaves @rest behind it. */
static gboolean
read_host (ThIceServer *self, const char *text, const char **rest, GError **error)
{
  gsize length;

  if (text[0] == '[')
    {
      const char *end = strchr (text, ']');

      if (end == NULL)
        return fail (error, _("The bracket of the IPv6 address does not close."));
      *rest = end + 1;
      return set_ipv6 (self, text + 1, end - text - 1, error);
    }
  length = strcspn (text, ":?/#");
  *rest = text + length;
  if ((*rest)[0] == ':' && strchr (*rest + 1, ':') != NULL)
    return fail (error, _("An IPv6 address must stand in brackets."));
  return set_host (self, text, length, error);
}

static gboolean
read_port (ThIceServer *self, const char **rest, GError **error)
{
  const char *digits = *rest + 1;
  gsize length;
  guint64 port;

  if ((*rest)[0] != ':')
    return TRUE;
  length = strspn (digits, "0123456789");
  port = g_ascii_strtoull (digits, NULL, 10);
  if (length == 0 || length > 5 || port == 0 || port > G_MAXUINT16)
    return fail (error, _("The port must be a number from 1 to 65535."));
  self->port = port;
  *rest = digits + length;
  return TRUE;
}

static gboolean
read_transport (ThIceServer *self, const char *rest, gboolean secure, GError **error)
{
  gboolean tcp = secure;

  if (rest[0] != '\0' && rest[0] != '?')
    return fail (error, _("Behind host and port there may only be “?transport=udp” or “=tcp”."));
  if (rest[0] == '?' && self->kind == TH_ICE_STUN)
    return fail (error, _("A STUN URL takes no “?transport=”."));
  if (g_ascii_strcasecmp (rest, "?transport=udp") == 0)
    tcp = FALSE;
  else if (g_ascii_strcasecmp (rest, "?transport=tcp") == 0)
    tcp = TRUE;
  else if (rest[0] == '?')
    return fail (error, _("The transport must be “udp” or “tcp”; TLS is what “turns:” says."));
  if (secure)
    self->transport = tcp ? TH_ICE_TLS : TH_ICE_DTLS;
  else
    self->transport = tcp ? TH_ICE_TCP : TH_ICE_UDP;
  return TRUE;
}

static void
write_url (ThIceServer *self, gboolean secure)
{
  gboolean ipv6 = strchr (self->host, ':') != NULL;
  const char *transport = "";

  if (self->kind == TH_ICE_TURN)
    transport = th_ice_transport_is_datagram (self->transport) ? "?transport=udp"
                                                               : "?transport=tcp";
  self->url = g_strdup_printf ("%s%s:%s%s%s:%u%s", self->kind == TH_ICE_TURN ? "turn" : "stun",
                               secure ? "s" : "", ipv6 ? "[" : "", self->host, ipv6 ? "]" : "",
                               self->port, transport);
}

static gboolean
read_url (ThIceServer *self, const char *text, gboolean secure, GError **error)
{
  const char *rest;

  if (g_str_has_prefix (text, "//"))
    return fail (error, _("In STUN and TURN URLs no “//” stands before the host."));
  if (strchr (text, '@') != NULL)
    return fail (error, _("User name and password do not belong into the URL."));
  if (!read_host (self, text, &rest, error) || !read_port (self, &rest, error) ||
      !read_transport (self, rest, secure, error))
    return FALSE;
  if (self->port == 0)
    self->port = secure ? TLS_PORT : TH_STUN_DEFAULT_PORT;
  write_url (self, secure);
  return TRUE;
}

ThIceServer *
th_ice_server_new (const char *url, const char *username, const char *password, GError **error)
{
  g_autoptr (ThIceServer) self = g_new0 (ThIceServer, 1);

  if (strlen (url) > URL_SIZE_MAX || !g_utf8_validate (url, -1, NULL))
    {
      fail (error, _("This is no URL of a STUN or TURN server."));
      return NULL;
    }
  for (guint i = 0; i < G_N_ELEMENTS (schemes); i++)
    {
      gsize length = strlen (schemes[i].scheme);

      if (g_ascii_strncasecmp (url, schemes[i].scheme, length) != 0)
        continue;
      self->kind = schemes[i].kind;
      if (!read_url (self, url + length, schemes[i].secure, error))
        return NULL;
      if (self->kind == TH_ICE_TURN)
        {
          self->username = g_strdup (username);
          self->password = g_strdup (password);
        }
      return g_steal_pointer (&self);
    }
  fail (error, _("A server’s URL begins with “stun:”, “turn:” or “turns:”."));
  return NULL;
}

ThIceServer *
th_ice_server_copy (const ThIceServer *self)
{
  ThIceServer *copy = g_new0 (ThIceServer, 1);

  *copy = *self;
  copy->url = g_strdup (self->url);
  copy->host = g_strdup (self->host);
  copy->username = g_strdup (self->username);
  copy->password = g_strdup (self->password);
  return copy;
}

void
th_ice_server_free (ThIceServer *self)
{
  if (self == NULL)
    return;
  g_free (self->url);
  g_free (self->host);
  g_free (self->username);
  th_secret_free (self->password);
  g_free (self);
}

const char *
th_ice_transport_get_label (ThIceTransport transport)
{
  static const char *const labels[] = { "UDP", "TCP", "TLS", "DTLS" };

  return labels[transport];
}
