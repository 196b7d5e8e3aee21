/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever is posted into the outbox, in any mix of outlets, heads, payloads and tails, is
 * delivered once, whole, and in order for each outlet, however the outbox is flushed meanwhile.
 */
#include "randomly.h"
#include "relay/outbox.h"
#include "turn/server.h"

#define OUTLETS 6
#define ROUNDS 50
#define POSTS_MAX 600

/* Where payloads come from: they must not be copied, so they are recognized by their place. */
static guint8 payloads[4096];

typedef struct {
  GByteArray *head;
  const guint8 *payload;
  gsize payload_length;
  guint tail;
} Posted;

/* First the outlet, so that it is found from what the outbox hands over. */
typedef struct {
  ThOutlet outlet;
  GQueue expected; /* (element-type Posted): in its order */
} Counter;

typedef struct {
  ThOutbox *outbox;
  Counter counters[OUTLETS];
  gsize delivered;
  const Counter *served[OUTLETS]; /* by the last flush, from the first on */
  guint n_served;
  gboolean small_heads; /* from now on */
} Scene;

static Scene *current;

static void
free_posted (gpointer data)
{
  Posted *posted = data;

  g_byte_array_unref (posted->head);
  g_free (posted);
}

/* Whatever parts a parcel has, empty ones it has not. */
static void
check_parcel (const ThParcel *parcel, const Posted *posted)
{
  guint at = 0;

  g_assert_cmpuint (parcel->length, ==,
                    posted->head->len + posted->payload_length + posted->tail);
  if (posted->head->len > 0)
    {
      g_assert_cmpmem (parcel->parts[at].iov_base, parcel->parts[at].iov_len, posted->head->data,
                       posted->head->len);
      at++;
    }
  if (posted->payload_length > 0)
    {
      g_assert_true (parcel->parts[at].iov_base == posted->payload);
      g_assert_cmpuint (parcel->parts[at].iov_len, ==, posted->payload_length);
      at++;
    }
  if (posted->tail > 0)
    {
      g_assert_cmpmem (parcel->parts[at].iov_base, parcel->parts[at].iov_len, "\0\0\0",
                       posted->tail);
      at++;
    }
  g_assert_cmpuint (parcel->n_parts, ==, at);
  g_assert_false (parcel->dont_fragment || parcel->control || th_address_is_set (&parcel->to) ||
                  th_address_is_set (&parcel->from));
}

static void
on_deliver (ThOutlet *outlet, const ThParcel *parcels, gint first)
{
  Counter *counter = (Counter *) outlet;

  g_assert_cmpint (first, >=, 0);
  current->served[current->n_served++ % OUTLETS] = counter;
  for (gint at = first; at >= 0; at = parcels[at].next)
    {
      Posted *posted = g_queue_pop_head (&counter->expected);

      g_assert_nonnull (posted);
      check_parcel (&parcels[at], posted);
      free_posted (posted);
      current->delivered++;
    }
}

static void
set_up (Scene *self, gconstpointer data)
{
  self->outbox = th_outbox_new ();
  for (guint i = 0; i < OUTLETS; i++)
    {
      self->counters[i].outlet.deliver = on_deliver;
      g_queue_init (&self->counters[i].expected);
    }
  current = self;
}

static void
tear_down (Scene *self, gconstpointer data)
{
  for (guint i = 0; i < OUTLETS; i++)
    g_queue_clear_full (&self->counters[i].expected, free_posted);
  th_outbox_free (self->outbox);
}

static void
flush (Scene *self)
{
  self->n_served = 0;
  th_outbox_flush (self->outbox);
  for (guint i = 0; i < OUTLETS; i++)
    g_assert_cmpuint (g_queue_get_length (&self->counters[i].expected), ==, 0);
}

static gsize
random_head_length (const Scene *self)
{
  if (self->small_heads)
    return random_up_to (TH_CHANNEL_HEADER_SIZE);
  switch (random_up_to (3))
    {
    case 0:
      return 0;
    case 1:
      return TH_CHANNEL_HEADER_SIZE;
    case 2:
      return TH_TURN_HEAD_SIZE;
    default:
      return random_up_to (TH_TURN_HEAD_SIZE);
    }
}

static void
post (Scene *self, Counter *counter)
{
  Posted *posted = g_new0 (Posted, 1);
  gsize head_length = random_head_length (self);
  guint8 *head = th_outbox_head (self->outbox);

  fill_randomly (head, head_length);
  posted->head = g_byte_array_new ();
  g_byte_array_append (posted->head, head, (guint) head_length);
  posted->payload = payloads + random_up_to (2000);
  posted->payload_length = one_in (10) ? 0 : random_up_to (2000);
  posted->tail = (guint) random_up_to (3);
  g_queue_push_tail (&counter->expected, posted);
  th_outbox_post (self->outbox, &counter->outlet, head_length, posted->payload,
                  posted->payload_length, posted->tail);
}

static void
flush_one (Scene *self, Counter *counter)
{
  th_outbox_flush_outlet (self->outbox, &counter->outlet);
  g_assert_cmpuint (g_queue_get_length (&counter->expected), ==, 0);
}

static void
test_any_mix (Scene *self, gconstpointer data)
{
  gsize posted = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      gsize n = random_up_to (POSTS_MAX);

      self->small_heads = one_in (2);
      for (gsize i = 0; i < n; i++)
        {
          Counter *counter = &self->counters[random_up_to (OUTLETS - 1)];

          if (!th_outbox_has_room (self->outbox))
            flush (self);
          post (self, counter);
          posted++;
          if (one_in (50))
            flush_one (self, &self->counters[random_up_to (OUTLETS - 1)]);
        }
      flush (self);
      g_assert_cmpuint (self->delivered, ==, posted);
    }
}

/* A flush is worth its call: there is room for a good number even of the largest packets. */
static void
test_room (Scene *self, gconstpointer data)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint n = 0;

      self->small_heads = one_in (2);
      for (; th_outbox_has_room (self->outbox); n++)
        post (self, &self->counters[round % OUTLETS]);
      g_assert_cmpuint (n, >=, 40);
      flush (self);
      g_assert_true (th_outbox_has_room (self->outbox));
    }
}

/* Who was posted to first is served first; who was served already goes behind the others. */
static void
test_outlets_by_turns (Scene *self, gconstpointer data)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint first = (guint) random_up_to (OUTLETS - 1);

      for (guint i = 0; i < 2 * OUTLETS; i++)
        post (self, &self->counters[(first + i) % OUTLETS]);
      flush_one (self, &self->counters[first]);
      post (self, &self->counters[first]);
      flush (self);
      g_assert_cmpuint (self->n_served, ==, OUTLETS);
      for (guint i = 0; i < OUTLETS; i++)
        g_assert_true (self->served[i] == &self->counters[(first + 1 + i) % OUTLETS]);
    }
}

static void
test_flushing_nothing (Scene *self, gconstpointer data)
{
  flush (self);
  for (guint i = 0; i < OUTLETS; i++)
    flush_one (self, &self->counters[i]);
  g_assert_cmpuint (self->delivered, ==, 0);
  post (self, &self->counters[0]);
  flush_one (self, &self->counters[0]);
  flush_one (self, &self->counters[0]);
  flush (self);
  g_assert_cmpuint (self->delivered, ==, 1);
}

static void
add (const char *path, void (*func) (Scene *, gconstpointer))
{
  g_test_add (path, Scene, NULL, set_up, func, tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/relay/grouping/outbox/any-mix", test_any_mix);
  add ("/relay/grouping/outbox/room", test_room);
  add ("/relay/grouping/outbox/outlets-by-turns", test_outlets_by_turns);
  add ("/relay/grouping/outbox/flushing-nothing", test_flushing_nothing);
  return g_test_run ();
}
