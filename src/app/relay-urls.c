/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes URLs from hosts and ports.
 */
#include "app/relay-urls.h"

#include "app/relay-hosts.h"
#include "app/relay-settings.h"
#include "relay/listener-info.h"

static void
add_port (GArray *ports, gboolean tcp, gboolean ipv6, guint16 port)
{
  ThRelayPort entry = { .tcp = tcp, .ipv6 = ipv6, .port = port };

  if (port != 0)
    g_array_append_val (ports, entry);
}

static void
plan_ports (GArray *ports, const ThRelayConfig *config, gboolean ipv6)
{
  add_port (ports, FALSE, ipv6, config->port);
  add_port (ports, TRUE, ipv6, config->port);
  for (guint i = 0; i < config->n_extra_udp_ports; i++)
    add_port (ports, FALSE, ipv6, config->extra_udp_ports[i]);
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

GArray *
th_relay_ports_new (GListModel *listeners)
{
  GArray *ports = g_array_new (FALSE, FALSE, sizeof (ThRelayPort));

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (th_listener_info_is_bound (info))
        add_port (ports, g_str_equal (th_listener_info_get_transport (info), "TCP"),
                  th_listener_info_get_family (info) == 6, th_listener_info_get_port (info));
    }
  return ports;
}

ThRelayUrls *
th_relay_urls_new (const char *host, const GArray *ports)
{
  ThRelayUrls *self = g_new0 (ThRelayUrls, 1);
  GPtrArray *stun = g_ptr_array_new ();
  GPtrArray *udp = g_ptr_array_new ();
  GPtrArray *tcp = g_ptr_array_new ();
  g_autofree char *url_host = host != NULL ? th_url_host (host) : NULL;

  for (guint i = 0; host != NULL && i < ports->len; i++)
    {
      const ThRelayPort *port = &g_array_index (ports, ThRelayPort, i);

      if (!is_reached_by (host, port))
        continue;
      add_once (port->tcp ? tcp : udp,
                g_strdup_printf ("turn:%s:%u?transport=%s", url_host, port->port,
                                 port->tcp ? "tcp" : "udp"));
      if (!port->tcp && stun->len == 0) /* one is enough: they all tell the same */
        g_ptr_array_add (stun, g_strdup_printf ("stun:%s:%u", url_host, port->port));
    }
  self->stun = end_list (stun);
  self->turn_udp = end_list (udp);
  self->turn_tcp = end_list (tcp);
  self->turns = g_new0 (char *, 1); /* no listener speaks TLS */
  return self;
}

ThRelayUrls *
th_relay_urls_new_for_hosts (const char *const *hosts, const GArray *ports)
{
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      g_autoptr (ThRelayUrls) urls = th_relay_urls_new (hosts[i], ports);

      if (urls->turn_udp[0] != NULL || urls->turn_tcp[0] != NULL)
        return g_steal_pointer (&urls);
    }
  return th_relay_urls_new (NULL, ports);
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
  return th_relay_urls_new_for_hosts ((const char *const *) hosts, ports);
}

char *
th_url_host (const char *host)
{
  return strchr (host, ':') != NULL ? g_strdup_printf ("[%s]", host) : g_strdup (host);
}
