/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading takes as much as one slot holds; writing gathers all frames of a batch in one call, and
 * with TLS many frames in as few records as they fit in.
 */
#include "relay/connection.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "relay/framing.h"
#include "turn/counter.h"

#define PARTS_MAX 384

/* From so many frames in a batch on, they share records. A few have one each, which costs little:
 * there are clients that take a record for a message, coturn's among them. */
#define SHARED_RECORD_MIN 8

/* So much of TLS is made before it is sent. */
#define OUTPUT_MAX (64 * 1024)

/* RFC 7443, and what browsers name when somebody types the relay's address. */
static const char *const protocols[] = { "stun.turn", "stun.nat-discovery", "http/1.1", NULL };

static const char website_answer[] =
    "HTTP/1.1 421 Misdirected Request\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Length: 74\r\n"
    "Connection: close\r\n"
    "\r\n"
    "This is a TURN relay (RFC 8656). It carries calls, there is no page here.\n";

static gsize
queued (const ThConnection *self)
{
  return self->queue == NULL ? 0 : self->queue->len - self->queue_sent;
}

static void
enqueue (ThConnection *self, const guint8 *bytes, gsize length)
{
  if (self->queue == NULL)
    {
      self->queue = g_byte_array_new ();
      self->queue_sent = 0;
      th_poller_change (self->poller, &self->watch, EPOLLIN | EPOLLOUT);
    }
  g_byte_array_append (self->queue, bytes, (guint) length);
}

/* What has been sent is cut off now and then, so that a slow but steady reader costs no memory. */
static void
forget_sent (ThConnection *self)
{
  if (self->queue_sent < TH_CONNECTION_QUEUE_MAX)
    return;
  g_byte_array_remove_range (self->queue, 0, (guint) self->queue_sent);
  self->queue_sent = 0;
}

/* Whether a frame may wait. A frame is queued as a whole, or dropped as a whole. */
static gboolean
may_wait (ThConnection *self, const ThParcel *parcel)
{
  gsize limit = parcel->control ? 2 * TH_CONNECTION_QUEUE_MAX : TH_CONNECTION_QUEUE_MAX;
  gsize made = self->tls != NULL ? self->desk->output->len + self->desk->filled : 0;

  if (queued (self) + made + parcel->length <= limit)
    return TRUE;
  th_counter_add (&self->drops->queue_full, 1);
  if (parcel->control) /* it sends requests but does not read the answers */
    th_connection_break (self);
  return FALSE;
}

static void
enqueue_parcel (ThConnection *self, const ThParcel *parcel)
{
  if (!may_wait (self, parcel))
    return;
  for (guint i = 0; i < parcel->n_parts; i++)
    enqueue (self, parcel->parts[i].iov_base, parcel->parts[i].iov_len);
}

/* The first @sent bytes of a frame are out, so the rest of it must follow, whatever the limit. */
static void
enqueue_rest (ThConnection *self, const ThParcel *parcel, gsize sent)
{
  for (guint i = 0; i < parcel->n_parts; i++)
    {
      const struct iovec *part = &parcel->parts[i];
      gsize skip = MIN (sent, part->iov_len);

      sent -= skip;
      if (skip < part->iov_len)
        enqueue (self, (const guint8 *) part->iov_base + skip, part->iov_len - skip);
    }
}

/* Of the parcels from @first up to @end, the first @sent bytes are out. */
static void
keep_unsent (ThConnection *self, const ThParcel *parcels, gint first, gint end, gsize sent)
{
  for (gint at = first; at != end; at = parcels[at].next)
    {
      const ThParcel *parcel = &parcels[at];

      if (sent == 0)
        enqueue_parcel (self, parcel);
      else if (sent < parcel->length)
        enqueue_rest (self, parcel, sent);
      sent -= MIN (sent, parcel->length);
    }
}

/* Returns: how many bytes the kernel took */
static gsize
write_parts (ThConnection *self, struct iovec *parts, guint n_parts)
{
  struct msghdr header = { .msg_iov = parts, .msg_iovlen = n_parts };
  ssize_t sent = sendmsg (self->watch.fd, &header, MSG_DONTWAIT | MSG_NOSIGNAL);

  if (sent >= 0)
    return (gsize) sent;
  if (errno != EAGAIN && errno != EINTR)
    th_connection_break (self);
  return 0;
}

/* Gathers parcels from @at on, as many as one call takes; returns the next one. */
static gint
gather (const ThParcel *parcels, gint at, struct iovec *parts, guint *n_parts)
{
  *n_parts = 0;
  while (at >= 0 && *n_parts + TH_PARCEL_PARTS_MAX <= PARTS_MAX)
    {
      memcpy (parts + *n_parts, parcels[at].parts, parcels[at].n_parts * sizeof parts[0]);
      *n_parts += parcels[at].n_parts;
      at = parcels[at].next;
    }
  return at;
}

/* What TLS has made, behind what waits. */
static void
send_output (ThConnection *self)
{
  GByteArray *output = self->desk->output;
  struct iovec part = { output->data, output->len };
  gsize sent = 0;

  if (output->len == 0)
    return;
  if (self->queue == NULL)
    sent = write_parts (self, &part, 1);
  if (sent < output->len && !self->broken)
    enqueue (self, output->data + sent, output->len - sent);
  g_byte_array_set_size (output, 0);
}

static gboolean
encrypt_parcel (ThConnection *self, const ThParcel *parcel)
{
  for (guint i = 0; i < parcel->n_parts; i++)
    if (!th_tls_pipe_write (self->tls, self->desk, parcel->parts[i].iov_base,
                            parcel->parts[i].iov_len))
      return FALSE;
  return TRUE;
}

static gboolean
are_many (const ThParcel *parcels, gint at)
{
  guint n = 0;

  for (; at >= 0 && n < SHARED_RECORD_MIN; at = parcels[at].next)
    n++;
  return n == SHARED_RECORD_MIN;
}

static void
deliver_encrypted (ThConnection *self, const ThParcel *parcels, gint first)
{
  gboolean together = are_many (parcels, first);
  gboolean good = TRUE;

  for (; first >= 0 && good && !self->broken; first = parcels[first].next)
    {
      if (self->queue == NULL || may_wait (self, &parcels[first]))
        good = encrypt_parcel (self, &parcels[first]) &&
               (together || th_tls_pipe_flush (self->tls, self->desk));
      if (self->desk->output->len >= OUTPUT_MAX)
        send_output (self);
    }
  good = th_tls_pipe_flush (self->tls, self->desk) && good;
  send_output (self);
  if (!good)
    th_connection_break (self);
}

static void
deliver_plain (ThConnection *self, const ThParcel *parcels, gint first)
{
  struct iovec parts[PARTS_MAX];
  guint n_parts;

  while (first >= 0 && !self->broken && self->queue == NULL)
    {
      gint end = gather (parcels, first, parts, &n_parts);

      keep_unsent (self, parcels, first, end, write_parts (self, parts, n_parts));
      first = end;
    }
  for (; first >= 0 && !self->broken; first = parcels[first].next)
    enqueue_parcel (self, &parcels[first]);
}

static void
on_outlet_deliver (ThOutlet *outlet, const ThParcel *parcels, gint first)
{
  ThConnection *self =
      (ThConnection *) (gpointer) ((guint8 *) outlet - G_STRUCT_OFFSET (ThConnection, outlet));

  if (self->tls != NULL)
    deliver_encrypted (self, parcels, first);
  else
    deliver_plain (self, parcels, first);
}

/* The frame's beginning waits for its end; @length is less than a frame. */
static void
keep_partial (ThConnection *self, const guint8 *bytes, gsize length)
{
  if (length == 0)
    return;
  self->partial = g_byte_array_sized_new ((guint) length);
  g_byte_array_append (self->partial, bytes, (guint) length);
}

/* Before there is an allocation, only short STUN messages make sense. */
static gboolean
may_come (const ThConnection *self, gsize frame_length, gboolean is_channel_data)
{
  return self->has_allocation || frame_length == 0 ||
         (!is_channel_data && frame_length <= TH_CONNECTION_GREETING_MAX);
}

ThConnection *
th_connection_new (int fd,
                   const ThAddress *peer,
                   const ThAddress *local,
                   ThPoller *poller,
                   GPtrArray *broken_ones,
                   ThDropCounters *drops,
                   ThTlsDesk *desk,
                   gint64 now)
{
  ThConnection *self = g_new0 (ThConnection, 1);
  int one = 1;

  (void) setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  self->watch.fd = fd;
  self->outlet.deliver = on_outlet_deliver;
  self->client = (ThTurnClient) {
    .address = *peer,
    .local = *local,
    .transport = TH_TRANSPORT_TCP,
    .path = self,
  };
  self->poller = poller;
  self->broken_ones = broken_ones;
  self->drops = drops;
  self->desk = desk;
  self->last_message = now;
  return self;
}

void
th_connection_free (ThConnection *self)
{
  close (self->watch.fd);
  g_clear_pointer (&self->tls, th_tls_pipe_free);
  g_clear_pointer (&self->partial, g_byte_array_unref);
  g_clear_pointer (&self->queue, g_byte_array_unref);
  g_free (self);
}

/* Returns: how many bytes came */
static gsize
receive (ThConnection *self, guint8 *bytes, gsize size)
{
  ssize_t n = recv (self->watch.fd, bytes, size, MSG_DONTWAIT);

  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    th_connection_break (self);
  return (gsize) MAX (n, 0);
}

/* Out of the records that lie on the desk; their session may have to answer. */
static gsize
decrypt (ThConnection *self, guint8 *bytes, gsize size)
{
  gboolean ended;
  gsize n = th_tls_pipe_read (self->tls, self->desk, bytes, size, &ended);

  send_output (self);
  self->ended = ended;
  if (ended && n == 0)
    th_connection_break (self);
  return n;
}

/* With room for a record of which only the end came now. */
static gsize
receive_encrypted (ThConnection *self, guint8 *bytes, gsize size)
{
  guint8 *input = self->desk->space;
  gsize length = receive (self, input, MIN (size - TH_TLS_RECORD_SIZE_MAX, TH_TLS_SPACE));

  if (length == 0)
    return 0;
  self->desk->input = input;
  self->desk->input_length = length;
  return decrypt (self, bytes, size);
}

gsize
th_connection_read (ThConnection *self, ThInbox *inbox, const guint8 **bytes)
{
  guint8 *slot = th_inbox_take_slot (inbox);
  gsize kept = 0;
  gsize n;

  if (self->partial != NULL)
    {
      kept = self->partial->len;
      memcpy (slot, self->partial->data, kept);
    }
  if (self->tls != NULL)
    n = receive_encrypted (self, slot + kept, TH_INBOX_SLOT_SIZE - kept);
  else
    n = receive (self, slot + kept, self->greeted ? TH_INBOX_SLOT_SIZE - kept : TH_TLS_SPACE);
  if (n == 0)
    return 0;

  g_clear_pointer (&self->partial, g_byte_array_unref);
  *bytes = slot;
  return kept + n;
}

gsize
th_connection_start_tls (ThConnection *self,
                         ThTlsContext *context,
                         const guint8 *bytes,
                         gsize length)
{
  self->client.transport = TH_TRANSPORT_TLS;
  self->tls = th_tls_pipe_new (context, protocols);
  if (self->tls == NULL)
    {
      th_connection_break (self);
      return 0;
    }
  memcpy (self->desk->space, bytes, length);
  self->desk->input = self->desk->space;
  self->desk->input_length = length;
  return decrypt (self, (guint8 *) bytes, length + TH_TLS_RECORD_SIZE_MAX);
}

gboolean
th_connection_refuse_website (ThConnection *self)
{
  if (self->tls == NULL || self->has_allocation || !th_tls_pipe_speaks (self->tls, "http/1.1"))
    return FALSE;
  th_tls_pipe_write (self->tls, self->desk, (const guint8 *) website_answer,
                     sizeof website_answer - 1);
  th_tls_pipe_flush (self->tls, self->desk);
  send_output (self);
  th_connection_break (self);
  return TRUE;
}

void
th_connection_say_goodbye (ThConnection *self)
{
  if (self->tls == NULL)
    return;
  th_tls_pipe_say_goodbye (self->tls, self->desk);
  send_output (self);
}

gboolean
th_connection_next_frame (ThConnection *self,
                          const guint8 **bytes,
                          gsize *length,
                          const guint8 **frame,
                          gsize *frame_length)
{
  gboolean is_channel_data;
  ThFrameVerdict verdict = th_frame_measure (*bytes, *length, frame_length, &is_channel_data);

  if (verdict == TH_FRAME_INVALID || !may_come (self, *frame_length, is_channel_data))
    {
      th_connection_break (self);
      return FALSE;
    }
  if (verdict == TH_FRAME_PARTIAL)
    {
      keep_partial (self, *bytes, *length);
      return FALSE;
    }
  *frame = *bytes;
  *bytes += *frame_length;
  *length -= *frame_length;
  return TRUE;
}

void
th_connection_write_queue (ThConnection *self)
{
  struct iovec rest;

  if (self->queue == NULL)
    return;
  rest = (struct iovec) { self->queue->data + self->queue_sent, queued (self) };
  self->queue_sent += write_parts (self, &rest, 1);
  if (queued (self) > 0)
    {
      forget_sent (self);
      return;
    }
  g_clear_pointer (&self->queue, g_byte_array_unref);
  th_poller_change (self->poller, &self->watch, EPOLLIN);
}

void
th_connection_break (ThConnection *self)
{
  if (self->broken)
    return;
  self->broken = TRUE;
  g_ptr_array_add (self->broken_ones, self);
}

gboolean
th_connection_is_idle (const ThConnection *self, gint64 now)
{
  gint64 patience = self->shaking ? TH_CONNECTION_HANDSHAKE_PATIENCE : TH_CONNECTION_PATIENCE;

  return !self->has_allocation && now - self->last_message > patience;
}
