/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Over loopback, where nothing is lost unless a receive buffer is full.
 */
#include "parcels.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "randomly.h"
#include "relay/udp-send.h"
#include "waiting.h"

/* What a datagram takes of a receive buffer beside its bytes, generously. */
#define OVERHEAD 1536

static const char *const hosts[] = { "127.0.0.1", "127.0.0.2", "127.0.0.3" };

/* ---- the route ---- */

static ThAddress
host_address (const Route *self, guint number)
{
  const char *host = self->ipv6 ? "::1" : hosts[number % G_N_ELEMENTS (hosts)];
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, 0));
  return address;
}

static gsize
receive_buffer (const Route *self)
{
  int size;
  socklen_t length = sizeof size;

  g_assert_no_errno (
      getsockopt (self->receivers[0].fd, SOL_SOCKET, SO_RCVBUF, &size, &length));
  return (gsize) size;
}

void
route_open (Route *self, gboolean ipv6, gboolean connected)
{
  ThAddress any;

  self->ipv6 = ipv6;
  self->connected = connected;
  for (guint i = 0; i < RECEIVERS; i++)
    {
      ThAddress host = host_address (self, i);

      peer_open_at (&self->receivers[i], &host);
    }
  g_assert_true (th_address_parse (&any, ipv6 ? "::" : "0.0.0.0", 0));
  self->fd = socket (any.any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_no_errno (bind (self->fd, &any.any, th_address_size (&any)));
  th_udp_set_fragmenting (self->fd, ipv6, TRUE);
  if (connected)
    g_assert_no_errno (connect (self->fd, &self->receivers[0].address.any,
                                th_address_size (&self->receivers[0].address)));
}

void
route_close (Route *self)
{
  close (self->fd);
  for (guint i = 0; i < RECEIVERS; i++)
    peer_close (&self->receivers[i]);
}

/* ---- random parcels ---- */

static gsize
random_length (gsize largest)
{
  switch (g_test_rand_int_range (0, 8))
    {
    case 0:
      return random_up_to (3);
    case 1:
      return random_up_to (largest);
    case 2:
      return largest - random_up_to (MIN (largest, 100));
    default:
      return random_up_to (MIN (largest, 400));
    }
}

/* A parcel like the one before it, but for the length; or one of its own. */
static ThParcel
next_parcel (const Route *route, const ThParcel *before, gsize largest, gboolean sources)
{
  ThParcel parcel = { .to = TH_ADDRESS_NONE, .from = TH_ADDRESS_NONE };

  if (before != NULL && !one_in (8))
    {
      parcel = *before;
      if (one_in (10)) /* most often what ends a run: less, nothing, or more */
        parcel.length = random_up_to (MIN (2 * before->length, largest));
      return parcel;
    }
  parcel.length = random_length (largest);
  parcel.dont_fragment = one_in (10);
  if (route->connected)
    return parcel;
  parcel.to = route->receivers[random_up_to (RECEIVERS - 1)].address;
  if (sources)
    parcel.from = host_address (route, (guint) random_up_to (G_N_ELEMENTS (hosts) - 1));
  return parcel;
}

static guint
receiver_of (const Route *route, const ThParcel *parcel)
{
  guint i = 0;

  while (!route->connected && !th_address_equal (&parcel->to, &route->receivers[i].address))
    i++;
  return i;
}

/* Cuts @length bytes from @at on into up to three parts, none of them empty. */
static void
cut (ThParcel *parcel, const guint8 *at, gsize length)
{
  parcel->n_parts = 0;
  while (length > 0)
    {
      gboolean last = parcel->n_parts == TH_PARCEL_PARTS_MAX - 1 || one_in (3);
      gsize part = last ? length : 1 + random_up_to (length - 1);

      parcel->parts[parcel->n_parts++] = (struct iovec) { (void *) at, part };
      at += part;
      length -= part;
    }
}

/* Gives all parcels, whose lengths are known, bytes and an order. */
static void
fill_in (Parcels *self)
{
  gsize offset = 0;

  for (guint i = 0; i < self->n; i++)
    offset += self->parcels[i].length;
  self->bytes = g_byte_array_new ();
  g_byte_array_set_size (self->bytes, (guint) offset);
  fill_randomly (self->bytes->data, offset);
  offset = 0;
  for (guint i = 0; i < self->n; i++)
    {
      ThParcel *parcel = &self->parcels[i];

      cut (parcel, self->bytes->data + offset, parcel->length);
      offset += parcel->length;
      parcel->next = i + 1 < self->n ? (gint) i + 1 : -1;
    }
}

Parcels *
parcels_random (const Route *route, guint most, gsize largest)
{
  Parcels *self = g_new0 (Parcels, 1);
  gsize room = receive_buffer (route);
  gsize used[RECEIVERS] = { 0 };
  gboolean sources = one_in (2); /* a socket names them always or never */

  self->parcels = g_new0 (ThParcel, most);
  while (self->n < most)
    {
      const ThParcel *before = self->n == 0 ? NULL : &self->parcels[self->n - 1];
      ThParcel parcel = next_parcel (route, before, largest, sources);
      guint receiver = receiver_of (route, &parcel);

      used[receiver] += 2 * parcel.length + OVERHEAD;
      if (used[receiver] > room)
        break;
      self->parcels[self->n++] = parcel;
    }
  fill_in (self);
  return self;
}

Parcels *
parcels_run (const Route *route, guint n, gsize length)
{
  Parcels *self = g_new0 (Parcels, 1);

  self->n = n;
  self->parcels = g_new0 (ThParcel, n);
  for (guint i = 0; i < n; i++)
    {
      self->parcels[i].to = route->connected ? TH_ADDRESS_NONE : route->receivers[0].address;
      self->parcels[i].from = TH_ADDRESS_NONE;
      self->parcels[i].length = length;
    }
  self->parcels[n - 1].length = random_up_to (length);
  fill_in (self);
  return self;
}

void
parcels_free (Parcels *self)
{
  g_byte_array_unref (self->bytes);
  g_free (self->parcels);
  g_free (self);
}

/* ---- the plain way ---- */

static void
name_source (struct msghdr *header, const ThAddress *from, guint8 *control)
{
  struct in_pktinfo info = { .ipi_spec_dst = from->v4.sin_addr };
  struct in6_pktinfo info6 = { .ipi6_addr = from->v6.sin6_addr };
  gboolean ipv6 = th_address_is_ipv6 (from);
  struct cmsghdr *item = (struct cmsghdr *) (gpointer) control;
  gsize size = ipv6 ? sizeof info6 : sizeof info;

  header->msg_control = control;
  header->msg_controllen = CMSG_SPACE (size);
  item->cmsg_level = ipv6 ? IPPROTO_IPV6 : IPPROTO_IP;
  item->cmsg_type = ipv6 ? IPV6_PKTINFO : IP_PKTINFO;
  item->cmsg_len = CMSG_LEN (size);
  memcpy (CMSG_DATA (item), ipv6 ? (void *) &info6 : (void *) &info, size);
}

static gboolean
send_plainly (const ThParcel *parcel, const Route *route)
{
  guint8 control[CMSG_SPACE (sizeof (struct in6_pktinfo))] __attribute__ ((aligned (8))) = { 0 };
  struct msghdr header = {
    .msg_iov = (struct iovec *) parcel->parts,
    .msg_iovlen = parcel->n_parts,
  };
  gboolean sent;

  if (!route->connected)
    {
      header.msg_name = (void *) &parcel->to;
      header.msg_namelen = th_address_size (&parcel->to);
    }
  if (th_address_is_set (&parcel->from))
    name_source (&header, &parcel->from, control);
  if (parcel->dont_fragment)
    th_udp_set_fragmenting (route->fd, route->ipv6, FALSE);
  sent = sendmsg (route->fd, &header, 0) >= 0;
  if (parcel->dont_fragment)
    th_udp_set_fragmenting (route->fd, route->ipv6, TRUE);
  return sent;
}

guint
parcels_send_plainly (const Parcels *self, const Route *route)
{
  guint failed = 0;

  for (guint i = 0; i < self->n; i++)
    failed += !send_plainly (&self->parcels[i], route);
  return failed;
}

/* ---- what arrives ---- */

static void
free_arrival (gpointer data)
{
  Arrival *arrival = data;

  g_bytes_unref (arrival->bytes);
  g_free (arrival);
}

/* Returns: (nullable): the next one that is there already */
static Arrival *
take_arrival (const Peer *receiver)
{
  static guint8 bytes[G_MAXUINT16];
  Arrival *arrival;
  ThAddress from = TH_ADDRESS_NONE;
  socklen_t size = sizeof from;
  gssize length =
      recvfrom (receiver->fd, bytes, sizeof bytes, MSG_DONTWAIT, &from.any, &size);

  if (length < 0)
    return NULL;
  arrival = g_new (Arrival, 1);
  arrival->from = from;
  arrival->bytes = g_bytes_new (bytes, (gsize) length);
  return arrival;
}

static void
take_all (Arrivals *self, const Route *route)
{
  for (guint i = 0; i < RECEIVERS; i++)
    {
      Arrival *arrival;

      while ((arrival = take_arrival (&route->receivers[i])) != NULL)
        {
          g_ptr_array_add (self->at[i], arrival);
          self->n++;
        }
    }
}

void
arrivals_collect (Arrivals *self, const Route *route, guint expected)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  self->n = 0;
  for (guint i = 0; i < RECEIVERS; i++)
    self->at[i] = g_ptr_array_new_with_free_func (free_arrival);
  take_all (self, route);
  while (self->n < expected && g_get_monotonic_time () < end)
    {
      g_usleep (100);
      take_all (self, route);
    }
}

void
arrivals_clear (Arrivals *self)
{
  for (guint i = 0; i < RECEIVERS; i++)
    g_clear_pointer (&self->at[i], g_ptr_array_unref);
}

void
arrivals_assert_equal (const Arrivals *a, const Arrivals *b)
{
  for (guint i = 0; i < RECEIVERS; i++)
    {
      g_assert_cmpuint (a->at[i]->len, ==, b->at[i]->len);
      for (guint j = 0; j < a->at[i]->len; j++)
        {
          const Arrival *one = a->at[i]->pdata[j];
          const Arrival *other = b->at[i]->pdata[j];

          g_assert_true (th_address_equal (&one->from, &other->from));
          g_assert_true (g_bytes_equal (one->bytes, other->bytes));
        }
    }
}

void
parcels_compare_ways (const Parcels *self, const Route *route, gboolean segmentation)
{
  guint64 lost = 0;
  ThUdpSender sender = {
    .fd = route->fd,
    .ipv6 = route->ipv6,
    .connected = route->connected,
    .segmentation = segmentation && th_udp_segmentation_is_known (),
    .lost = &lost,
  };
  gboolean before = sender.segmentation;
  guint failed = parcels_send_plainly (self, route);
  Arrivals plain, grouped;

  arrivals_collect (&plain, route, self->n - failed);
  th_udp_send (&sender, self->parcels, self->n > 0 ? 0 : -1);
  arrivals_collect (&grouped, route, self->n - failed);
  g_assert_cmpuint (plain.n, ==, self->n - failed);
  arrivals_assert_equal (&plain, &grouped);
  g_assert_cmpuint (lost, ==, failed);
  g_assert_true (sender.segmentation == before);
  arrivals_clear (&plain);
  arrivals_clear (&grouped);
}
