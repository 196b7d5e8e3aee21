/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling callers apart: by what they show, by where they connect from, and by what their browser
 * says.
 */
#include "endpoint/caller.h"

#include "endpoint/origin.h"

static GInetAddress *
peer_address (SoupServerMessage *message)
{
  GSocketAddress *address = soup_server_message_get_remote_address (message);

  if (!G_IS_INET_SOCKET_ADDRESS (address))
    return NULL;
  return g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address));
}

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

/* libsoup makes the URI from the request line and the Host header. A request line with a whole URI
 * wins over Host (RFC 9112, section 3.2.2), so both have to be looked at. */
static gboolean
asks_for_loopback (SoupServerMessage *message)
{
  const char *host = get_header (message, "Host");

  if (!th_host_is_loopback (g_uri_get_host (soup_server_message_get_uri (message))))
    return FALSE;
  if (host == NULL)
    return TRUE;

  g_autofree char *origin = g_strconcat ("http://", host, NULL);
  return th_origin_is_loopback (origin);
}

static gboolean
is_trusted_loopback (SoupServerMessage *message, const ThEndpointConfig *config)
{
  return config->trust_loopback && th_caller_is_on_loopback (message) && asks_for_loopback (message);
}

static gboolean
is_trusted_origin (const char *origin, const ThEndpointConfig *config)
{
  return origin == NULL || th_origin_is_loopback (origin) ||
         th_origin_is_listed (origin, (const char *const *) config->cors_origins);
}

/* What follows "Bearer" (RFC 6750, section 2.1), perhaps nothing; its case does not matter. */
static const char *
bearer_token (SoupServerMessage *message)
{
  const char *header = get_header (message, "Authorization");

  if (header == NULL || g_ascii_strncasecmp (header, "Bearer", 6) != 0)
    return NULL;
  header += 6;
  return *header == '\0' || *header == ' ' ? header + strspn (header, " ") : NULL;
}

static void
identify_by_token (ThCaller *self,
                   const char *token,
                   const ThEndpointBackend *backend,
                   gpointer backend_data)
{
  ThJwtVerdict verdict;

  self->name = g_strdup (backend->find_app (backend_data, token));
  if (self->name != NULL)
    self->kind = TH_CALLER_APP;
  else if (!th_jwt_has_form (token))
    self->refusal = TH_REFUSAL_UNKNOWN_TOKEN;
  else
    {
      verdict = backend->check_jwt (backend_data, token, &self->name);
      if (verdict == TH_JWT_GOOD)
        self->kind = TH_CALLER_USER;
      else
        self->refusal = TH_REFUSAL_JWT + verdict;
    }
}

void
th_caller_identify (ThCaller *self,
                    SoupServerMessage *message,
                    const ThEndpointConfig *config,
                    const ThEndpointBackend *backend,
                    gpointer backend_data)
{
  const char *origin = get_header (message, "Origin");
  const char *token = bearer_token (message);
  gboolean local = is_trusted_loopback (message, config) && is_trusted_origin (origin, config);

  *self = (ThCaller) { .from_loopback = th_caller_is_on_loopback (message) };
  if (token != NULL)
    identify_by_token (self, token, backend, backend_data);
  else if (local)
    {
      self->kind = TH_CALLER_LOCAL;
      self->name = g_strdup ("local");
    }

  /* Browsers tell how a request came about; programs that fetch for others do not. */
  self->browser_here = local && (origin != NULL || get_header (message, "Sec-Fetch-Site") != NULL);
}

void
th_caller_clear (ThCaller *self)
{
  g_clear_pointer (&self->name, g_free);
}

/* A token that was signed with our secret, but is not good, has not been guessed. Browsers go on
 * with tokens that have expired; many of them may share an address with others whose are good. */
static gboolean
is_no_guess (const ThCaller *self)
{
  return self->refusal > TH_REFUSAL_JWT + TH_JWT_SIGNATURE;
}

char *
th_caller_dup_bucket (const ThCaller *self, SoupServerMessage *message)
{
  static const char *const kinds[TH_N_CALLERS] = {
    [TH_CALLER_LOCAL] = "host",
    [TH_CALLER_APP] = "app",
    [TH_CALLER_USER] = "user",
  };
  const char *signed_by_us = is_no_guess (self) ? "signed " : "";
  GInetAddress *address = peer_address (message);

  if (self->kind != TH_CALLER_UNKNOWN)
    return g_strdup_printf ("%s %s", kinds[self->kind], self->name);
  if (address == NULL)
    return g_strconcat (signed_by_us, "address", NULL);

  g_autofree char *text = g_inet_address_to_string (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_strconcat (signed_by_us, "address ", text, NULL);

  /* One household or server has a whole /64 of IPv6 addresses to call from. */
  const guint8 *bytes = g_inet_address_to_bytes (address);
  return g_strdup_printf ("%snetwork %02x%02x:%02x%02x:%02x%02x:%02x%02x", signed_by_us, bytes[0],
                          bytes[1], bytes[2], bytes[3], bytes[4], bytes[5], bytes[6], bytes[7]);
}

gboolean
th_caller_is_on_loopback (SoupServerMessage *message)
{
  GInetAddress *address = peer_address (message);

  return address != NULL && g_inet_address_get_is_loopback (address);
}

gboolean
th_caller_may_read (SoupServerMessage *message, const char *origin, const ThEndpointConfig *config)
{
  const char *const *listed = (const char *const *) config->cors_origins;

  if (g_strv_contains (listed, "*") || th_origin_is_listed (origin, listed))
    return TRUE;
  return th_origin_is_loopback (origin) && is_trusted_loopback (message, config);
}
