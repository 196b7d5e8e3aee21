/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of datagrams in both directions.
 */
#include "port.h"

#include <errno.h>
#include <netinet/udp.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "fail.h"

#define RUNS_MAX 64
#define RUN_BYTES_MAX 64000
#define RUN_DATAGRAMS_MAX 64 /* the kernel's own limit */
#define DATAGRAMS_MAX 1024 /* of all runs together */
#define SLOTS 64
#define SLOT_SIZE 2048
#define SLOT_SIZE_COALESCED 65536
#define SOCKET_BUFFER (64 * 1024 * 1024)

typedef struct {
  guint8 bytes[CMSG_SPACE (sizeof (struct in_pktinfo)) + CMSG_SPACE (sizeof (int))]
      __attribute__ ((aligned (8)));
} Control;

typedef struct {
  struct mmsghdr headers[RUNS_MAX];
  Control controls[RUNS_MAX];
  struct iovec parts[2 * DATAGRAMS_MAX];
  guint8 heads[DATAGRAMS_MAX][PORT_HEAD_MAX];
  const ThAddress *from[RUNS_MAX];
  const ThAddress *to[RUNS_MAX];
  gsize size[RUNS_MAX]; /* of each datagram of the run */
  gsize length[RUNS_MAX];
  guint n_runs, n_parts, n_datagrams;
} Outgoing;

typedef struct {
  struct mmsghdr headers[SLOTS];
  Control controls[SLOTS];
  struct iovec parts[SLOTS];
  ThAddress from[SLOTS];
  guint8 *memory;
} Incoming;

struct _Port {
  int fd;
  guint16 number;
  gboolean segment;
  Outgoing out;
  Incoming in;
};

static void
set_option (int fd, int level, int option, int value)
{
  if (setsockopt (fd, level, option, &value, sizeof value) != 0)
    fail ("socket option %d of level %d: %s", option, level, g_strerror (errno));
}

static void
enlarge_buffer (int fd, int forced, int modest)
{
  int size = SOCKET_BUFFER;

  if (setsockopt (fd, SOL_SOCKET, forced, &size, sizeof size) != 0)
    set_option (fd, SOL_SOCKET, modest, size);
}

static void
open_socket (Port *self, gboolean coalesce)
{
  ThAddress address = { .v4 = { .sin_family = AF_INET } };
  socklen_t size = sizeof address;

  self->fd = socket (AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (self->fd < 0 || bind (self->fd, &address.any, sizeof address.v4) != 0 ||
      getsockname (self->fd, &address.any, &size) != 0)
    fail ("a socket for the load: %s", g_strerror (errno));
  self->number = th_address_port (&address);
  enlarge_buffer (self->fd, SO_RCVBUFFORCE, SO_RCVBUF);
  enlarge_buffer (self->fd, SO_SNDBUFFORCE, SO_SNDBUF);
  set_option (self->fd, IPPROTO_IP, IP_PKTINFO, 1);
  if (coalesce)
    set_option (self->fd, IPPROTO_UDP, UDP_GRO, 1);
}

static void
prepare_incoming (Incoming *in, gsize slot_size)
{
  in->memory = g_malloc (SLOTS * slot_size);
  for (guint i = 0; i < SLOTS; i++)
    {
      struct msghdr *header = &in->headers[i].msg_hdr;

      in->parts[i] = (struct iovec) { in->memory + i * slot_size, slot_size };
      header->msg_name = &in->from[i];
      header->msg_namelen = sizeof in->from[i];
      header->msg_iov = &in->parts[i];
      header->msg_iovlen = 1;
      header->msg_control = in->controls[i].bytes;
      header->msg_controllen = sizeof in->controls[i];
    }
}

static void
add_control (struct msghdr *header, Control *control, int level, int type, const void *value, gsize size)
{
  struct cmsghdr *item = (struct cmsghdr *) (gpointer) (control->bytes + header->msg_controllen);

  item->cmsg_level = level;
  item->cmsg_type = type;
  item->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (item), value, size);
  header->msg_controllen += CMSG_SPACE (size);
}

/* Everything about a run that is known only when it is complete. */
static void
finish_run (Outgoing *out, guint run)
{
  struct msghdr *header = &out->headers[run].msg_hdr;
  struct in_pktinfo source = { .ipi_spec_dst = out->from[run]->v4.sin_addr };
  guint16 size = (guint16) out->size[run];

  header->msg_name = (void *) out->to[run];
  header->msg_namelen = sizeof out->to[run]->v4;
  header->msg_control = out->controls[run].bytes;
  header->msg_controllen = 0;
  add_control (header, &out->controls[run], IPPROTO_IP, IP_PKTINFO, &source, sizeof source);
  if (out->length[run] > out->size[run])
    add_control (header, &out->controls[run], IPPROTO_UDP, UDP_SEGMENT, &size, sizeof size);
}

static gboolean
continues_run (const Port *self, const ThAddress *from, const ThAddress *to, gsize length)
{
  const Outgoing *out = &self->out;
  guint last = out->n_runs - 1;

  return self->segment && out->n_runs > 0 && length > 0 && out->from[last] == from &&
         out->to[last] == to && out->size[last] == length &&
         out->length[last] + length <= RUN_BYTES_MAX && out->length[last] / length < RUN_DATAGRAMS_MAX;
}

static void
begin_run (Outgoing *out, const ThAddress *from, const ThAddress *to, gsize length)
{
  guint run = out->n_runs++;
  struct msghdr *header = &out->headers[run].msg_hdr;

  header->msg_iov = out->parts + out->n_parts;
  header->msg_iovlen = 0;
  out->from[run] = from;
  out->to[run] = to;
  out->size[run] = length;
  out->length[run] = 0;
}

static void
add_part (Outgoing *out, const void *bytes, gsize length)
{
  if (length == 0)
    return;
  out->parts[out->n_parts++] = (struct iovec) { (void *) bytes, length };
  out->headers[out->n_runs - 1].msg_hdr.msg_iovlen++;
  out->length[out->n_runs - 1] += length;
}

static void
hand_over (const Incoming *in, guint slot, gint64 now, PortFunc func, gpointer user_data)
{
  struct msghdr *header = (struct msghdr *) &in->headers[slot].msg_hdr;
  const guint8 *bytes = in->parts[slot].iov_base;
  gsize length = in->headers[slot].msg_len;
  gsize size = length;
  ThAddress local = TH_ADDRESS_NONE;

  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL; item = CMSG_NXTHDR (header, item))
    {
      if (item->cmsg_level == IPPROTO_UDP && item->cmsg_type == UDP_GRO)
        size = (gsize) * (int *) (gpointer) CMSG_DATA (item);
      else if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO)
        th_address_init_bytes (&local, TH_STUN_FAMILY_IPV4,
                               CMSG_DATA (item) + G_STRUCT_OFFSET (struct in_pktinfo, ipi_addr), 0);
    }
  while (length > size)
    {
      func (&in->from[slot], &local, bytes, size, now, user_data);
      bytes += size;
      length -= size;
    }
  func (&in->from[slot], &local, bytes, length, now, user_data);
}

Port *
port_new (gboolean segment, gboolean coalesce)
{
  Port *self = g_new0 (Port, 1);

  self->segment = segment;
  open_socket (self, coalesce);
  prepare_incoming (&self->in, coalesce ? SLOT_SIZE_COALESCED : SLOT_SIZE);
  return self;
}

void
port_free (Port *self)
{
  close (self->fd);
  g_free (self->in.memory);
  g_free (self);
}

guint16
port_number (const Port *self)
{
  return self->number;
}

void
port_post (Port *self,
           const ThAddress *from,
           const ThAddress *to,
           const void *head,
           gsize head_length,
           const guint8 *body,
           gsize body_length)
{
  Outgoing *out = &self->out;
  gsize length = head_length + body_length;

  if (out->n_datagrams == DATAGRAMS_MAX ||
      (out->n_runs == RUNS_MAX && !continues_run (self, from, to, length)))
    port_flush (self);
  if (!continues_run (self, from, to, length))
    begin_run (out, from, to, length);
  if (head_length > 0)
    memcpy (out->heads[out->n_datagrams], head, head_length);
  add_part (out, out->heads[out->n_datagrams], head_length);
  add_part (out, body, body_length);
  out->n_datagrams++;
}

void
port_flush (Port *self)
{
  Outgoing *out = &self->out;

  for (guint run = 0; run < out->n_runs; run++)
    finish_run (out, run);
  for (guint done = 0; done < out->n_runs;)
    {
      int sent = sendmmsg (self->fd, out->headers + done, out->n_runs - done, 0);

      if (sent > 0)
        done += (guint) sent;
      else if (errno == EAGAIN || errno == ENOBUFS)
        poll (&(struct pollfd) { .fd = self->fd, .events = POLLOUT }, 1, 1);
      else
        fail ("sending: %s", g_strerror (errno));
    }
  out->n_runs = out->n_parts = out->n_datagrams = 0;
}

void
port_receive (Port *self, PortFunc func, gpointer user_data)
{
  Incoming *in = &self->in;
  int n = recvmmsg (self->fd, in->headers, SLOTS, MSG_DONTWAIT, NULL);
  gint64 now = n > 0 ? clock_now () : 0;

  for (int i = 0; i < n; i++)
    {
      hand_over (in, (guint) i, now, func, user_data);
      in->headers[i].msg_hdr.msg_namelen = sizeof in->from[i];
      in->headers[i].msg_hdr.msg_controllen = sizeof in->controls[i];
    }
}
