/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the settings of [relay] and [limits]. Their values have been checked by the settings table.
 */
#include "app/relay-settings.h"

#include "relay/machine-addresses.h"

static ThAddress *
read_addresses (ThSettings *settings, ThSetting setting, guint *n)
{
  const char *const *texts = th_settings_get_list (settings, setting);
  GArray *addresses = g_array_new (FALSE, FALSE, sizeof (ThAddress));
  ThAddress address;

  for (guint i = 0; texts[i] != NULL; i++)
    if (th_address_parse (&address, texts[i], 0))
      g_array_append_val (addresses, address);
  *n = addresses->len;
  return (ThAddress *) (gpointer) g_array_free (addresses, FALSE);
}

static guint16 *
read_ports (ThSettings *settings, ThSetting setting, guint *n)
{
  const char *const *texts = th_settings_get_list (settings, setting);
  guint16 *ports = NULL;

  *n = g_strv_length ((char **) texts);
  ports = g_new (guint16, *n);
  for (guint i = 0; i < *n; i++)
    ports[i] = g_ascii_strtoull (texts[i], NULL, 10);
  return ports;
}

static gboolean
is_of_this_machine (const ThAddress *address, const GArray *machine)
{
  for (guint i = 0; i < machine->len; i++)
    if (th_address_same_host (&g_array_index (machine, ThAddress, i), address))
      return TRUE;
  return th_address_is_loopback (address); /* all of 127.0.0.0/8 is */
}

/* The address to bind for an external one that the router translates: one that is listened on, else
 * the machine's own that leads outside. */
static gboolean
choose_internal (const ThRelayConfig *config,
                 const GArray *machine,
                 const ThAddress *external,
                 ThAddress *internal)
{
  ThStunFamily family = th_address_family (external);

  for (guint i = 0; i < config->n_listen; i++)
    if (th_address_family (&config->listen[i]) == family &&
        !th_address_is_wildcard (&config->listen[i]))
      {
        *internal = config->listen[i];
        return TRUE;
      }
  for (guint i = 0; i < machine->len; i++)
    if (th_address_family (&g_array_index (machine, ThAddress, i)) == family)
      {
        *internal = g_array_index (machine, ThAddress, i);
        return TRUE;
      }
  return FALSE;
}

/* @text: "EXTERNAL", or "EXTERNAL/INTERNAL" */
static gboolean
read_host (const ThRelayConfig *config, const GArray *machine, const char *text, ThRelayHost *host)
{
  g_auto (GStrv) parts = g_strsplit (text, "/", 2);

  if (!th_address_parse (&host->external, parts[0], 0))
    return FALSE;
  if (parts[1] != NULL)
    return th_address_parse (&host->internal, parts[1], 0) &&
           is_of_this_machine (&host->internal, machine);
  host->internal = host->external;
  return is_of_this_machine (&host->external, machine) ||
         choose_internal (config, machine, &host->external, &host->internal);
}

static void
read_hosts (ThRelayConfig *config, ThSettings *settings, GStrvBuilder *unusable)
{
  const char *const *texts = th_settings_get_list (settings, TH_SETTING_RELAY_EXTERNAL_ADDRESS);
  g_autoptr (GArray) machine = th_machine_addresses ();
  GArray *hosts = g_array_new (FALSE, FALSE, sizeof (ThRelayHost));
  ThRelayHost host;

  for (guint i = 0; texts[i] != NULL; i++)
    if (g_str_equal (texts[i], "auto"))
      continue; /* the relay finds them */
    else if (read_host (config, machine, texts[i], &host))
      g_array_append_val (hosts, host);
    else
      g_strv_builder_add (unusable, texts[i]);
  config->n_hosts = hosts->len;
  config->hosts = (ThRelayHost *) (gpointer) g_array_free (hosts, FALSE);
}

static void
read_limits (ThRelayConfig *config, ThSettings *settings)
{
  config->max_allocations = th_settings_get_integer (settings, TH_SETTING_LIMITS_ALLOCATIONS);
  config->user_quota = th_settings_get_integer (settings, TH_SETTING_LIMITS_USER_QUOTA);
  config->total_quota = th_settings_get_integer (settings, TH_SETTING_LIMITS_TOTAL_QUOTA);
  config->unauthorized_per_second =
      th_settings_get_integer (settings, TH_SETTING_LIMITS_UNAUTHORIZED_PER_SECOND);
  config->max_connections = th_settings_get_integer (settings, TH_SETTING_LIMITS_CONNECTIONS);
  config->max_permissions = th_settings_get_integer (settings, TH_SETTING_LIMITS_PERMISSIONS);
}

/* Also over those of before. */
static void
read_policy (ThRelayConfig *config, ThSettings *settings)
{
  g_clear_pointer (&config->allow_peers, g_strfreev);
  g_clear_pointer (&config->deny_peers, g_strfreev);
  config->allow_peers =
      g_strdupv ((char **) th_settings_get_list (settings, TH_SETTING_RELAY_ALLOW_PEERS));
  config->deny_peers =
      g_strdupv ((char **) th_settings_get_list (settings, TH_SETTING_RELAY_DENY_PEERS));
  g_clear_pointer (&config->alternate_servers, g_strfreev);
  config->alternate_servers =
      g_strdupv ((char **) th_settings_get_list (settings, TH_SETTING_RELAY_ALTERNATE_SERVER));
  config->allow_lan_peers = th_settings_get_boolean (settings, TH_SETTING_RELAY_ALLOW_LAN_PEERS);
  config->tcp_relay = th_settings_get_boolean (settings, TH_SETTING_RELAY_TCP_RELAY);
  config->mobility = th_settings_get_boolean (settings, TH_SETTING_RELAY_MOBILITY);
  config->strict_expiry = th_settings_get_boolean (settings, TH_SETTING_RELAY_STRICT_EXPIRY);
}

static void
read_own_ports (ThRelayConfig *config, ThSettings *settings)
{
  g_free (config->own_ports);
  config->n_own_ports = 1;
  config->own_ports = g_new (guint16, 1);
  config->own_ports[0] = th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT);
}

void
th_relay_config_read_rules (ThRelayConfig *config, ThSettings *settings)
{
  read_policy (config, settings);
  read_limits (config, settings);
  read_own_ports (config, settings);
}

gboolean
th_relay_setting_needs_restart (ThSetting setting)
{
  switch (setting)
    {
    case TH_SETTING_RELAY_SERVER_NAME:      /* only stands in URLs */
    case TH_SETTING_RELAY_TLS_PORT_OUTSIDE: /* the same */
    case TH_SETTING_RELAY_ALLOW_PEERS:
    case TH_SETTING_RELAY_DENY_PEERS:
    case TH_SETTING_RELAY_ALLOW_LAN_PEERS:
    case TH_SETTING_RELAY_STRICT_EXPIRY:
    case TH_SETTING_RELAY_MOBILITY:
    case TH_SETTING_RELAY_TCP_RELAY:
    case TH_SETTING_RELAY_ALTERNATE_SERVER:
      return FALSE;
    default:
      return g_str_equal (th_setting_get_row (setting)->group, "relay");
    }
}

ThRelayConfig *
th_relay_config_from_settings (ThSettings *settings, char ***unusable)
{
  ThRelayConfig *config = th_relay_config_new ();
  g_autoptr (GStrvBuilder) left_out = g_strv_builder_new ();
  gint64 workers = th_settings_get_integer (settings, TH_SETTING_RELAY_WORKERS);

  config->listen = read_addresses (settings, TH_SETTING_RELAY_LISTEN, &config->n_listen);
  config->port = th_settings_get_integer (settings, TH_SETTING_RELAY_PORT);
  config->extra_udp_ports =
      read_ports (settings, TH_SETTING_RELAY_EXTRA_UDP_PORTS, &config->n_extra_udp_ports);
  config->tls_port = th_settings_get_integer (settings, TH_SETTING_RELAY_TLS_PORT);
  config->extra_tls_ports =
      read_ports (settings, TH_SETTING_RELAY_EXTRA_TLS_PORTS, &config->n_extra_tls_ports);
  /* GnuTLS speaks DTLS up to 1.2. */
  config->dtls = th_settings_get_integer (settings, TH_SETTING_TLS_MIN_VERSION) != TH_SETTING_TLS_1_3;
  th_settings_get_port_range (settings, TH_SETTING_RELAY_RELAY_PORTS, &config->relay_port_min,
                              &config->relay_port_max);
  g_free (config->realm);
  config->realm = g_strdup (th_settings_get_string (settings, TH_SETTING_RELAY_REALM));
  config->proxy_protocol_from =
      g_strdupv ((char **) th_settings_get_list (settings, TH_SETTING_RELAY_PROXY_PROTOCOL_FROM));
  config->workers_auto = workers < 0;
  config->workers = MAX (workers, 0);
  read_hosts (config, settings, left_out);
  th_relay_config_read_rules (config, settings);
  *unusable = g_strv_builder_end (left_out);
  return config;
}
