/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which listeners there are to be: one for each host, port and transport.
 */
#include "relay/listeners.h"

#include <errno.h>
#include <unistd.h>

#include "relay/alternate-hosts.h"
#include "relay/listener-info-private.h"
#include "relay/listener.h"
#include "relay/turn-setup.h"
#include "relay/worker.h"

/* IPv6 that this machine has not got is nothing to report where every address was meant. */
static gboolean
is_worth_telling (const ThRelayConfig *config, const ThAddress *address, int error)
{
  gboolean asked_for = config->n_listen > 0;

  return asked_for || !th_address_is_ipv6 (address) ||
         (error != EAFNOSUPPORT && error != EADDRNOTAVAIL);
}

/* Hands a listener to every worker. */
static void
share_out (ThListeners *self, ThTransport transport, const ThAddress *address, const int *fds)
{
  for (guint i = 0; i < self->workers->len; i++)
    {
      if (th_transport_is_stream (transport))
        th_worker_add_tcp_listener (self->workers->pdata[i], fds[i], address);
      else
        th_worker_add_udp_listener (self->workers->pdata[i], fds[i], address);
    }
}

/* (transfer none) (nullable): the row of that listener, bound or not */
static ThListenerInfo *
find_listener (ThListeners *self, ThTransport transport, const ThAddress *address)
{
  char text[TH_ADDRESS_STRING_SIZE];

  th_address_format_host (address, text);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rows)); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

      if (g_str_equal (th_listener_info_get_transport (info), th_transport_get_name (transport)) &&
          g_str_equal (th_listener_info_get_address (info), text) &&
          th_listener_info_get_port (info) == th_address_port (address))
        return info; /* the list still has it */
    }
  return NULL;
}

/* Returns: whether it is bound now */
static gboolean
listen_on (ThListeners *self, ThTransport transport, const ThAddress *address)
{
  g_autoptr (ThListenerInfo) info = NULL;
  int fds[TH_WORKERS_MAX];
  gboolean bound = th_listener_open (transport, address, fds, self->workers->len);
  int error = bound ? 0 : errno;

  if (!bound && !is_worth_telling (self->config, address, error))
    return FALSE;
  info = th_listener_info_new (transport, address, error);
  g_list_store_append (self->rows, info);
  if (bound)
    share_out (self, transport, address, fds);
  return bound;
}

/* Every listener takes what is encrypted too, so one that is asked for already does for both. */
static guint
listen_encrypted (ThListeners *self,
                  ThTransport transport,
                  ThTransport plain,
                  const ThAddress *address)
{
  ThListenerInfo *there = find_listener (self, plain, address);
  g_autoptr (ThListenerInfo) info = NULL;

  if (there == NULL)
    return listen_on (self, transport, address);
  if (!th_listener_info_is_bound (there))
    return 0; /* which that one says */
  info = th_listener_info_new (transport, address, 0);
  g_list_store_append (self->rows, info);
  return 1;
}

static guint
listen_for_tls (ThListeners *self, const ThAddress *host, guint16 port)
{
  ThAddress address = *host;
  guint bound;

  th_address_set_port (&address, port);
  bound = listen_encrypted (self, TH_TRANSPORT_TLS, TH_TRANSPORT_TCP, &address);
  if (self->config->dtls)
    bound += listen_encrypted (self, TH_TRANSPORT_DTLS, TH_TRANSPORT_UDP, &address);
  return bound;
}

static guint
listen_on_ports (ThListeners *self, const ThAddress *host)
{
  const ThRelayConfig *config = self->config;
  ThAddress address = *host;
  guint bound = 0;

  th_address_set_port (&address, config->port);
  if (config->port != 0)
    {
      bound += listen_on (self, TH_TRANSPORT_UDP, &address);
      bound += listen_on (self, TH_TRANSPORT_TCP, &address);
    }
  for (guint i = 0; i < config->n_extra_udp_ports; i++)
    {
      th_address_set_port (&address, config->extra_udp_ports[i]);
      bound += listen_on (self, TH_TRANSPORT_UDP, &address);
    }
  if (config->tls_port != 0)
    bound += listen_for_tls (self, host, config->tls_port);
  for (guint i = 0; i < config->n_extra_tls_ports; i++)
    bound += listen_for_tls (self, host, config->extra_tls_ports[i]);
  return bound;
}

/* The second port on both hosts, or on none. */
static gboolean
open_second_port (ThListeners *self, const ThAlternates *alternates)
{
  int fds[2][TH_WORKERS_MAX];
  ThAddress addresses[2];

  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      addresses[i] = th_alternates_internal (alternates, (ThAlternate) { .host = i, .port = 1 });
      if (th_listener_open (TH_TRANSPORT_UDP, &addresses[i], fds[i], self->workers->len))
        continue;
      for (guint worker = 0; i == 1 && worker < self->workers->len; worker++)
        close (fds[0][worker]);
      return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    share_out (self, TH_TRANSPORT_UDP, &addresses[i], fds[i]);
  return TRUE;
}

static void
open_alternates (ThListeners *self, ThTurnConfig *turn, gboolean ipv6)
{
  ThAlternates alternates;
  gboolean opened = FALSE;

  if (!th_alternate_hosts_choose (self->config, turn, ipv6, &alternates))
    return;
  for (guint i = 0; i < G_N_ELEMENTS (alternates.internal); i++)
    {
      ThAddress address = th_alternates_internal (&alternates, (ThAlternate) { .host = i });
      ThListenerInfo *there = find_listener (self, TH_TRANSPORT_UDP, &address);

      if (there == NULL || !th_listener_info_is_bound (there))
        return;
    }
  for (guint step = 1; step <= TH_ALTERNATE_PORTS && !opened; step++)
    {
      alternates.ports[1] = th_alternate_port (self->config, step);
      opened = alternates.ports[1] != 0 && open_second_port (self, &alternates);
    }
  if (opened)
    th_turn_setup_set_alternates (turn, self->config, &alternates);
  else
    g_info ("No second port is free for NAT discovery (RFC 5780)");
}

guint
th_listeners_open (ThListeners *self)
{
  const ThRelayConfig *config = self->config;
  static const char *const everywhere[] = { "0.0.0.0", "::" };
  guint bound = 0;

  for (guint i = 0; i < config->n_listen; i++)
    bound += listen_on_ports (self, &config->listen[i]);
  for (guint i = 0; config->n_listen == 0 && i < G_N_ELEMENTS (everywhere); i++)
    {
      ThAddress host;

      th_address_parse (&host, everywhere[i], 0);
      bound += listen_on_ports (self, &host);
    }
  return bound;
}

void
th_listeners_open_alternates (ThListeners *self, ThTurnConfig *turn)
{
  open_alternates (self, turn, FALSE);
  open_alternates (self, turn, TRUE);
}
