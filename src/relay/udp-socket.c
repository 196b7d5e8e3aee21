/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which options a socket gets, and what its error queue tells.
 */
#include "relay/udp-socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#define LISTENER_BUFFER (4 * 1024 * 1024)

static void
set_option (int fd, int level, int name, int value)
{
  /* Each is a wish: what a kernel or sandbox does not grant, relaying works without. */
  (void) setsockopt (fd, level, name, &value, sizeof value);
}

/* Which of our addresses a datagram was sent to is a question only where there are several. */
static void
set_listener_options (int fd, const ThAddress *address)
{
  if (th_address_is_wildcard (address) && th_address_is_ipv6 (address))
    set_option (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  else if (th_address_is_wildcard (address))
    set_option (fd, IPPROTO_IP, IP_PKTINFO, 1);
  set_option (fd, SOL_SOCKET, SO_RCVBUF, LISTENER_BUFFER);
  set_option (fd, SOL_SOCKET, SO_SNDBUF, LISTENER_BUFFER);
}

static void
set_relay_options (int fd, gboolean ipv6)
{
  if (ipv6)
    set_option (fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
  else
    set_option (fd, IPPROTO_IP, IP_RECVERR, 1);
  th_udp_set_fragmenting (fd, ipv6, TRUE);
}

static void
on_outlet_deliver (ThOutlet *outlet, const ThParcel *parcels, gint first)
{
  ThUdpSocket *self =
      (ThUdpSocket *) (gpointer) ((guint8 *) outlet - G_STRUCT_OFFSET (ThUdpSocket, outlet));

  th_udp_send (&self->sender, parcels, first);
}

int
th_udp_socket_open (const ThAddress *address, ThUdpRole role, gboolean shared)
{
  gboolean ipv6 = th_address_is_ipv6 (address);
  int fd = socket (address->any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return -1;
  if (ipv6)
    set_option (fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  if (shared)
    set_option (fd, SOL_SOCKET, SO_REUSEPORT, 1);
  set_option (fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_option (fd, IPPROTO_UDP, UDP_GRO, 1);
  if (role == TH_UDP_LISTENER)
    set_listener_options (fd, address);
  else
    set_relay_options (fd, ipv6);

  if (bind (fd, &address->any, th_address_size (address)) != 0)
    {
      int error = errno;

      close (fd);
      errno = error;
      return -1;
    }
  return fd;
}

void
th_udp_socket_init (ThUdpSocket *self, int fd, gboolean ipv6)
{
  self->watch.fd = fd;
  self->outlet = (ThOutlet) { .deliver = on_outlet_deliver };
  self->sender = (ThUdpSender) {
    .fd = fd,
    .ipv6 = ipv6,
    .segmentation = th_udp_segmentation_is_known (),
  };
  self->lost = 0;
  self->expected = 1;
}

void
th_udp_socket_count_drops (ThUdpSocket *self, ThDropCounters *drops)
{
  self->drops = drops;
  self->sender.lost = &drops->send_error;
}

void
th_udp_socket_close (ThUdpSocket *self)
{
  close (self->watch.fd);
  self->watch.fd = -1;
}

void
th_udp_socket_share_port (ThUdpSocket *self)
{
  set_option (self->watch.fd, SOL_SOCKET, SO_REUSEPORT, 1);
}

/* @total: of a datagram just received; counts what came on top since the last one */
static void
note_lost (ThUdpSocket *self, guint32 total)
{
  if (G_LIKELY (total == self->lost || total == 0))
    return;
  th_counter_add (&self->drops->receive_buffer, total - self->lost);
  self->lost = total;
}

guint
th_udp_socket_receive (ThUdpSocket *self, ThInbox *inbox, guint max, const ThDatagram **runs)
{
  guint asked = MIN (self->expected, max);
  guint n = th_inbox_receive (inbox, self->watch.fd, asked, runs);

  self->expected = n == asked ? MIN (2 * asked, max) : MAX (n, 1);
  if (n > 0)
    note_lost (self, (*runs)[n - 1].lost);
  return n;
}

/*
 * What did not fit the link is told as the ICMP error that a router would have sent. The kernel
 * leaves the port out of its report where the socket is not connected.
 */
static void
take_error (const ThUdpSocket *self, ThIcmpError *error, const struct sock_extended_err *reported)
{
  gboolean ipv6 = th_address_is_ipv6 (&error->peer);

  if (reported->ee_origin == SO_EE_ORIGIN_LOCAL)
    {
      error->type = ipv6 ? ICMP6_PACKET_TOO_BIG : ICMP_DEST_UNREACH;
      error->code = ipv6 ? 0 : ICMP_FRAG_NEEDED;
      if (th_address_port (&error->peer) == 0)
        th_address_set_port (&error->peer, self->sender.too_large_for);
    }
  else
    {
      error->type = reported->ee_type;
      error->code = reported->ee_code;
    }
  error->data = reported->ee_errno == EMSGSIZE ? reported->ee_info : 0;
}

gboolean
th_udp_socket_read_error (ThUdpSocket *self, ThIcmpError *error)
{
  guint8 control[512] __attribute__ ((aligned (8)));
  guint8 ignored[64];
  struct iovec vector = { ignored, sizeof ignored };
  struct msghdr header = {
    .msg_name = &error->peer,
    .msg_namelen = sizeof error->peer,
    .msg_iov = &vector,
    .msg_iovlen = 1,
    .msg_control = control,
    .msg_controllen = sizeof control,
  };

  while (recvmsg (self->watch.fd, &header, MSG_ERRQUEUE | MSG_DONTWAIT) >= 0)
    {
      for (struct cmsghdr *item = CMSG_FIRSTHDR (&header); item != NULL;
           item = CMSG_NXTHDR (&header, item))
        {
          struct sock_extended_err reported;
          gboolean is_error =
              (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR) ||
              (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR);

          if (!is_error)
            continue;
          memcpy (&reported, CMSG_DATA (item), sizeof reported);
          if (reported.ee_origin == SO_EE_ORIGIN_LOCAL && reported.ee_errno != EMSGSIZE)
            continue;
          take_error (self, error, &reported);
          return TRUE;
        }
      header.msg_namelen = sizeof error->peer;
      header.msg_controllen = sizeof control;
    }
  return FALSE;
}
