/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs of datagrams that the kernel hands over as one (UDP_GRO) are taken apart into the very
 * datagrams that a socket without it gets, whatever mix of runs and single ones is sent, and
 * however few the inbox takes at a time.
 */
#include <netinet/udp.h>
#include <string.h>
#include <unistd.h>

#include "parcels.h"
#include "randomly.h"
#include "relay/inbox.h"
#include "relay/udp-send.h"
#include "relay/udp-socket.h"
#include "waiting.h"

#define ROUNDS 40
#define MANY 150
#define LARGEST 2000

/* Two receivers get the same: one as the relay opens its sockets, one without UDP_GRO. */
typedef struct {
  ThInbox *inbox;
  int fd;
  ThAddress address;
  Route plain; /* to its first receiver; connected */
  ThUdpSender to_plain, to_inbox;
  guint64 lost;
  guint n_runs; /* of more than one datagram */
} Scene;

static ThUdpSender
connected_sender (const ThAddress *to, gboolean ipv6, guint64 *lost)
{
  int fd = socket (to->any.sa_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

  g_assert_no_errno (connect (fd, &to->any, th_address_size (to)));
  return (ThUdpSender) {
    .fd = fd,
    .ipv6 = ipv6,
    .connected = TRUE,
    .segmentation = th_udp_segmentation_is_known (),
    .lost = lost,
  };
}

static void
set_up (Scene *self, gconstpointer host)
{
  gboolean ipv6 = strchr (host, ':') != NULL;
  socklen_t size = sizeof self->address;

  if (ipv6 && !has_ipv6 ())
    return;
  g_assert_true (th_address_parse (&self->address, host, 0));
  self->fd = th_udp_socket_open (&self->address, TH_UDP_LISTENER, FALSE);
  g_assert_cmpint (self->fd, >=, 0);
  g_assert_no_errno (getsockname (self->fd, &self->address.any, &size));
  self->inbox = th_inbox_new ();
  route_open (&self->plain, ipv6, TRUE);
  self->to_plain = connected_sender (&self->plain.receivers[0].address, ipv6, &self->lost);
  self->to_inbox = connected_sender (&self->address, ipv6, &self->lost);
}

static void
tear_down (Scene *self, gconstpointer host)
{
  if (self->inbox == NULL)
    {
      g_test_skip ("this machine has no IPv6");
      return;
    }
  close (self->to_plain.fd);
  close (self->to_inbox.fd);
  close (self->fd);
  route_close (&self->plain);
  th_inbox_free (self->inbox);
}

/* Compares the datagrams of a run with those that have come plainly from @at on. */
static guint
check_run (Scene *self, const ThDatagram *run, const GPtrArray *plain, guint at)
{
  const guint8 *bytes;
  gsize offset = 0;
  gsize length;
  guint n = 0;

  while (th_run_next (run, &offset, &bytes, &length))
    {
      GBytes *expected;

      g_assert_cmpuint (at + n, <, plain->len);
      expected = ((Arrival *) plain->pdata[at + n])->bytes;
      g_assert_cmpmem (bytes, length, g_bytes_get_data (expected, NULL),
                       g_bytes_get_size (expected));
      n++;
    }
  self->n_runs += n > 1;
  return n;
}

/* Takes what came, some at a time, emptying the inbox whenever it is full. */
static void
expect_same (Scene *self, const GPtrArray *plain)
{
  gint64 end = g_get_monotonic_time () + PATIENCE;

  for (guint at = 0; at < plain->len;)
    {
      const ThDatagram *runs;
      guint max = 1 + (guint) random_up_to (TH_INBOX_SLOTS + 20);
      guint n;

      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (th_inbox_room (self->inbox) == 0)
        th_inbox_empty (self->inbox);
      n = th_inbox_receive (self->inbox, self->fd, max, &runs);
      for (guint i = 0; i < n; i++)
        {
          at += check_run (self, &runs[i], plain, at);
          g_assert_true (th_address_same_host (&runs[i].from, &self->address));
          g_assert_cmpuint (runs[i].lost, ==, 0);
        }
    }
  th_inbox_empty (self->inbox);
}

static void
expect_nothing (Scene *self)
{
  const ThDatagram *runs;

  g_assert_cmpuint (th_inbox_receive (self->inbox, self->fd, TH_INBOX_SLOTS, &runs), ==, 0);
}

static void
send_and_compare (Scene *self, const Parcels *parcels)
{
  Arrivals plain;

  th_udp_send (&self->to_plain, parcels->parcels, parcels->n > 0 ? 0 : -1);
  arrivals_collect (&plain, &self->plain, parcels->n);
  g_assert_cmpuint (plain.n, ==, parcels->n);
  th_udp_send (&self->to_inbox, parcels->parcels, parcels->n > 0 ? 0 : -1);
  expect_same (self, plain.at[0]);
  expect_nothing (self);
  arrivals_clear (&plain);
}

static void
test_any_mix (Scene *self, gconstpointer host)
{
  if (self->inbox == NULL)
    return;
  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (Parcels) parcels = parcels_random (&self->plain, MANY, LARGEST);

      send_and_compare (self, parcels);
    }
  if (self->to_inbox.segmentation)
    g_assert_cmpuint (self->n_runs, >, ROUNDS);
}

static void
test_runs_of_any_count (Scene *self, gconstpointer host)
{
  if (self->inbox == NULL)
    return;
  for (guint n = 1; n <= 70; n++)
    {
      gsize length = 1 + random_up_to (1200);
      g_autoptr (Parcels) parcels = parcels_run (&self->plain, n, length);

      send_and_compare (self, parcels);
    }
}

/* An empty datagram is one, not a run of none. */
static void
test_empty_datagrams (Scene *self, gconstpointer host)
{
  if (self->inbox == NULL)
    return;
  for (guint n = 1; n <= 20; n++)
    {
      g_autoptr (Parcels) parcels = parcels_run (&self->plain, n, 0);

      send_and_compare (self, parcels);
    }
}

static void
add (const char *name, void (*func) (Scene *, gconstpointer))
{
  g_autofree char *ipv4 = g_strconcat ("/relay/grouping/inbox/ipv4/", name, NULL);
  g_autofree char *ipv6 = g_strconcat ("/relay/grouping/inbox/ipv6/", name, NULL);

  g_test_add (ipv4, Scene, "127.0.0.1", set_up, func, tear_down);
  g_test_add (ipv6, Scene, "::1", set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("any-mix", test_any_mix);
  add ("runs-of-any-count", test_runs_of_any_count);
  add ("empty-datagrams", test_empty_datagrams);
  return g_test_run ();
}
