/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When the kernel does not take a group: the calls that send are wrapped here, so that they refuse
 * what the test says. What can still be sent arrives, in order; what cannot is counted.
 */
#include <errno.h>
#include <netinet/udp.h>
#include <string.h>

#include "parcels.h"
#include "randomly.h"
#include "relay/udp-send.h"

#define ROUNDS 12
#define MANY 200
#define LARGEST 1500

/* What the kernel answers, as an errno value. */
static struct {
  int segmented;     /* to every message that it is to cut up; 0: takes them */
  int once;          /* to one message, after @countdown others; 0: to none */
  guint countdown;
  guint n_segmented; /* messages to cut up that it has seen */
  guint n_refused;   /* datagrams in the message that @once was said to */
} kernel;

typedef struct {
  Route route;
  ThUdpSender sender;
  guint64 lost;
} Scene;

/* ---- the kernel ---- */

int __real_sendmmsg (int fd, struct mmsghdr *headers, unsigned int n, int flags);
int __wrap_sendmmsg (int fd, struct mmsghdr *headers, unsigned int n, int flags);
ssize_t __real_sendmsg (int fd, const struct msghdr *header, int flags);
ssize_t __wrap_sendmsg (int fd, const struct msghdr *header, int flags);
ssize_t __real_sendto (int fd, const void *bytes, size_t length, int flags,
                       const struct sockaddr *to, socklen_t size);
ssize_t __wrap_sendto (int fd, const void *bytes, size_t length, int flags,
                       const struct sockaddr *to, socklen_t size);

static gsize
message_length (const struct msghdr *header)
{
  gsize length = 0;

  for (gsize i = 0; i < header->msg_iovlen; i++)
    length += header->msg_iov[i].iov_len;
  return length;
}

/* Returns: of how many bytes each datagram shall be; 0 if it is not to be cut up */
static gsize
segment_size (const struct msghdr *header)
{
  for (struct cmsghdr *item = CMSG_FIRSTHDR (header); item != NULL;
       item = CMSG_NXTHDR ((struct msghdr *) header, item))
    {
      if (item->cmsg_level == IPPROTO_UDP && item->cmsg_type == UDP_SEGMENT)
        return *(guint16 *) (gpointer) CMSG_DATA (item);
    }
  return 0;
}

static guint
count_datagrams (const struct msghdr *header)
{
  gsize size = segment_size (header);

  return size == 0 ? 1 : (guint) ((message_length (header) + size - 1) / size);
}

/* Returns: 0 if it takes that message; a refusal that is said @once stays to be said again */
static int
judge (const struct msghdr *header)
{
  gboolean segmented = segment_size (header) > 0;

  kernel.n_segmented += segmented;
  if (segmented && kernel.segmented != 0)
    return kernel.segmented;
  if (kernel.once != 0 && kernel.countdown == 0)
    return kernel.once;
  kernel.countdown -= kernel.countdown > 0;
  return 0;
}

static int
refuse (const struct msghdr *header, int error)
{
  if (error == kernel.once)
    {
      kernel.n_refused = count_datagrams (header);
      kernel.once = 0;
    }
  errno = error;
  return -1;
}

ssize_t
__wrap_sendmsg (int fd, const struct msghdr *header, int flags)
{
  int error = judge (header);

  return error == 0 ? __real_sendmsg (fd, header, flags) : refuse (header, error);
}

ssize_t
__wrap_sendto (int fd, const void *bytes, size_t length, int flags, const struct sockaddr *to,
               socklen_t size)
{
  struct msghdr header = { .msg_iovlen = 0 };
  int error = judge (&header);

  return error == 0 ? __real_sendto (fd, bytes, length, flags, to, size) : refuse (&header, error);
}

/* As the kernel has it: a refusal is told by the call whose first message it meets. */
int
__wrap_sendmmsg (int fd, struct mmsghdr *headers, unsigned int n, int flags)
{
  for (unsigned int i = 0; i < n; i++)
    {
      int error = judge (&headers[i].msg_hdr);

      if (error != 0)
        return i > 0 ? (int) i : refuse (&headers[i].msg_hdr, error);
      if (__real_sendmmsg (fd, headers + i, 1, flags) != 1)
        return i > 0 ? (int) i : -1;
    }
  return (int) n;
}

/* ---- the tests ---- */

static void
set_up (Scene *self, gconstpointer data)
{
  memset (&kernel, 0, sizeof kernel);
  route_open (&self->route, FALSE, FALSE);
  self->lost = 0;
  self->sender = (ThUdpSender) {
    .fd = self->route.fd,
    .segmentation = TRUE,
    .lost = &self->lost,
  };
}

static void
tear_down (Scene *self, gconstpointer data)
{
  route_close (&self->route);
}

/* Sends the same in both ways, the plain one without any refusal. */
static void
send_both_ways (Scene *self, const Parcels *parcels, Arrivals *plain, Arrivals *grouped)
{
  int segmented = kernel.segmented;
  int once = kernel.once;

  kernel.segmented = kernel.once = 0;
  g_assert_cmpuint (parcels_send_plainly (parcels, &self->route), ==, 0);
  arrivals_collect (plain, &self->route, parcels->n);
  kernel.segmented = segmented;
  kernel.once = once;
  kernel.n_segmented = kernel.n_refused = 0;
  self->lost = 0;
  th_udp_send (&self->sender, parcels->parcels, 0);
  arrivals_collect (grouped, &self->route, parcels->n - (guint) self->lost);
}

static void
expect_all (Scene *self)
{
  g_autoptr (Parcels) parcels = parcels_random (&self->route, MANY, LARGEST);
  Arrivals plain, grouped;

  send_both_ways (self, parcels, &plain, &grouped);
  arrivals_assert_equal (&plain, &grouped);
  g_assert_cmpuint (self->lost, ==, 0);
  arrivals_clear (&plain);
  arrivals_clear (&grouped);
}

/* What came is what was sent, in its order, with some left out. */
static void
assert_some_left_out (const Arrivals *all, const Arrivals *some)
{
  for (guint i = 0; i < RECEIVERS; i++)
    {
      guint next = 0;

      for (guint j = 0; j < all->at[i]->len && next < some->at[i]->len; j++)
        next += g_bytes_equal (((Arrival *) all->at[i]->pdata[j])->bytes,
                               ((Arrival *) some->at[i]->pdata[next])->bytes);
      g_assert_cmpuint (next, ==, some->at[i]->len);
    }
}

static void
test_nothing_is_refused (Scene *self, gconstpointer data)
{
  guint n_segmented = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      expect_all (self);
      n_segmented += kernel.n_segmented;
    }
  g_assert_cmpuint (n_segmented, >, ROUNDS);
}

/* It cannot cut up at all: after that nobody asks it to any more. */
static void
test_segmentation_is_refused_for_good (Scene *self, gconstpointer error)
{
  kernel.segmented = GPOINTER_TO_INT (error);
  for (guint i = 0; i < ROUNDS && self->sender.segmentation; i++)
    expect_all (self);
  g_assert_false (self->sender.segmentation);
  for (guint i = 0; i < ROUNDS; i++)
    {
      expect_all (self);
      g_assert_cmpuint (kernel.n_segmented, ==, 0);
    }
}

/* It cannot cut up these: other ones it may. */
static void
test_segmentation_is_refused_this_time (Scene *self, gconstpointer error)
{
  kernel.segmented = GPOINTER_TO_INT (error);
  for (guint i = 0; i < ROUNDS; i++)
    expect_all (self);
  g_assert_true (self->sender.segmentation);
  kernel.segmented = 0;
  for (guint i = 0; i < ROUNDS; i++)
    expect_all (self);
}

/* It reports at a send what an earlier packet ran into: that is no reason to lose this one. */
static void
test_earlier_error_is_reported (Scene *self, gconstpointer error)
{
  for (guint i = 0; i < ROUNDS; i++)
    {
      kernel.once = GPOINTER_TO_INT (error);
      kernel.countdown = (guint) random_up_to (30);
      expect_all (self);
    }
}

/* It has no room now: that message is lost, all of it and nothing else, and counted. */
static void
test_no_room (Scene *self, gconstpointer error)
{
  guint n_refused = 0;

  for (guint i = 0; i < ROUNDS; i++)
    {
      g_autoptr (Parcels) parcels = parcels_random (&self->route, MANY, LARGEST);
      Arrivals plain, grouped;

      kernel.once = GPOINTER_TO_INT (error);
      kernel.countdown = (guint) random_up_to (30);
      send_both_ways (self, parcels, &plain, &grouped);
      g_assert_cmpuint (self->lost, ==, kernel.n_refused);
      g_assert_cmpuint (grouped.n, ==, parcels->n - kernel.n_refused);
      assert_some_left_out (&plain, &grouped);
      g_assert_true (self->sender.segmentation);
      n_refused += kernel.n_refused;
      arrivals_clear (&plain);
      arrivals_clear (&grouped);
    }
  g_assert_cmpuint (n_refused, >, ROUNDS);
}

static void
add (const char *name, int error, void (*func) (Scene *, gconstpointer))
{
  g_autofree char *path = g_strconcat ("/relay/grouping/refusals/", name, NULL);

  g_test_add (path, Scene, GINT_TO_POINTER (error), set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (!th_udp_segmentation_is_known ())
    {
      g_print ("1..0 # SKIP this kernel does not know UDP_SEGMENT\n");
      return 0;
    }
  add ("nothing", 0, test_nothing_is_refused);
  add ("segmentation-for-good/no-checksums", EIO, test_segmentation_is_refused_for_good);
  add ("segmentation-for-good/not-supported", EOPNOTSUPP, test_segmentation_is_refused_for_good);
  add ("segmentation-for-good/no-such-option", ENOPROTOOPT, test_segmentation_is_refused_for_good);
  add ("segmentation-this-time/invalid", EINVAL, test_segmentation_is_refused_this_time);
  add ("segmentation-this-time/too-large", EMSGSIZE, test_segmentation_is_refused_this_time);
  add ("earlier-error/port-unreachable", ECONNREFUSED, test_earlier_error_is_reported);
  add ("earlier-error/host-unreachable", EHOSTUNREACH, test_earlier_error_is_reported);
  add ("no-room/queue", EAGAIN, test_no_room);
  add ("no-room/buffers", ENOBUFS, test_no_room);
  return g_test_run ();
}
