/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Chooses the hosts that URLs carry.
 */
#include "app/relay-hosts.h"

#include "relay/listener-info.h"
#include "relay/machine-addresses.h"

static const char *
given_name (ThSettings *settings)
{
  const char *host = th_settings_get_string (settings, TH_SETTING_ENDPOINT_HOST);

  return *host != '\0' ? host : th_settings_get_string (settings, TH_SETTING_RELAY_SERVER_NAME);
}

static void
add_relay_hosts (GArray *addresses, const ThRelayConfig *config, gboolean internal)
{
  for (guint i = 0; i < config->n_hosts; i++)
    g_array_append_val (addresses,
                        *(internal ? &config->hosts[i].internal : &config->hosts[i].external));
}

static void
add_unless_wildcard (GArray *addresses, const ThAddress *address)
{
  if (!th_address_is_wildcard (address))
    g_array_append_val (addresses, *address);
}

static void
add_bound (GArray *addresses, GListModel *listeners)
{
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);
      ThAddress address;

      if (th_listener_info_is_bound (info) &&
          th_address_parse (&address, th_listener_info_get_address (info), 0))
        add_unless_wildcard (addresses, &address);
    }
}

static void
add_listening (GArray *addresses, const ThRelayConfig *config, GListModel *listeners)
{
  if (listeners != NULL)
    add_bound (addresses, listeners);
  else
    for (guint i = 0; i < config->n_listen; i++)
      add_unless_wildcard (addresses, &config->listen[i]);
}

static void
add_machine (GArray *addresses)
{
  g_autoptr (GArray) machine = th_machine_addresses ();

  g_array_append_vals (addresses, machine->data, machine->len);
}

static void
add_first_of_family (GStrvBuilder *hosts, const GArray *addresses, ThStunFamily family)
{
  for (guint i = 0; i < addresses->len; i++)
    {
      const ThAddress *address = &g_array_index (addresses, ThAddress, i);
      char text[TH_ADDRESS_STRING_SIZE];

      if (th_address_family (address) != family)
        continue;
      g_strv_builder_add (hosts, th_address_format_host (address, text));
      return;
    }
}

const char *
th_relay_name_find (ThSettings *settings, const char *certified, gboolean here)
{
  static const ThSetting given[] = { TH_SETTING_ENDPOINT_HOST, TH_SETTING_RELAY_SERVER_NAME };

  for (guint i = 0; i < G_N_ELEMENTS (given); i++)
    {
      const char *name = th_settings_get_string (settings, given[i]);

      if (*name != '\0' && !g_hostname_is_ip_address (name))
        return name;
    }
  if (certified != NULL)
    return certified;
  return here ? "localhost" : g_get_host_name ();
}

char **
th_relay_hosts_find (ThSettings *settings,
                     const ThRelayConfig *config,
                     GListModel *listeners,
                     gboolean here)
{
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (ThAddress));
  g_autoptr (GStrvBuilder) hosts = g_strv_builder_new ();
  const char *name = given_name (settings);

  if (*name != '\0')
    {
      g_strv_builder_add (hosts, name);
      return g_strv_builder_end (hosts);
    }
  if (!here)
    add_relay_hosts (addresses, config, FALSE);
  if (addresses->len == 0)
    add_listening (addresses, config, listeners);
  if (addresses->len == 0 && here)
    add_relay_hosts (addresses, config, TRUE);
  if (addresses->len == 0)
    add_machine (addresses);
  add_first_of_family (hosts, addresses, TH_STUN_FAMILY_IPV4);
  add_first_of_family (hosts, addresses, TH_STUN_FAMILY_IPV6);
  return g_strv_builder_end (hosts);
}
