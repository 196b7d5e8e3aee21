/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening listeners: a port that somebody else has is an error however both would like to share
 * it, for one worker and for several; and a failure leaves nothing open.
 */
#include "relay/listener.h"

#include <errno.h>
#include <unistd.h>

#include "descriptors.h"
#include "peer.h"

#define MANY 3

/* How a test is repeated: for both transports, for one worker and for several. */
typedef struct {
  ThTransport transport;
  guint n;
} Case;

static const Case cases[] = {
  { TH_TRANSPORT_UDP, 1 },
  { TH_TRANSPORT_UDP, MANY },
  { TH_TRANSPORT_TCP, 1 },
  { TH_TRANSPORT_TCP, MANY },
};

static void
close_all (const int *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    close (fds[i]);
}

/* Another program's socket; @options: of SOL_SOCKET, 0-terminated */
static int
occupy (const Case *at, const ThAddress *address, const int *options)
{
  gboolean stream = at->transport == TH_TRANSPORT_TCP;
  int fd = socket (address->any.sa_family, (stream ? SOCK_STREAM : SOCK_DGRAM) | SOCK_CLOEXEC, 0);
  int one = 1;

  g_assert_cmpint (fd, >=, 0);
  for (; *options != 0; options++)
    g_assert_no_errno (setsockopt (fd, SOL_SOCKET, *options, &one, sizeof one));
  g_assert_no_errno (bind (fd, &address->any, th_address_size (address)));
  if (stream)
    g_assert_no_errno (listen (fd, 1));
  return fd;
}

static void
assert_taken (const Case *at, const ThAddress *address)
{
  guint before = count_descriptors ();
  int fds[MANY];

  g_assert_false (th_listener_open (at->transport, address, fds, at->n));
  g_assert_cmpint (errno, ==, EADDRINUSE);
  g_assert_cmpuint (count_descriptors (), ==, before);
}

static void
test_opens_one_for_each_worker (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ThAddress address = free_address ("127.0.0.1");
      int fds[MANY];

      g_assert_true (th_listener_open (cases[i].transport, &address, fds, cases[i].n));
      for (guint j = 0; j < cases[i].n; j++)
        {
          ThAddress bound;
          socklen_t size = sizeof bound;

          g_assert_no_errno (getsockname (fds[j], &bound.any, &size));
          g_assert_true (th_address_equal (&bound, &address));
        }
      close_all (fds, cases[i].n);
    }
}

static void
test_port_of_another_socket (void)
{
  static const int wishes[][3] = {
    { 0 },
    { SO_REUSEADDR, 0 },
    { SO_REUSEPORT, 0 },
    { SO_REUSEADDR, SO_REUSEPORT, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (guint wish = 0; wish < G_N_ELEMENTS (wishes); wish++)
        {
          ThAddress address = free_address ("127.0.0.1");
          int fd = occupy (&cases[i], &address, wishes[wish]);

          assert_taken (&cases[i], &address);
          close (fd);
        }
    }
}

static void
test_port_of_another_relay (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      for (guint n = 1; n <= MANY; n += MANY - 1)
        {
          ThAddress address = free_address ("127.0.0.1");
          int fds[MANY];

          g_assert_true (th_listener_open (cases[i].transport, &address, fds, n));
          assert_taken (&cases[i], &address);
          close_all (fds, n);
        }
    }
}

/* Somebody has the port on one address, and we want it on all. */
static void
test_port_of_another_socket_below_the_wildcard (void)
{
  static const int shared[] = { SO_REUSEADDR, SO_REUSEPORT, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ThAddress address = free_address ("127.0.0.1");
      ThAddress everywhere;
      int fd = occupy (&cases[i], &address, shared);

      th_address_parse (&everywhere, "0.0.0.0", th_address_port (&address));
      assert_taken (&cases[i], &everywhere);
      close (fd);
    }
}

/* One transport's port is not the other's, nor one family's. */
static void
test_same_port_for_everything (void)
{
  ThAddress ipv4 = free_address ("127.0.0.1");
  ThAddress ipv6;
  int fds[6];

  g_assert_true (th_listener_open (TH_TRANSPORT_UDP, &ipv4, fds, 2));
  g_assert_true (th_listener_open (TH_TRANSPORT_TCP, &ipv4, fds + 2, 2));
  close_all (fds, 4);

  th_address_parse (&ipv6, "::", th_address_port (&ipv4));
  th_address_parse (&ipv4, "0.0.0.0", th_address_port (&ipv4));
  g_assert_true (th_listener_open (TH_TRANSPORT_TCP, &ipv4, fds, 2));
  if (!th_listener_open (TH_TRANSPORT_TCP, &ipv6, fds + 2, 2))
    {
      g_assert_cmpint (errno, ==, EAFNOSUPPORT);
      close_all (fds, 2);
      g_test_skip ("this machine has no IPv6");
      return;
    }
  g_assert_true (th_listener_open (TH_TRANSPORT_UDP, &ipv4, fds + 4, 1));
  g_assert_true (th_listener_open (TH_TRANSPORT_UDP, &ipv6, fds + 5, 1));
  close_all (fds, 6);
}

/* An address that is not of this machine (RFC 5737). */
static void
test_foreign_address (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint before = count_descriptors ();
      ThAddress address;
      int fds[MANY];

      th_address_parse (&address, "192.0.2.1", 3478);
      g_assert_false (th_listener_open (cases[i].transport, &address, fds, cases[i].n));
      g_assert_cmpint (errno, ==, EADDRNOTAVAIL);
      g_assert_cmpuint (count_descriptors (), ==, before);
    }
}

/* Descriptors for some of the workers only: then for none. */
static void
test_all_or_nothing (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      ThAddress address = free_address ("127.0.0.1");
      guint before = count_descriptors ();
      int fds[MANY];
      gboolean opened;
      int error;

      allow_descriptors (cases[i].n - 1);
      opened = th_listener_open (cases[i].transport, &address, fds, cases[i].n);
      error = errno;
      restore_descriptors ();
      g_assert_false (opened);
      g_assert_cmpint (error, ==, EMFILE);
      g_assert_cmpuint (count_descriptors (), ==, before);
      g_assert_true (th_listener_open (cases[i].transport, &address, fds, cases[i].n));
      close_all (fds, cases[i].n);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/listener/opens-one-for-each-worker", test_opens_one_for_each_worker);
  g_test_add_func ("/relay/listener/port-of-another-socket", test_port_of_another_socket);
  g_test_add_func ("/relay/listener/port-of-another-relay", test_port_of_another_relay);
  g_test_add_func ("/relay/listener/port-of-another-socket-below-the-wildcard",
                   test_port_of_another_socket_below_the_wildcard);
  g_test_add_func ("/relay/listener/same-port-for-everything", test_same_port_for_everything);
  g_test_add_func ("/relay/listener/foreign-address", test_foreign_address);
  g_test_add_func ("/relay/listener/all-or-nothing", test_all_or_nothing);
  return g_test_run ();
}
