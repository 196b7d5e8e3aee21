/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Receiving with recvmmsg. The headers are written once and only mended between calls, since
 * setting them up anew would cost more than reading the packet.
 */
#include "relay/inbox.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/mman.h>

#define CONTROL_SIZE                                                                              \
  (CMSG_SPACE (sizeof (struct in6_pktinfo)) + CMSG_SPACE (sizeof (guint32)) +                     \
   CMSG_SPACE (sizeof (int)))

typedef struct {
  guint8 bytes[CONTROL_SIZE] __attribute__ ((aligned (8)));
} Control;

struct _ThInbox {
  guint8 *memory;
  guint used;
  struct mmsghdr headers[TH_INBOX_SLOTS];
  struct iovec vectors[TH_INBOX_SLOTS];
  Control controls[TH_INBOX_SLOTS];
  ThDatagram datagrams[TH_INBOX_SLOTS];
};

static guint8 *
slot (const ThInbox *self, guint index)
{
  return self->memory + (gsize) index * TH_INBOX_SLOT_SIZE;
}

static void
prepare (ThInbox *self, guint index)
{
  struct msghdr *header = &self->headers[index].msg_hdr;

  header->msg_namelen = sizeof (ThAddress);
  header->msg_controllen = CONTROL_SIZE;
}

static void
read_control (ThDatagram *datagram, const struct cmsghdr *item)
{
  if (item->cmsg_level == SOL_SOCKET && item->cmsg_type == SO_RXQ_OVFL)
    {
      memcpy (&datagram->lost, CMSG_DATA (item), sizeof datagram->lost);
    }
  else if (item->cmsg_level == IPPROTO_UDP && item->cmsg_type == UDP_GRO)
    {
      int segment;

      memcpy (&segment, CMSG_DATA (item), sizeof segment);
      if (segment > 0)
        datagram->segment = (gsize) segment;
    }
  else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO)
    {
      struct in_pktinfo info;

      memcpy (&info, CMSG_DATA (item), sizeof info);
      th_address_init_bytes (&datagram->local, TH_STUN_FAMILY_IPV4,
                             (const guint8 *) &info.ipi_addr, 0);
    }
  else if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO)
    {
      struct in6_pktinfo info;

      memcpy (&info, CMSG_DATA (item), sizeof info);
      th_address_init_bytes (&datagram->local, TH_STUN_FAMILY_IPV6,
                             (const guint8 *) &info.ipi6_addr, 0);
    }
}

static void
take_in (ThInbox *self, guint index)
{
  ThDatagram *datagram = &self->datagrams[index];
  struct msghdr *header = &self->headers[index].msg_hdr;

  datagram->length = datagram->segment = self->headers[index].msg_len;
  datagram->local.any.sa_family = AF_UNSPEC;
  datagram->lost = 0;
  if (th_address_is_ipv6 (&datagram->from))
    datagram->from.v6.sin6_flowinfo = 0;
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL;
       item = CMSG_NXTHDR (header, item))
    read_control (datagram, item);
}

/* Returns: how many came, or -1 with errno set. For one alone the plain call is the quicker one. */
static int
receive (int fd, struct mmsghdr *headers, guint max)
{
  ssize_t length;

  if (max > 1)
    return recvmmsg (fd, headers, max, MSG_DONTWAIT, NULL);
  length = recvmsg (fd, &headers->msg_hdr, MSG_DONTWAIT);
  headers->msg_len = (unsigned int) MAX (length, 0);
  return length < 0 ? -1 : 1;
}

ThInbox *
th_inbox_new (void)
{
  ThInbox *self = g_new0 (ThInbox, 1);

  /* Not g_malloc: pages that no packet has reached must not count as memory in use. */
  self->memory = mmap (NULL, (gsize) TH_INBOX_SLOTS * TH_INBOX_SLOT_SIZE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (self->memory == MAP_FAILED)
    g_error ("no memory for packets: %s", g_strerror (errno));

  for (guint i = 0; i < TH_INBOX_SLOTS; i++)
    {
      struct msghdr *header = &self->headers[i].msg_hdr;

      self->vectors[i] = (struct iovec) { slot (self, i), TH_INBOX_SLOT_SIZE };
      self->datagrams[i].bytes = slot (self, i);
      header->msg_name = &self->datagrams[i].from;
      header->msg_iov = &self->vectors[i];
      header->msg_iovlen = 1;
      header->msg_control = self->controls[i].bytes;
      prepare (self, i);
    }
  return self;
}

void
th_inbox_free (ThInbox *self)
{
  munmap (self->memory, (gsize) TH_INBOX_SLOTS * TH_INBOX_SLOT_SIZE);
  g_free (self);
}

guint
th_inbox_room (const ThInbox *self)
{
  return TH_INBOX_SLOTS - self->used;
}

void
th_inbox_empty (ThInbox *self)
{
  self->used = 0;
}

guint
th_inbox_receive (ThInbox *self, int fd, guint max, const ThDatagram **datagrams)
{
  guint first = self->used;
  int n = receive (fd, self->headers + first, MIN (max, th_inbox_room (self)));

  if (n <= 0)
    return 0;
  for (guint i = first; i < first + (guint) n; i++)
    {
      take_in (self, i);
      prepare (self, i);
    }
  self->used += (guint) n;
  *datagrams = self->datagrams + first;
  return (guint) n;
}

guint8 *
th_inbox_take_slot (ThInbox *self)
{
  return slot (self, self->used++);
}
