/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A message is a run of parcels, of one mostly. A packet that the kernel does not take at once is
 * lost, as it would be anywhere else on its way, but it is counted.
 */
#include "relay/udp-send.h"

#include <errno.h>
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "turn/counter.h"

#define MESSAGES_MAX 64
#define VECTORS_MAX 512

/* What the kernel takes as one: 64 segments that together fit an IPv4 or IPv6 packet. */
#define RUN_PARCELS_MAX 64
#define RUN_BYTES_MAX 65000

#define CONTROL_SIZE (CMSG_SPACE (sizeof (struct in6_pktinfo)) + CMSG_SPACE (sizeof (guint16)))

typedef struct {
  guint8 bytes[CONTROL_SIZE] __attribute__ ((aligned (8)));
} Control;

/* Parcels that leave together. */
typedef struct {
  gint first;
  guint count;
} Run;

typedef struct {
  struct mmsghdr headers[MESSAGES_MAX];
  Control controls[MESSAGES_MAX];
  Run runs[MESSAGES_MAX];
  struct iovec vectors[VECTORS_MAX];
  guint n_messages;
  guint n_vectors;
} Batch;

static void
add_control (struct msghdr *header, Control *control, int level, int type, const void *value, gsize size)
{
  struct cmsghdr *item =
      (struct cmsghdr *) (gpointer) (control->bytes + header->msg_controllen);

  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (item), value, size);
  header->msg_control = control->bytes;
  header->msg_controllen += CMSG_SPACE (size);
}

static void
add_source (struct msghdr *header, Control *control, const ThAddress *from)
{
  if (th_address_is_ipv6 (from))
    {
      struct in6_pktinfo info = { .ipi6_addr = from->v6.sin6_addr };

      add_control (header, control, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof info);
    }
  else
    {
      struct in_pktinfo info = { .ipi_spec_dst = from->v4.sin_addr };

      add_control (header, control, IPPROTO_IP, IP_PKTINFO, &info, sizeof info);
    }
}

static gboolean
same_way (const ThParcel *a, const ThParcel *b)
{
  return !th_address_is_set (&a->to) ||
         (th_address_equal (&a->to, &b->to) &&
          (!th_address_is_set (&a->from) || th_address_equal (&a->from, &b->from)));
}

/* How many parcels from @first on make one run: all of one size, but the last may be shorter. */
static Run
measure_run (const ThUdpSender *self, const ThParcel *parcels, gint first)
{
  const ThParcel *head = &parcels[first];
  Run run = { .first = first, .count = 1 };
  gsize bytes = head->length;

  if (!self->segmentation || head->length == 0 || head->dont_fragment)
    return run;
  for (gint at = head->next; at >= 0; at = parcels[at].next)
    {
      const ThParcel *parcel = &parcels[at];

      bytes += parcel->length;
      if (parcel->length == 0 || parcel->length > head->length || parcel->dont_fragment ||
          bytes > RUN_BYTES_MAX || run.count == RUN_PARCELS_MAX || !same_way (head, parcel))
        break;
      run.count++;
      if (parcel->length < head->length)
        break;
    }
  return run;
}

static struct msghdr *
add_message (Batch *batch, const ThUdpSender *self, const ThParcel *parcel, Run run)
{
  struct msghdr *header = &batch->headers[batch->n_messages].msg_hdr;

  header->msg_name = self->connected ? NULL : (void *) &parcel->to;
  header->msg_namelen = self->connected ? 0 : th_address_size (&parcel->to);
  header->msg_iov = batch->vectors + batch->n_vectors;
  header->msg_iovlen = 0;
  header->msg_control = NULL;
  header->msg_controllen = 0;
  header->msg_flags = 0;
  batch->runs[batch->n_messages] = run;
  if (!self->connected && th_address_is_set (&parcel->from))
    add_source (header, &batch->controls[batch->n_messages], &parcel->from);
  batch->n_messages++;
  return header;
}

/* Returns: the parcel after the run, or -1 */
static gint
add_run (Batch *batch, const ThUdpSender *self, const ThParcel *parcels, Run run)
{
  const ThParcel *head = &parcels[run.first];
  struct msghdr *header = add_message (batch, self, head, run);
  gint at = run.first;

  for (guint i = 0; i < run.count; i++, at = parcels[at].next)
    {
      memcpy (batch->vectors + batch->n_vectors, parcels[at].parts,
              parcels[at].n_parts * sizeof batch->vectors[0]);
      batch->n_vectors += parcels[at].n_parts;
      header->msg_iovlen += parcels[at].n_parts;
    }
  if (run.count > 1)
    {
      guint16 size = (guint16) head->length;

      add_control (header, &batch->controls[batch->n_messages - 1], IPPROTO_UDP, UDP_SEGMENT, &size,
                   sizeof size);
    }
  return at;
}

static gboolean
has_room (const Batch *batch, Run run)
{
  return batch->n_messages < MESSAGES_MAX &&
         batch->n_vectors + run.count * TH_PARCEL_PARTS_MAX <= VECTORS_MAX;
}

/*
 * With IP_RECVERR a send may report what an earlier packet ran into instead of sending, so one more
 * try is worth it, but not for these.
 */
static gboolean
is_final (int error)
{
  return error == EAGAIN || error == EMSGSIZE || error == ENOBUFS;
}

static gboolean
send_one (const ThUdpSender *self, const struct msghdr *header)
{
  for (guint tries = 0; tries < 2; tries++)
    {
      if (sendmsg (self->fd, header, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0)
        return TRUE;
      if (is_final (errno))
        return FALSE;
    }
  return FALSE;
}

/* Called with errno set. */
static void
lose (ThUdpSender *self, const ThParcel *parcel)
{
  if (errno == EMSGSIZE && !self->connected)
    self->too_large_for = th_address_port (&parcel->to);
  th_counter_add (self->lost, 1);
}

/* A run that the kernel did not take as one, packet by packet. */
static void
send_separately (ThUdpSender *self, const ThParcel *parcels, Run run)
{
  gint at = run.first;

  for (guint i = 0; i < run.count; i++, at = parcels[at].next)
    {
      Batch single;

      single.n_messages = single.n_vectors = 0;
      add_run (&single, self, parcels, (Run) { .first = at, .count = 1 });
      if (!send_one (self, &single.headers[0].msg_hdr))
        lose (self, &parcels[at]);
    }
}

/*
 * EIO: no checksum offload on that way; EINVAL: a segment is larger than the link takes whole, which
 * is about these packets only.
 */
static void
rescue (ThUdpSender *self, const ThParcel *parcels, const struct msghdr *header, Run run)
{
  if (run.count == 1)
    {
      if (is_final (errno) || !send_one (self, header))
        lose (self, &parcels[run.first]);
      return;
    }
  if (errno == EIO || errno == EOPNOTSUPP || errno == ENOPROTOOPT)
    self->segmentation = FALSE;
  if (errno == EAGAIN || errno == ENOBUFS)
    th_counter_add (self->lost, run.count);
  else
    send_separately (self, parcels, run);
}

/* Returns: how many messages left, or -1 with errno set. One alone takes the shortest way. */
static int
send_messages (const ThUdpSender *self, struct mmsghdr *headers, guint n)
{
  const struct msghdr *header = &headers->msg_hdr;
  int flags = MSG_DONTWAIT | MSG_NOSIGNAL;
  ssize_t sent;

  if (n > 1)
    return sendmmsg (self->fd, headers, n, flags);
  if (header->msg_iovlen == 1 && header->msg_control == NULL)
    sent = sendto (self->fd, header->msg_iov->iov_base, header->msg_iov->iov_len, flags,
                   header->msg_name, header->msg_namelen);
  else
    sent = sendmsg (self->fd, header, flags);
  return sent < 0 ? -1 : 1;
}

static void
send_batch (ThUdpSender *self, Batch *batch, const ThParcel *parcels)
{
  for (guint done = 0; done < batch->n_messages;)
    {
      int sent = send_messages (self, batch->headers + done, batch->n_messages - done);

      if (sent > 0)
        {
          done += (guint) sent;
          continue;
        }
      rescue (self, parcels, &batch->headers[done].msg_hdr, batch->runs[done]);
      done++;
    }
  batch->n_messages = batch->n_vectors = 0;
}

static void
send_unfragmented (ThUdpSender *self, const ThParcel *parcels, gint index)
{
  th_udp_set_fragmenting (self->fd, self->ipv6, FALSE);
  send_separately (self, parcels, (Run) { .first = index, .count = 1 });
  th_udp_set_fragmenting (self->fd, self->ipv6, TRUE);
}

gboolean
th_udp_segmentation_is_known (void)
{
  static gsize known; /* 1: no, 2: yes */

  if (g_once_init_enter (&known))
    {
      int fd = socket (AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      int size = 1000;
      gboolean works = fd >= 0 && setsockopt (fd, IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size) == 0;

      if (fd >= 0)
        close (fd);
      g_once_init_leave (&known, works ? 2 : 1);
    }
  return known == 2;
}

void
th_udp_set_fragmenting (int fd, gboolean ipv6, gboolean allowed)
{
  int value = ipv6 ? (allowed ? IPV6_PMTUDISC_DONT : IPV6_PMTUDISC_DO)
                   : (allowed ? IP_PMTUDISC_DONT : IP_PMTUDISC_DO);

  (void) setsockopt (fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP,
                     ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, &value, sizeof value);
}

void
th_udp_send (ThUdpSender *self, const ThParcel *parcels, gint first)
{
  Batch batch;
  gint at = first;

  batch.n_messages = batch.n_vectors = 0;
  while (at >= 0)
    {
      Run run = measure_run (self, parcels, at);

      if (!has_room (&batch, run) || parcels[at].dont_fragment)
        send_batch (self, &batch, parcels);
      if (parcels[at].dont_fragment)
        {
          send_unfragmented (self, parcels, at);
          at = parcels[at].next;
        }
      else
        {
          at = add_run (&batch, self, parcels, run);
        }
    }
  send_batch (self, &batch, parcels);
}
