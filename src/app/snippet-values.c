/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes what snippets need from the engine, and URLs apart.
 */
#include "app/snippet-values.h"

#include "app/relay-urls.h"
#include "credentials/secret.h"

#define ICE_SERVERS_PATH "/api/ice-servers"

static void
server_free (gpointer data)
{
  ThSnippetServer *self = data;

  g_free (self->url);
  g_free (self->type);
  g_free (self->host);
  g_free (self->url_host);
  g_free (self->host_and_port);
  g_free (self->port);
  g_free (self->transport);
  g_free (self->protocol);
  g_free (self);
}

/* "[2001:db8::1]" or "turn.example.org" */
static char *
without_brackets (const char *host)
{
  gsize length = strlen (host);

  return host[0] == '[' ? g_strndup (host + 1, length - 2) : g_strdup (host);
}

/* "turns" and "stuns" are over TCP unless they say otherwise, the others over UDP. */
static char *
transport_of (const char *type, const char *query)
{
  if (query != NULL)
    return g_strdup (query);
  return g_strdup (g_str_has_suffix (type, "s") ? "tcp" : "udp");
}

static ThSnippetServer *
server_new (const char *url)
{
  static GRegex *form;
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *query = NULL;
  ThSnippetServer *self;

  if (g_once_init_enter (&form))
    g_once_init_leave (&form,
                       g_regex_new ("^(stun|turns?):(([^][:?]+|\\[[0-9a-fA-F:.]+\\]):([0-9]+))"
                                    "(?:\\?transport=(udp|tcp))?$",
                                    0, 0, NULL));
  if (!g_regex_match (form, url, 0, &match))
    return NULL;

  self = g_new0 (ThSnippetServer, 1);
  query = g_match_info_get_match_count (match) > 5 ? g_match_info_fetch (match, 5) : NULL;
  self->url = g_strdup (url);
  self->type = g_match_info_fetch (match, 1);
  self->host_and_port = g_match_info_fetch (match, 2);
  self->url_host = g_match_info_fetch (match, 3);
  self->host = without_brackets (self->url_host);
  self->port = g_match_info_fetch (match, 4);
  self->transport = transport_of (self->type, query);
  self->protocol = g_strdup (g_str_equal (self->type, "turns") ? "tls" : self->transport);
  return self;
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static void
take_urls (ThSnippetValues *self, GListModel *urls)
{
  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) item = g_list_model_get_item (urls, i);
      const char *url = th_connect_url_get_url (item);

      if (self->endpoint == NULL && g_str_has_suffix (url, ICE_SERVERS_PATH))
        self->endpoint = g_strndup (url, strlen (url) - strlen (ICE_SERVERS_PATH));
      else if (th_connect_url_is_for_browsers (item))
        th_snippet_values_add_url (self, url);
    }
}

static void
take_token (ThSnippetValues *self, ThSettings *settings, const char *token)
{
  gboolean trusted = th_settings_get_boolean (settings, TH_SETTING_ENDPOINT_TRUST_LOOPBACK);

  if (token != NULL)
    self->token = g_strdup (token);
  else if (!trusted || !th_snippet_values_is_endpoint_local (self))
    self->token = g_strdup (TH_SNIPPET_TOKEN_WORD);
}

/* The first address that is listened on, as URLs have it; a wildcard takes loopback, too. */
static char *
find_local (ThSettings *settings)
{
  const char *const *listen = th_settings_get_list (settings, TH_SETTING_RELAY_LISTEN);
  ThAddress address;

  if (listen[0] == NULL || !th_address_parse (&address, listen[0], 0) ||
      th_address_is_wildcard (&address))
    return g_strdup ("127.0.0.1");
  return th_url_host (listen[0]);
}

/* (transfer full) (nullable): from where the relay takes others' word for a client's address */
static char *
find_proxy (ThSettings *settings)
{
  const char *const *networks =
      th_settings_get_list (settings, TH_SETTING_RELAY_PROXY_PROTOCOL_FROM);

  return networks[0] != NULL ? g_strjoinv (", ", (char **) networks) : NULL;
}

ThSnippetValues *
th_snippet_values_new (void)
{
  ThSnippetValues *self = g_new0 (ThSnippetValues, 1);

  self->stun = g_ptr_array_new_with_free_func (server_free);
  self->turn = g_ptr_array_new_with_free_func (server_free);
  return self;
}

ThSnippetValues *
th_snippet_values_new_from_engine (ThEngine *engine, const char *token)
{
  ThSnippetValues *self = th_snippet_values_new ();
  ThSettings *settings = th_engine_get_settings (engine);
  ThSecretRing *ring = th_engine_get_secret_ring (engine);

  take_urls (self, th_engine_get_urls (engine));
  take_token (self, settings, token);
  self->secret = g_strdup (th_secret_ring_get_current (ring));
  self->api_key = g_strdup (th_secret_ring_get_api_key (ring));
  self->api_secret = g_strdup (th_secret_ring_get_api_secret (ring));
  self->realm = g_strdup (th_settings_get_string (settings, TH_SETTING_RELAY_REALM));
  self->ttl = g_strdup (th_settings_get_string (settings, TH_SETTING_CREDENTIALS_TTL));
  self->local = find_local (settings);
  self->proxy = find_proxy (settings);
  return self;
}

void
th_snippet_values_add_url (ThSnippetValues *self, const char *url)
{
  ThSnippetServer *server = server_new (url);

  if (server != NULL)
    g_ptr_array_add (g_str_equal (server->type, "stun") ? self->stun : self->turn, server);
}

gboolean
th_snippet_values_is_endpoint_local (const ThSnippetValues *self)
{
  g_autoptr (GUri) uri = NULL;

  if (self->endpoint == NULL)
    return FALSE;
  uri = g_uri_parse (self->endpoint, G_URI_FLAGS_NONE, NULL);
  return uri != NULL && is_loopback (g_uri_get_host (uri));
}

void
th_snippet_values_free (ThSnippetValues *self)
{
  g_ptr_array_unref (self->stun);
  g_ptr_array_unref (self->turn);
  g_free (self->endpoint);
  th_secret_free (self->token);
  th_secret_free (self->secret);
  g_free (self->api_key);
  th_secret_free (self->api_secret);
  g_free (self->realm);
  g_free (self->ttl);
  g_free (self->local);
  g_free (self->proxy);
  g_free (self);
}
