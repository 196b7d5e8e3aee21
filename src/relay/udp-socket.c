/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sending takes the parcels of a batch through sendmmsg. A packet that the kernel does not take at
 * once is lost, as it would be anywhere else on its way, but it is counted.
 */
#include "relay/udp-socket.h"

#include <errno.h>
#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <unistd.h>

#define BATCH 64
#define LISTENER_BUFFER (4 * 1024 * 1024)
#define CONTROL_SIZE CMSG_SPACE (sizeof (struct in6_pktinfo))

typedef struct {
  guint8 bytes[CONTROL_SIZE] __attribute__ ((aligned (8)));
} Control;

static void
set_option (int fd, int level, int name, int value)
{
  /* Each is a wish: what a kernel or sandbox does not grant, relaying works without. */
  (void) setsockopt (fd, level, name, &value, sizeof value);
}

static void
set_listener_options (int fd, gboolean ipv6)
{
  if (ipv6)
    set_option (fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1);
  else
    set_option (fd, IPPROTO_IP, IP_PKTINFO, 1);
  set_option (fd, SOL_SOCKET, SO_RCVBUF, LISTENER_BUFFER);
  set_option (fd, SOL_SOCKET, SO_SNDBUF, LISTENER_BUFFER);
}

static void
set_fragmenting (int fd, gboolean ipv6, gboolean allowed)
{
  if (ipv6)
    set_option (fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER,
                allowed ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_DO);
  else
    set_option (fd, IPPROTO_IP, IP_MTU_DISCOVER, allowed ? IP_PMTUDISC_DONT : IP_PMTUDISC_DO);
}

static void
set_relay_options (int fd, gboolean ipv6)
{
  if (ipv6)
    set_option (fd, IPPROTO_IPV6, IPV6_RECVERR, 1);
  else
    set_option (fd, IPPROTO_IP, IP_RECVERR, 1);
  set_fragmenting (fd, ipv6, TRUE);
}

/* The address to send from, as a control message. */
static void
put_source (struct msghdr *header, Control *control, const ThAddress *from)
{
  struct cmsghdr *item;

  header->msg_control = control->bytes;
  header->msg_controllen = sizeof control->bytes;
  item = CMSG_FIRSTHDR (header);
  if (th_address_is_ipv6 (from))
    {
      struct in6_pktinfo info = { .ipi6_addr = from->v6.sin6_addr };

      item->cmsg_level = IPPROTO_IPV6;
      item->cmsg_type = IPV6_PKTINFO;
      item->cmsg_len = CMSG_LEN (sizeof info);
      header->msg_controllen = CMSG_SPACE (sizeof info);
      memcpy (CMSG_DATA (item), &info, sizeof info);
    }
  else
    {
      struct in_pktinfo info = { .ipi_spec_dst = from->v4.sin_addr };

      item->cmsg_level = IPPROTO_IP;
      item->cmsg_type = IP_PKTINFO;
      item->cmsg_len = CMSG_LEN (sizeof info);
      header->msg_controllen = CMSG_SPACE (sizeof info);
      memcpy (CMSG_DATA (item), &info, sizeof info);
    }
}

static void
fill_header (struct msghdr *header, Control *control, const ThParcel *parcel)
{
  *header = (struct msghdr) {
    .msg_name = (void *) &parcel->to,
    .msg_namelen = th_address_size (&parcel->to),
    .msg_iov = (struct iovec *) parcel->parts,
    .msg_iovlen = parcel->n_parts,
  };
  if (th_address_is_set (&parcel->from))
    put_source (header, control, &parcel->from);
}

/*
 * With IP_RECVERR a send may report what an earlier packet ran into instead of sending: then it is
 * worth a second try. Else that one packet is lost, and the rest goes on.
 */
static void
send_all (ThUdpSocket *self, struct mmsghdr *headers, guint n)
{
  gboolean tried = FALSE;

  for (guint done = 0; done < n;)
    {
      int sent = sendmmsg (self->watch.fd, headers + done, n - done, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (sent > 0)
        {
          done += (guint) sent;
          tried = FALSE;
        }
      else if (errno == EINTR)
        {
          continue;
        }
      else if (!tried && errno != EAGAIN && errno != EMSGSIZE && errno != ENOBUFS)
        {
          tried = TRUE;
        }
      else
        {
          th_counter_add (&self->drops->send_error, 1);
          done++;
          tried = FALSE;
        }
    }
}

static void
send_unfragmented (ThUdpSocket *self, const ThParcel *parcel)
{
  Control control;
  struct mmsghdr header;

  fill_header (&header.msg_hdr, &control, parcel);
  set_fragmenting (self->watch.fd, self->ipv6, FALSE);
  send_all (self, &header, 1);
  set_fragmenting (self->watch.fd, self->ipv6, TRUE);
}

static void
on_outlet_deliver (ThOutlet *outlet, const ThParcel *parcels, gint first)
{
  ThUdpSocket *self =
      (ThUdpSocket *) (gpointer) ((guint8 *) outlet - G_STRUCT_OFFSET (ThUdpSocket, outlet));
  struct mmsghdr headers[BATCH];
  Control controls[BATCH];
  guint n = 0;

  for (gint at = first; at >= 0; at = parcels[at].next)
    {
      const ThParcel *parcel = &parcels[at];

      if (n == BATCH || parcel->dont_fragment)
        {
          send_all (self, headers, n);
          n = 0;
        }
      if (parcel->dont_fragment)
        {
          send_unfragmented (self, parcel);
          continue;
        }
      fill_header (&headers[n].msg_hdr, &controls[n], parcel);
      n++;
    }
  send_all (self, headers, n);
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
  if (role == TH_UDP_LISTENER)
    set_listener_options (fd, ipv6);
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
th_udp_socket_init (ThUdpSocket *self, int fd, gboolean ipv6, ThDropCounters *drops)
{
  self->watch.fd = fd;
  self->outlet = (ThOutlet) { .deliver = on_outlet_deliver };
  self->drops = drops;
  self->ipv6 = ipv6;
  self->lost = 0;
}

void
th_udp_socket_close (ThUdpSocket *self)
{
  close (self->watch.fd);
  self->watch.fd = -1;
}

/* What did not fit the link is told as the ICMP error that a router would have sent. */
static void
take_error (ThIcmpError *error, const struct sock_extended_err *reported)
{
  gboolean ipv6 = th_address_is_ipv6 (&error->peer);

  if (reported->ee_origin == SO_EE_ORIGIN_LOCAL)
    {
      error->type = ipv6 ? ICMP6_PACKET_TOO_BIG : ICMP_DEST_UNREACH;
      error->code = ipv6 ? 0 : ICMP_FRAG_NEEDED;
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
          take_error (error, &reported);
          return TRUE;
        }
      header.msg_namelen = sizeof error->peer;
      header.msg_controllen = sizeof control;
    }
  return FALSE;
}
