/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where apps and people find relay and endpoint.
 */
#include <glib/gi18n.h>
#include <string.h>

#include "app/engine-private.h"
#include "app/relay-hosts.h"

/* What stands between the endpoint's address and a token. */
#define TEST_LINK "/test?link="

static ThRelayUrls *
find_urls_for (ThEngine *self, char **hosts, gboolean here)
{
  g_autoptr (GArray) ports = th_relay_ports_new (th_relay_get_listeners (self->relay));
  const char *name = NULL;

  if (th_certificates_get_context (self->certificates) != NULL)
    name = th_relay_name_find (self->settings, th_certificates_get_name (self->certificates), here);
  return th_relay_urls_new_for_hosts ((const char *const *) hosts, name, ports);
}

static void
add_url (GPtrArray *found, const char *label, const char *url)
{
  g_ptr_array_add (found, th_connect_url_new (label, url));
}

static void
add_urls (GPtrArray *found, const char *label, char **urls)
{
  for (guint i = 0; urls[i] != NULL; i++)
    add_url (found, label, urls[i]);
}

static gboolean
is_at (GListModel *urls, guint i, ThConnectUrl *url)
{
  g_autoptr (ThConnectUrl) known = g_list_model_get_item (urls, i);

  return known != NULL &&
         g_str_equal (th_connect_url_get_label (known), th_connect_url_get_label (url)) &&
         g_str_equal (th_connect_url_get_url (known), th_connect_url_get_url (url));
}

/* Whoever shows them need not start over where they are the same. */
static void
take_urls (ThEngine *self, GPtrArray *found)
{
  GListModel *urls = G_LIST_MODEL (self->urls);
  gboolean same = g_list_model_get_n_items (urls) == found->len;

  for (guint i = 0; same && i < found->len; i++)
    same = is_at (urls, i, found->pdata[i]);
  if (!same)
    g_list_store_splice (self->urls, 0, g_list_model_get_n_items (urls), found->pdata, found->len);
}

/* Where it listens on one address, that is the one; else where the relay is. With a certificate
 * that clients believe, the name it is for; but no name leads others to a loopback address. */
static char *
make_endpoint_base (ThEngine *self)
{
  const char *const *listen = th_settings_get_list (self->settings, TH_SETTING_ENDPOINT_LISTEN);
  ThAddress address;
  gboolean everywhere = listen[0] == NULL || !th_address_parse (&address, listen[0], 0) ||
                        th_address_is_wildcard (&address);
  const char *plain = everywhere ? th_engine_get_host (self) : listen[0];
  const char *name = everywhere || !th_address_is_loopback (&address)
                         ? th_certificates_get_name (self->certificates)
                         : NULL;
  g_autofree char *host = th_url_host (name != NULL ? name : plain);

  return g_strdup_printf ("%s://%s:%u", name != NULL ? "https" : "http", host,
                          th_endpoint_get_port (self->endpoint));
}

static void
add_endpoint_url (ThEngine *self, GPtrArray *found)
{
  g_autofree char *base = make_endpoint_base (self);
  g_autofree char *url = g_strconcat (base, "/api/ice-servers", NULL);

  add_url (found, _("Endpoint"), url);
}

char **
th_engine_find_hosts (ThEngine *self, gboolean here)
{
  if (self->relay_config == NULL)
    return g_new0 (char *, 1);
  return th_relay_hosts_find (self->settings, self->relay_config,
                              th_relay_get_listeners (self->relay), here);
}

ThRelayUrls *
th_engine_find_urls (ThEngine *self, gboolean here)
{
  g_auto (GStrv) hosts = th_engine_find_hosts (self, here);

  return find_urls_for (self, hosts, here);
}

void
th_engine_update_urls (ThEngine *self)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (ThRelayUrls) urls = NULL;

  g_strfreev (self->hosts);
  self->hosts = th_engine_find_hosts (self, FALSE);
  urls = find_urls_for (self, self->hosts, FALSE);
  add_urls (found, "STUN", urls->stun);
  add_urls (found, "TURN", urls->turn_udp);
  add_urls (found, _("TURN over TCP"), urls->turn_tcp);
  add_urls (found, _("TURN over TLS"), urls->turns);
  if (self->endpoint != NULL)
    add_endpoint_url (self, found);
  take_urls (self, found);
}

char *
th_engine_make_test_link (ThEngine *self)
{
  g_autofree char *base = NULL;
  g_autofree char *token = NULL;

  if (self->endpoint == NULL)
    return NULL;
  base = make_endpoint_base (self);
  token = th_one_time_make (self->test_links, g_get_monotonic_time ());
  return g_strconcat (base, TEST_LINK, token, NULL);
}

gint64
th_engine_get_test_link_left (ThEngine *self, const char *link)
{
  const char *token = strstr (link, TEST_LINK);

  if (token == NULL || self->endpoint == NULL)
    return 0;
  return th_one_time_get_time_left (self->test_links, token + strlen (TEST_LINK),
                                    g_get_monotonic_time ());
}

GListModel *
th_engine_get_test_visits (ThEngine *self)
{
  return G_LIST_MODEL (self->test_visits);
}

GListModel *
th_engine_get_urls (ThEngine *self)
{
  return G_LIST_MODEL (self->urls);
}

const char *
th_engine_get_host (ThEngine *self)
{
  return self->hosts[0] != NULL ? self->hosts[0] : "localhost";
}
