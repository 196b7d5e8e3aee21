/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When to have a direct socket is a matter of counting: it costs a descriptor and a few system
 * calls, and saves about a tenth of each packet.
 */
#include "relay/relay-socket.h"

#include "relay/peer-socket.h"

#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

/* Packets in a row to one peer before it gets a direct socket, and before another takes it over. */
#define STREAK_FOR_DIRECT 32
#define STREAK_FOR_TAKEOVER 4096

/* Direct sockets are a luxury: at most this part of the descriptors that the process may have. */
#define SHARE_OF_DESCRIPTORS 4

static gint n_direct; /* atomic */

static gboolean
take_descriptor (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 ||
      (guint) g_atomic_int_add (&n_direct, 1) >= MIN (limit.rlim_cur, G_MAXINT) / SHARE_OF_DESCRIPTORS)
    {
      g_atomic_int_add (&n_direct, -1);
      return FALSE;
    }
  return TRUE;
}

static int
connect_to (int fd, const ThAddress *peer)
{
  return connect (fd, &peer->any, th_address_size (peer));
}

/* A second socket on the same port; between binding and connecting it may catch others' packets. */
static gboolean
open_direct (ThRelaySocket *self, const ThAddress *peer)
{
  int fd;

  if (!take_descriptor ())
    return FALSE;
  th_udp_socket_share_port (&self->open);
  fd = th_udp_socket_open (&self->end->bound, TH_UDP_RELAY, TRUE);
  if (fd < 0 || connect_to (fd, peer) != 0)
    {
      if (fd >= 0)
        close (fd);
      g_atomic_int_add (&n_direct, -1);
      return FALSE;
    }
  th_udp_socket_init (&self->direct, fd, th_address_is_ipv6 (peer));
  th_udp_socket_count_drops (&self->direct, self->open.drops);
  self->direct.sender.connected = TRUE;
  self->direct.owner = self;
  self->direct.watch.ready = self->open.watch.ready;
  return TRUE;
}

ThRelaySocket *
th_relay_socket_open (const ThAddress *address, gboolean stream)
{
  ThRelaySocket *self;
  int fd = stream ? th_peer_socket_listen (address)
                  : th_udp_socket_open (address, TH_UDP_RELAY, FALSE);

  if (fd < 0)
    return NULL;
  self = g_new0 (ThRelaySocket, 1);
  self->stream = stream;
  th_udp_socket_init (&self->open, fd, th_address_is_ipv6 (address));
  self->open.owner = self;
  self->direct.watch.fd = -1;
  return self;
}

void
th_relay_socket_free (ThRelaySocket *self)
{
  th_relay_socket_disconnect (self);
  th_udp_socket_close (&self->open);
  g_free (self);
}

ThUdpSocket *
th_relay_socket_choose (ThRelaySocket *self, const ThAddress *peer, gboolean *deserves_direct)
{
  gboolean has_direct = self->direct.watch.fd >= 0;

  *deserves_direct = FALSE;
  if (has_direct && th_address_equal (peer, &self->direct_peer))
    {
      self->streak = 0;
      return &self->direct;
    }
  if (!th_address_equal (peer, &self->last_peer))
    {
      self->last_peer = *peer;
      self->streak = 0;
    }
  self->streak++;
  *deserves_direct = self->streak == (has_direct ? STREAK_FOR_TAKEOVER : STREAK_FOR_DIRECT);
  return &self->open;
}

gboolean
th_relay_socket_connect (ThRelaySocket *self, const ThAddress *peer)
{
  gboolean is_new = self->direct.watch.fd < 0;

  if (is_new && !open_direct (self, peer))
    return FALSE;
  if (!is_new && connect_to (self->direct.watch.fd, peer) != 0)
    return FALSE;
  self->direct_peer = *peer;
  self->older_waits = TRUE;
  return is_new;
}

void
th_relay_socket_disconnect (ThRelaySocket *self)
{
  if (self->direct.watch.fd < 0)
    return;
  th_udp_socket_close (&self->direct);
  g_atomic_int_add (&n_direct, -1);
}
