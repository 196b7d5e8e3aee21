/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The machine's own addresses: every one that is good for others is there once, and the loopback
 * ones come last.
 */
#include "relay/machine-addresses.h"

typedef struct {
  GArray *addresses;
} Fixture;

static const ThAddress *
nth (const Fixture *self, guint index)
{
  return &g_array_index (self->addresses, ThAddress, index);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->addresses = th_machine_addresses ();
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_array_unref (self->addresses);
}

static void
test_has_loopback (Fixture *self, gconstpointer data)
{
  gboolean found = FALSE;
  ThAddress loopback;

  th_address_parse (&loopback, "127.0.0.1", 0);
  for (guint i = 0; i < self->addresses->len; i++)
    found |= th_address_same_host (nth (self, i), &loopback);
  g_assert_true (found);
}

static void
test_loopback_comes_last (Fixture *self, gconstpointer data)
{
  gboolean loopback = FALSE;

  for (guint i = 0; i < self->addresses->len; i++)
    {
      g_assert_true (!loopback || th_address_is_loopback (nth (self, i)));
      loopback |= th_address_is_loopback (nth (self, i));
    }
}

static void
test_without_ports_and_each_once (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < self->addresses->len; i++)
    {
      g_assert_cmpuint (th_address_port (nth (self, i)), ==, 0);
      g_assert_false (th_address_is_wildcard (nth (self, i)));
      for (guint j = 0; j < i; j++)
        g_assert_false (th_address_same_host (nth (self, i), nth (self, j)));
    }
}

/* fe80::/10 and 169.254.0.0/16 mean nothing without an interface. */
static void
test_no_link_local (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < self->addresses->len; i++)
    {
      gsize length;
      const guint8 *bytes = th_address_bytes (nth (self, i), &length);

      if (length == 16)
        g_assert_false (bytes[0] == 0xFE && (bytes[1] & 0xC0) == 0x80);
      else
        g_assert_false (bytes[0] == 169 && bytes[1] == 254);
    }
}

static gboolean
is_near (const char *text)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, text, 4000));
  return th_machine_is_near (&address);
}

static void
test_near (Fixture *self, gconstpointer data)
{
  const char *const near[] = { "127.0.0.1", "127.9.8.7", "::1", "::ffff:127.0.0.1", "fe80::1",
                               "169.254.1.1" };
  /* of the internet, and of networks in which no machine of ours is */
  const char *const far[] = { "8.8.8.8", "::ffff:8.8.8.8", "2606:4700::1111", "203.0.113.7",
                              "2001:db8:1::1" };

  for (guint i = 0; i < G_N_ELEMENTS (near); i++)
    g_assert_true (is_near (near[i]));
  for (guint i = 0; i < G_N_ELEMENTS (far); i++)
    g_assert_false (is_near (far[i]));
  for (guint i = 0; i < self->addresses->len; i++)
    g_assert_true (th_machine_is_near (nth (self, i)));
}

static void
add_test (const char *path, void (*func) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_test ("/relay/machine-addresses/has-loopback", test_has_loopback);
  add_test ("/relay/machine-addresses/loopback-comes-last", test_loopback_comes_last);
  add_test ("/relay/machine-addresses/without-ports-and-each-once",
            test_without_ports_and_each_once);
  add_test ("/relay/machine-addresses/no-link-local", test_no_link_local);
  add_test ("/relay/machine-addresses/what-is-near", test_near);
  return g_test_run ();
}
