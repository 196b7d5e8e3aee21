/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes URLs from hosts and ports.
 */
#include "app/relay-urls.h"

#include "app/relay-hosts.h"
#include "app/relay-settings.h"
#include "relay/listener-info.h"

static void
add_port (GArray *ports, ThTransport transport, gboolean ipv6, guint16 port)
{
  ThRelayPort entry = { .transport = transport, .ipv6 = ipv6, .port = port };

  if (port != 0)
    g_array_append_val (ports, entry);
}

static void
plan_tls_port (GArray *ports, const ThRelayConfig *config, gboolean ipv6, guint16 port)
{
  add_port (ports, TH_TRANSPORT_TLS, ipv6, port);
  if (config->dtls)
    add_port (ports, TH_TRANSPORT_DTLS, ipv6, port);
}

static void
plan_ports (GArray *ports, const ThRelayConfig *config, gboolean ipv6)
{
  add_port (ports, TH_TRANSPORT_UDP, ipv6, config->port);
  add_port (ports, TH_TRANSPORT_TCP, ipv6, config->port);
  for (guint i = 0; i < config->n_extra_udp_ports; i++)
    add_port (ports, TH_TRANSPORT_UDP, ipv6, config->extra_udp_ports[i]);
  plan_tls_port (ports, config, ipv6, config->tls_port);
  for (guint i = 0; i < config->n_extra_tls_ports; i++)
    plan_tls_port (ports, config, ipv6, config->extra_tls_ports[i]);
}

static gboolean
is_reached_by (const char *host, const ThRelayPort *port)
{
  ThAddress address;

  if (!th_address_parse (&address, host, 0))
    return TRUE; /* a name stands for both families */
  return port->ipv6 == th_address_is_ipv6 (&address);
}

static void
add_once (GPtrArray *urls, char *url)
{
  if (g_ptr_array_find_with_equal_func (urls, url, g_str_equal, NULL))
    g_free (url);
  else
    g_ptr_array_add (urls, url);
}

static char **
end_list (GPtrArray *urls)
{
  g_ptr_array_add (urls, NULL);
  return (char **) g_ptr_array_free (urls, FALSE);
}

static ThTransport
find_transport (ThListenerInfo *info)
{
  const char *name = th_listener_info_get_transport (info);
  ThTransport transport = TH_TRANSPORT_UDP;

  while (!g_str_equal (th_transport_get_name (transport), name))
    transport++;
  return transport;
}

/* Adds what a port is reached by, once for all families under a name. */
static void
add_url (GPtrArray *urls, const char *scheme, const char *host, const ThRelayPort *port)
{
  g_autofree char *url_host = th_url_host (host);
  const char *transport = th_transport_is_stream (port->transport) ? "tcp" : "udp";

  add_once (urls, g_strdup_printf ("%s:%s:%u?transport=%s", scheme, url_host, port->port,
                                   transport));
}

static void
add_stun_url (GPtrArray *urls, const char *host, guint16 port)
{
  g_autofree char *url_host = th_url_host (host);

  g_ptr_array_add (urls, g_strdup_printf ("stun:%s:%u", url_host, port));
}

GArray *
th_relay_ports_new (GListModel *listeners)
{
  GArray *ports = g_array_new (FALSE, FALSE, sizeof (ThRelayPort));

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (th_listener_info_is_bound (info))
        add_port (ports, find_transport (info),
                  th_listener_info_get_family (info) == 6, th_listener_info_get_port (info));
    }
  return ports;
}

void
th_relay_ports_add_outside (GArray *ports, guint16 outside)
{
  for (guint i = 0; i < ports->len; i++)
    {
      const ThRelayPort *port = &g_array_index (ports, ThRelayPort, i);

      if (port->transport == TH_TRANSPORT_TLS)
        {
          add_port (ports, TH_TRANSPORT_TLS, port->ipv6, outside);
          return;
        }
    }
}

ThRelayUrls *
th_relay_urls_new (const char *host, const char *name, const GArray *ports)
{
  ThRelayUrls *self = g_new0 (ThRelayUrls, 1);
  GPtrArray *stun = g_ptr_array_new ();
  GPtrArray *turn[TH_N_TRANSPORTS];

  for (guint i = 0; i < TH_N_TRANSPORTS; i++)
    turn[i] = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < ports->len; i++)
    {
      const ThRelayPort *port = &g_array_index (ports, ThRelayPort, i);
      gboolean secure = port->transport == TH_TRANSPORT_TLS || port->transport == TH_TRANSPORT_DTLS;

      if (secure && name != NULL)
        add_url (turn[port->transport], "turns", name, port);
      if (secure || host == NULL || !is_reached_by (host, port))
        continue;
      add_url (turn[port->transport], "turn", host, port);
      if (port->transport == TH_TRANSPORT_UDP && stun->len == 0) /* they all tell the same */
        add_stun_url (stun, host, port->port);
    }
  self->stun = end_list (stun);
  self->turn_udp = end_list (turn[TH_TRANSPORT_UDP]);
  self->turn_tcp = end_list (turn[TH_TRANSPORT_TCP]);
  self->turns = end_list (turn[TH_TRANSPORT_TLS]);
  self->turns_udp = end_list (turn[TH_TRANSPORT_DTLS]);
  return self;
}

ThRelayUrls *
th_relay_urls_new_for_hosts (const char *const *hosts, const char *name, const GArray *ports)
{
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      g_autoptr (ThRelayUrls) urls = th_relay_urls_new (hosts[i], name, ports);

      if (urls->turn_udp[0] != NULL || urls->turn_tcp[0] != NULL)
        return g_steal_pointer (&urls);
    }
  return th_relay_urls_new (NULL, name, ports);
}

ThRelayUrls *
th_relay_urls_new_planned (ThSettings *settings)
{
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThRelayConfig) config = th_relay_config_from_settings (settings, &unusable);
  g_auto (GStrv) hosts = th_relay_hosts_find (settings, config, NULL, FALSE);
  g_autoptr (GArray) ports = g_array_new (FALSE, FALSE, sizeof (ThRelayPort));

  for (guint i = 0; i < config->n_listen; i++)
    plan_ports (ports, config, th_address_is_ipv6 (&config->listen[i]));
  if (config->n_listen == 0)
    {
      plan_ports (ports, config, FALSE);
      plan_ports (ports, config, TRUE);
    }
  return th_relay_urls_new_for_hosts ((const char *const *) hosts,
                                      th_relay_name_find (settings, NULL, FALSE), ports);
}

char *
th_url_host (const char *host)
{
  return strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);
}
