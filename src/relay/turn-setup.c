/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where to relay from, in this order: the hosts that the configuration names; the addresses it
 * listens on, if it names those; every address of the machine.
 */
#include "relay/turn-setup.h"

#include <glib/gi18n.h>

#include "relay/machine-addresses.h"
#include "relay/peer-socket.h"
#include "relay/relay-socket.h"
#include "relay/relay.h"

/* Each needs two bitmaps of ports; a machine with more addresses names those it means. */
#define HOSTS_MAX 64

/* A reserved port is a bound socket that nobody pays for yet. */
#define RESERVATIONS_MAX 1024

static void
release_reservation (ThReservation *reservation, gpointer user_data)
{
  ThPorts *ports = user_data; /* outlives the reservations in every configuration */

  th_relay_socket_free (reservation->socket);
  th_ports_give_back (ports, reservation->host, reservation->port);
}

static void
add_host (GArray *hosts, const ThAddress *address)
{
  ThTurnHost host = { .internal = *address, .external = *address };

  th_address_set_port (&host.internal, 0);
  th_address_set_port (&host.external, 0);
  if (hosts->len < HOSTS_MAX)
    g_array_append_val (hosts, host);
}

static gboolean
has_host_beyond_loopback (const GArray *hosts)
{
  for (guint i = 0; i < hosts->len; i++)
    {
      if (!th_address_is_loopback (&g_array_index (hosts, ThTurnHost, i).internal))
        return TRUE;
    }
  return FALSE;
}

static void
add_configured_hosts (GArray *hosts, const ThRelayConfig *config)
{
  for (guint i = 0; i < config->n_hosts; i++)
    {
      ThTurnHost host = { config->hosts[i].internal, config->hosts[i].external };

      g_array_append_val (hosts, host);
    }
}

static void
add_listening_hosts (GArray *hosts, const ThRelayConfig *config)
{
  for (guint i = 0; i < config->n_listen; i++)
    {
      if (!th_address_is_wildcard (&config->listen[i]))
        add_host (hosts, &config->listen[i]);
    }
}

/* Loopback only where there is nothing else: a relayed address is for others to reach. */
static void
add_machine_hosts (GArray *hosts, const GArray *machine)
{
  for (guint i = 0; i < machine->len; i++)
    {
      const ThAddress *address = &g_array_index (machine, ThAddress, i);

      if (!th_address_is_loopback (address) || !has_host_beyond_loopback (hosts))
        add_host (hosts, address);
    }
}

static void
choose_hosts (ThTurnConfig *self, const ThRelayConfig *config, const GArray *machine)
{
  g_autoptr (GArray) hosts = g_array_new (FALSE, FALSE, sizeof (ThTurnHost));

  add_configured_hosts (hosts, config);
  if (hosts->len == 0)
    add_listening_hosts (hosts, config);
  if (hosts->len == 0)
    add_machine_hosts (hosts, machine);
  self->n_hosts = hosts->len;
  self->hosts = (ThTurnHost *) (gpointer) g_array_free (g_steal_pointer (&hosts), FALSE);
}

static void
add_port (GArray *ports, guint16 port)
{
  if (port != 0)
    g_array_append_val (ports, port);
}

static void
note_own_ports (ThTurnConfig *self, const ThRelayConfig *config)
{
  GArray *ports = g_array_new (FALSE, FALSE, sizeof (guint16));

  add_port (ports, config->port);
  for (guint i = 0; i < config->n_extra_udp_ports; i++)
    add_port (ports, config->extra_udp_ports[i]);
  add_port (ports, config->tls_port);
  for (guint i = 0; i < config->n_extra_tls_ports; i++)
    add_port (ports, config->extra_tls_ports[i]);
  for (guint i = 0; i < config->n_own_ports; i++)
    add_port (ports, config->own_ports[i]);
  for (guint i = 0; i < G_N_ELEMENTS (self->alternates); i++)
    add_port (ports, self->alternates[i].ports[1]);
  g_free (self->own_ports);
  self->n_own_ports = ports->len;
  self->own_ports = (guint16 *) (gpointer) g_array_free (ports, FALSE);
}

static void
note_alternate_servers (ThTurnConfig *self, const ThRelayConfig *config)
{
  guint n = config->alternate_servers != NULL ? g_strv_length (config->alternate_servers) : 0;

  g_free (self->alternate_servers);
  self->alternate_servers = g_new (ThAlternateServer, n);
  self->n_alternate_servers = 0;
  for (guint i = 0; i < n; i++)
    self->n_alternate_servers += th_alternate_server_parse (
        &self->alternate_servers[self->n_alternate_servers], config->alternate_servers[i]);
}

/* What can be another while the relay runs. */
static gboolean
set_rules (ThTurnConfig *self, const ThRelayConfig *config, GError **error)
{
  ThPeerPolicy *policy = th_peer_policy_new ((const char *const *) config->allow_peers,
                                             (const char *const *) config->deny_peers,
                                             config->allow_lan_peers, error);

  if (policy == NULL)
    return FALSE;
  g_clear_pointer (&self->policy, th_peer_policy_unref);
  self->policy = policy;
  self->max_permissions = config->max_permissions;
  self->unauthorized_per_second = config->unauthorized_per_second;
  self->strict_expiry = config->strict_expiry;
  self->mobility = config->mobility;
  self->tcp_relay = config->tcp_relay;
  note_own_ports (self, config);
  note_alternate_servers (self, config);
  return TRUE;
}

ThTurnConfig *
th_turn_setup (const ThRelayConfig *config, GError **error)
{
  g_autoptr (ThTurnConfig) self = th_turn_config_new ();
  g_autoptr (GArray) machine = th_machine_addresses ();

  if (!set_rules (self, config, error))
    return NULL;
  choose_hosts (self, config, machine);
  if (self->n_hosts == 0)
    {
      g_set_error (error, TH_RELAY_ERROR, TH_RELAY_ERROR_NO_ADDRESS,
                   _("This machine has no address to relay from"));
      return NULL;
    }
  g_free (self->realm);
  self->realm = g_strdup (config->realm);
  self->software = g_strdup ("Turnhouse " TH_VERSION);
  self->n_own_addresses = machine->len;
  self->own_addresses = g_memdup2 (machine->data, machine->len * sizeof (ThAddress));
  self->ports = th_ports_new (self->n_hosts, config->relay_port_min, config->relay_port_max);
  self->quota = th_quota_new (config->user_quota, config->total_quota);
  self->capacity = th_quota_new (0, config->max_allocations);
  self->streams = th_streams_new ((GDestroyNotify) th_peer_socket_free);
  self->reservations = th_reservations_new (RESERVATIONS_MAX, release_reservation, self->ports);
  return g_steal_pointer (&self);
}

void
th_turn_setup_set_alternates (ThTurnConfig *self,
                              const ThRelayConfig *config,
                              const ThAlternates *alternates)
{
  self->alternates[th_address_is_ipv6 (&alternates->internal[0])] = *alternates;
  note_own_ports (self, config);
}

ThTurnConfig *
th_turn_setup_again (const ThTurnConfig *running, const ThRelayConfig *config, GError **error)
{
  g_autoptr (ThTurnConfig) self = th_turn_config_copy (running);

  if (!set_rules (self, config, error))
    return NULL;
  th_quota_set_limits (self->quota, config->user_quota, config->total_quota);
  th_quota_set_limits (self->capacity, 0, config->max_allocations);
  return g_steal_pointer (&self);
}
