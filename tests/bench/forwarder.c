/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * forwarder: a plain forwarder without TURN, to compare relays with. It forwards as a TURN server
 * would, but trusts everyone, counts nothing and checks nothing: what is left is mostly the kernel's
 * own work. Never run it where others can reach it.
 */
#include <errno.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fail.h"
#include "stun/builder.h"
#include "stun/message.h"

#define CHANNEL 0x4000
#define HEAD_SIZE 4
#define SLOTS 16
#define SLOT_SIZE (68 * 1024)
#define EVENTS 64
#define SEGMENTS_MAX 64
#define BUFFER_SIZE (4 * 1024 * 1024)

typedef struct _Way Way;
typedef void (*WayFunc) (Way *way);

/* A socket and who reads it. */
struct _Way {
  int fd;
  WayFunc ready;
  struct _Flow *flow; /* of a relay socket or a client's stream */
};

typedef struct _Flow {
  Way relay;
  Way stream; /* fd is -1 where the client comes over UDP */
  ThAddress client;
  guint8 *partial; /* the beginning of a frame on the stream */
  gsize n_partial;
} Flow;

typedef struct {
  guint8 bytes[CMSG_SPACE (sizeof (int))] __attribute__ ((aligned (8)));
} Control;

static int epoll;
static ThAddress here; /* port 0 */
static Way datagram_listener, stream_listener;
static GHashTable *flows_by_client; /* of those over UDP */

static guint8 slots[SLOTS][SLOT_SIZE];
static struct mmsghdr headers[SLOTS];
static struct iovec vectors[SLOTS];
static Control controls[SLOTS];
static ThAddress senders[SLOTS];

static const guint8 zeros[HEAD_SIZE];

static void
watch (Way *way, int fd, WayFunc ready, Flow *flow)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = way };

  *way = (Way) { .fd = fd, .ready = ready, .flow = flow };
  if (epoll_ctl (epoll, EPOLL_CTL_ADD, fd, &event) != 0)
    fail ("waiting: %s", g_strerror (errno));
}

static void
set_option (int fd, int level, int name, int value)
{
  setsockopt (fd, level, name, &value, sizeof value);
}

static int
open_socket (int type, const ThAddress *address)
{
  int fd = socket (AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (type == SOCK_DGRAM)
    set_option (fd, IPPROTO_UDP, UDP_GRO, 1);
  else
    set_option (fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (fd < 0 || bind (fd, &address->any, th_address_size (address)) != 0)
    fail ("binding: %s", g_strerror (errno));
  return fd;
}

/* Returns: how many came into the slots */
static int
receive (int fd, guint max)
{
  for (guint i = 0; i < max; i++)
    {
      headers[i].msg_hdr.msg_namelen = sizeof senders[i];
      headers[i].msg_hdr.msg_controllen = sizeof controls[i];
    }
  return recvmmsg (fd, headers, max, MSG_DONTWAIT, NULL);
}

/* The size of each datagram in what came into that slot. */
static gsize
segment_of (guint slot)
{
  const struct cmsghdr *item = CMSG_FIRSTHDR (&headers[slot].msg_hdr);
  int segment;

  if (item == NULL || item->cmsg_type != UDP_GRO)
    return headers[slot].msg_len;
  memcpy (&segment, CMSG_DATA (item), sizeof segment);
  return (gsize) segment;
}

/* @segment: of each datagram in it, or 0 if it is one */
static void
send_out (int fd, const ThAddress *to, struct iovec *parts, gsize n_parts, gsize segment)
{
  Control control;
  struct msghdr header = {
    .msg_name = (void *) to,
    .msg_namelen = to != NULL ? th_address_size (to) : 0,
    .msg_iov = parts,
    .msg_iovlen = n_parts,
  };
  guint16 size = (guint16) segment;

  if (segment > 0)
    {
      struct cmsghdr *item = (struct cmsghdr *) (gpointer) control.bytes;

      *item = (struct cmsghdr) { CMSG_LEN (sizeof size), IPPROTO_UDP, UDP_SEGMENT };
      memcpy (CMSG_DATA (item), &size, sizeof size);
      header.msg_control = control.bytes;
      header.msg_controllen = CMSG_SPACE (sizeof size);
    }
  sendmsg (fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
on_relay_ready (Way *way)
{
  Flow *flow = way->flow;
  gboolean stream = flow->stream.fd >= 0;
  struct iovec parts[3 * SEGMENTS_MAX];
  guint8 heads[SEGMENTS_MAX][HEAD_SIZE];
  gsize n_parts = 0;
  gsize segment, total;
  guint n = 0;

  if (receive (way->fd, 1) != 1)
    return;
  segment = segment_of (0);
  total = headers[0].msg_len;
  for (gsize at = 0; at < total; at += segment, n++)
    {
      gsize length = MIN (segment, total - at);
      gsize padding = stream ? -length & 3 : 0;

      memcpy (heads[n], (const guint8[]){ CHANNEL >> 8, CHANNEL & 0xFF, (guint8) (length >> 8), (guint8) length },
              HEAD_SIZE);
      parts[n_parts++] = (struct iovec) { heads[n], HEAD_SIZE };
      parts[n_parts++] = (struct iovec) { slots[0] + at, length };
      if (padding > 0)
        parts[n_parts++] = (struct iovec) { (void *) zeros, padding };
    }
  if (stream)
    send_out (flow->stream.fd, NULL, parts, n_parts, 0);
  else
    send_out (datagram_listener.fd, &flow->client, parts, n_parts, n > 1 ? segment + HEAD_SIZE : 0);
}

static void
open_relay (Flow *flow)
{
  watch (&flow->relay, open_socket (SOCK_DGRAM, &here), on_relay_ready, flow);
}

static ThAddress
relayed_address (const Flow *flow)
{
  ThAddress address;
  socklen_t size = sizeof address;

  getsockname (flow->relay.fd, &address.any, &size);
  return address;
}

static void
connect_relay (Flow *flow, const ThStunMessage *message)
{
  ThStunAttribute attribute;
  ThAddress peer;

  if (th_stun_message_find (message, TH_STUN_XOR_PEER_ADDRESS, &attribute) &&
      th_stun_attribute_get_xor_address (&attribute, message, &peer))
    connect (flow->relay.fd, &peer.any, th_address_size (&peer));
}

/* Whatever is asked for is granted. */
static void
answer (Flow *flow, const guint8 *bytes, gsize length)
{
  guint8 reply[256];
  ThStunBuilder builder;
  ThStunMessage message;
  ThAddress relayed = relayed_address (flow);

  if (!th_stun_message_parse (&message, bytes, length))
    return;
  if (message.method == TH_STUN_CHANNEL_BIND)
    connect_relay (flow, &message);
  th_stun_builder_init (&builder, reply, sizeof reply, TH_STUN_SUCCESS, message.method,
                        th_stun_message_transaction_id (&message));
  th_stun_builder_add_xor_address (&builder, TH_STUN_XOR_RELAYED_ADDRESS, &relayed);
  th_stun_builder_add_u32 (&builder, TH_STUN_LIFETIME, 600);
  length = th_stun_builder_end (&builder);
  send_out (flow->stream.fd >= 0 ? flow->stream.fd : datagram_listener.fd,
            flow->stream.fd >= 0 ? NULL : &flow->client, &(struct iovec){ reply, length }, 1, 0);
}

static guint64 *
client_key (const ThAddress *client)
{
  static guint64 key;

  key = (guint64) client->v4.sin_addr.s_addr << 16 | client->v4.sin_port;
  return &key;
}

static Flow *
find_flow (const ThAddress *client)
{
  Flow *flow = g_hash_table_lookup (flows_by_client, client_key (client));

  if (flow != NULL)
    return flow;
  flow = g_new0 (Flow, 1);
  flow->client = *client;
  flow->stream.fd = -1;
  open_relay (flow);
  g_hash_table_insert (flows_by_client, g_memdup2 (client_key (client), sizeof (guint64)), flow);
  return flow;
}

static gboolean
is_message (const guint8 *bytes)
{
  return (bytes[0] & 0xC0) == 0;
}

static void
forward_run (const Flow *flow, guint8 *bytes, gsize total, gsize segment)
{
  struct iovec parts[SEGMENTS_MAX];
  gsize n = 0;

  for (gsize at = 0; at < total; at += segment)
    parts[n++] = (struct iovec) { bytes + at + HEAD_SIZE, MIN (segment, total - at) - HEAD_SIZE };
  send_out (flow->relay.fd, NULL, parts, n, n > 1 ? segment - HEAD_SIZE : 0);
}

static void
on_datagrams_ready (Way *way)
{
  int n = receive (way->fd, SLOTS);

  for (int i = 0; i < n; i++)
    {
      Flow *flow = find_flow (&senders[i]);

      if (is_message (slots[i]))
        answer (flow, slots[i], headers[i].msg_len);
      else
        forward_run (flow, slots[i], headers[i].msg_len, segment_of ((guint) i));
    }
}

/* Returns: how many bytes the first frame has, its padding included */
static gsize
frame_size (const guint8 *bytes)
{
  gsize length = (gsize) (bytes[2] << 8 | bytes[3]);

  return is_message (bytes) ? TH_STUN_HEADER_SIZE + length : HEAD_SIZE + ((length + 3) & ~(gsize) 3);
}

static void
take_frame (Flow *flow, guint8 *bytes, gsize size)
{
  if (is_message (bytes))
    answer (flow, bytes, size);
  else
    send_out (flow->relay.fd, NULL,
              &(struct iovec){ bytes + HEAD_SIZE, (gsize) (bytes[2] << 8 | bytes[3]) }, 1, 0);
}

static void
on_stream_ready (Way *way)
{
  Flow *flow = way->flow;
  guint8 *at = slots[0];
  gsize left = flow->n_partial;
  ssize_t n;

  if (left > 0)
    memcpy (at, flow->partial, left);
  n = recv (way->fd, at + left, SLOT_SIZE - left, MSG_DONTWAIT);
  if (n == 0)
    close (way->fd);
  if (n <= 0)
    return;
  for (left += (gsize) n; left >= HEAD_SIZE && frame_size (at) <= left;)
    {
      gsize size = frame_size (at);

      take_frame (flow, at, size);
      at += size;
      left -= size;
    }
  g_free (flow->partial);
  flow->partial = g_memdup2 (at, left);
  flow->n_partial = left;
}

static void
on_stream_listener_ready (Way *way)
{
  int fd = accept4 (way->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  Flow *flow;

  if (fd < 0)
    return;
  set_option (fd, IPPROTO_TCP, TCP_NODELAY, 1);
  flow = g_new0 (Flow, 1);
  watch (&flow->stream, fd, on_stream_ready, flow);
  open_relay (flow);
}

static void
prepare (const char *host, const char *port)
{
  struct rlimit files;
  ThAddress address;

  if (getrlimit (RLIMIT_NOFILE, &files) == 0)
    {
      files.rlim_cur = files.rlim_max;
      setrlimit (RLIMIT_NOFILE, &files);
    }
  if (!th_address_parse (&here, host, 0) || !th_address_is_ipv4 (&here) ||
      !th_address_parse (&address, host, (guint16) atoi (port)))
    fail ("usage: forwarder IPV4 PORT");
  for (guint i = 0; i < SLOTS; i++)
    {
      vectors[i] = (struct iovec) { slots[i], SLOT_SIZE };
      headers[i].msg_hdr = (struct msghdr) {
        .msg_name = &senders[i], .msg_iov = &vectors[i], .msg_iovlen = 1, .msg_control = &controls[i]
      };
    }
  epoll = epoll_create1 (EPOLL_CLOEXEC);
  flows_by_client = g_hash_table_new (g_int64_hash, g_int64_equal);
  watch (&datagram_listener, open_socket (SOCK_DGRAM, &address), on_datagrams_ready, NULL);
  watch (&stream_listener, open_socket (SOCK_STREAM, &address), on_stream_listener_ready, NULL);
  set_option (datagram_listener.fd, SOL_SOCKET, SO_RCVBUF, BUFFER_SIZE);
  set_option (datagram_listener.fd, SOL_SOCKET, SO_SNDBUF, BUFFER_SIZE);
  if (listen (stream_listener.fd, 512) != 0)
    fail ("listening: %s", g_strerror (errno));
}

int
main (int argc, char *argv[])
{
  if (argc != 3)
    fail ("usage: forwarder IPV4 PORT");
  prepare (argv[1], argv[2]);
  for (;;)
    {
      struct epoll_event events[EVENTS];
      int n = epoll_wait (epoll, events, EVENTS, -1);

      for (int i = 0; i < n; i++)
        ((Way *) events[i].data.ptr)->ready (events[i].data.ptr);
    }
}
