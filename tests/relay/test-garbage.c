/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strangers who send whatever they like as fast as they can, to the listener and to a relayed
 * address: the relay neither falls nor grows, and a good client's packets keep flowing.
 */
#include "fixture.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define N_DATAGRAMS 50000
#define LONGEST 600

/* Of resident memory, inboxes that fill for the first time included. Bytes. */
#define GROWTH_MAX (16 * 1024 * 1024)

/* The address sanitizer keeps back what is freed; here that would hide what is kept by mistake. */
const char *__asan_default_options (void) __attribute__ ((visibility ("default")));

const char *
__asan_default_options (void)
{
  return "quarantine_size_mb=1";
}

typedef struct {
  Fixture relay;
  Client *client;
  Peer peer;
  ThAddress target;
  gint enough;     /* atomic: the good client has seen enough */
  guint n_garbage; /* since the flood has ended */
} Scene;

static void
set_up (Scene *self, gconstpointer workers)
{
  fixture_init (&self->relay, "127.0.0.1");
  fixture_set_workers (&self->relay, GPOINTER_TO_UINT (workers));
  fixture_start (&self->relay);
  self->client = client_new (TH_TRANSPORT_UDP, &self->relay.address, "alice");
  peer_open (&self->peer, "127.0.0.1");
  g_assert_cmpuint (client_allocate (self->client), ==, 0);
  g_assert_cmpuint (client_bind_channel (self->client, 0x4000, &self->peer.address), ==, 0);
}

static void
tear_down (Scene *self, gconstpointer workers)
{
  client_free (self->client);
  peer_close (&self->peer);
  fixture_tear_down (&self->relay, NULL);
}

static gsize
resident_memory (void)
{
  g_autofree char *text = NULL;
  gulong pages, resident;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lu %lu", &pages, &resident), ==, 2);
  return resident * (gsize) sysconf (_SC_PAGESIZE);
}

/* Every kind of beginning: ChannelData, STUN with and without its cookie, plain noise. */
static gsize
make_garbage (GRand *random, guint8 *bytes)
{
  static const guint8 cookie[] = { 0x21, 0x12, 0xA4, 0x42 };
  gsize length = (gsize) g_rand_int_range (random, 0, LONGEST);

  for (gsize i = 0; i < length; i++)
    bytes[i] = (guint8) g_rand_int (random);
  if (length >= TH_STUN_HEADER_SIZE && g_rand_boolean (random))
    {
      bytes[0] &= 0x3F;
      bytes[2] = (guint8) ((length - TH_STUN_HEADER_SIZE) >> 8);
      bytes[3] = (guint8) (length - TH_STUN_HEADER_SIZE) & 0xFC;
      memcpy (bytes + 4, cookie, sizeof cookie);
    }
  return length;
}

static gpointer
flood (gpointer data)
{
  Scene *self = data;
  GRand *random = g_rand_new_with_seed (20);
  guint8 bytes[LONGEST];
  Peer stranger;

  peer_open (&stranger, "127.0.0.3");
  while (self->n_garbage < N_DATAGRAMS || !g_atomic_int_get (&self->enough))
    {
      peer_send (&stranger, &self->target, bytes, make_garbage (random, bytes));
      self->n_garbage++;
    }
  peer_close (&stranger);
  g_rand_free (random);
  return NULL;
}

/* Returns: whether it came back; either half may take so many milliseconds */
static gboolean
round_trip (Scene *self, guint32 number, guint patience)
{
  g_autoptr (Packet) down = NULL;
  g_autoptr (GBytes) up = NULL;

  client_send_channel (self->client, 0x4000, &number, sizeof number);
  while ((up = peer_receive (&self->peer, NULL, patience)) != NULL &&
         memcmp (g_bytes_get_data (up, NULL), &number, sizeof number) != 0)
    g_clear_pointer (&up, g_bytes_unref);
  if (up == NULL)
    return FALSE;
  peer_send (&self->peer, &self->client->relayed, &number, sizeof number);
  while ((down = client_receive (self->client, patience)) != NULL &&
         memcmp (down->data, &number, sizeof number) != 0)
    g_clear_pointer (&down, packet_free);
  return down != NULL;
}

static void
endure (Scene *self)
{
  gsize before = resident_memory ();
  GThread *thread = g_thread_new ("stranger", flood, self);
  guint32 number = 0;
  guint n_back = 0;

  /* Where the kernel's queue is full a good packet is as lost as a bad one, but not all of them. */
  wait_until ((n_back += round_trip (self, number++, 100)) == 200);
  g_test_message ("%u of %u came back during the flood", n_back, number);
  g_atomic_int_set (&self->enough, TRUE);
  g_thread_join (thread);

  /* What is still in the queues has to be worked through first. */
  wait_until (round_trip (self, number++, 100));
  for (guint i = 0; i < 100; i++)
    g_assert_true (round_trip (self, number++, 1000));
  g_assert_cmpuint (client_refresh (self->client, 600), ==, 0);
  g_assert_cmpuint (resident_memory (), <, before + GROWTH_MAX);
}

static void
test_to_the_listener (Scene *self, gconstpointer workers)
{
  self->target = self->relay.address;
  endure (self);
  g_assert_cmpuint (fixture_look (&self->relay)->malformed, >, 0);
  g_assert_cmpuint (self->relay.statistics.sessions, ==, 1);
}

static guint64
count_dropped (Scene *self)
{
  const ThRelayStatistics *statistics = fixture_look (&self->relay);

  return statistics->dropped_no_permission + statistics->dropped_receive_buffer;
}

static void
test_to_a_relayed_address (Scene *self, gconstpointer workers)
{
  Peer stranger;

  self->target = self->client->relayed;
  endure (self);
  /* What the kernel has dropped it tells with the next one that it does not drop. */
  peer_open (&stranger, "127.0.0.3");
  peer_send (&stranger, &self->target, "the last", 8);
  wait_until (count_dropped (self) >= self->n_garbage + 1);
  /* A good packet may have met a full buffer. */
  g_assert_cmpuint (count_dropped (self), <, self->n_garbage + 100);
  peer_close (&stranger);
}

static void
add_tests (const char *where, guint workers)
{
  g_autofree char *listener = g_strdup_printf ("/relay/garbage/to-the-listener/%s", where);
  g_autofree char *relayed = g_strdup_printf ("/relay/garbage/to-a-relayed-address/%s", where);

  g_test_add (listener, Scene, GUINT_TO_POINTER (workers), set_up, test_to_the_listener,
              tear_down);
  g_test_add (relayed, Scene, GUINT_TO_POINTER (workers), set_up, test_to_a_relayed_address,
              tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_tests ("on-the-main-context", 0);
  add_tests ("one-worker", 1);
  add_tests ("three-workers", 3);
  return g_test_run ();
}
