/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Events from many threads to one: none is lost, each thread's keep their order, and many of them
 * wake the receiver once.
 */
#include "relay/events.h"

#include "waiting.h"

#define N_THREADS 4
#define N_EVENTS  2000 /* of each thread */

typedef struct
{
  ThEvents *events;
  ThTurnRecord *record;
  guint count;
  ThWorkerEventKind last_kind;
  ThAddress last_peer;
  ThSessionEnd last_why;
  guint next_of_thread[N_THREADS]; /* by the peer's port */
  gboolean deliver_within;         /* an event's receiver asks for the others at once */
  guint depth, deepest_post;       /* the count of events when the nested call came back */
} Fixture;

static void
on_event (const ThWorkerEvent *event, gpointer data)
{
  Fixture *self = data;

  g_assert_true (event->record == self->record);
  self->count++;
  self->last_kind = event->kind;
  self->last_peer = event->peer;
  self->last_why = event->why;
  if (self->deliver_within && self->depth++ == 0)
    {
      th_events_deliver (self->events);
      self->deepest_post = self->count;
    }
}

static void
set_up (Fixture *self, gconstpointer data)
{
  self->record = th_turn_record_new ("alice");
  self->events = th_events_new (g_main_context_default (), on_event, self);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  th_events_free (self->events);
  g_assert_cmpint (g_atomic_int_get (&self->record->references), ==, 1);
  th_turn_record_unref (self->record);
}

static void
post (Fixture *self, ThWorkerEventKind kind)
{
  th_events_post (self->events, &(ThWorkerEvent){ .kind = kind, .record = self->record });
}

static void
test_content (Fixture *self, gconstpointer data)
{
  ThAddress peer;

  th_address_parse (&peer, "192.0.2.1", 7);
  th_events_post (self->events, &(ThWorkerEvent){ .kind = TH_WORKER_EVENT_SESSION_PEER,
                                            .record = self->record,
                                            .peer = peer });
  run_main_context ();
  g_assert_cmpint (self->last_kind, ==, TH_WORKER_EVENT_SESSION_PEER);
  g_assert_true (th_address_equal (&self->last_peer, &peer));

  th_events_post (self->events, &(ThWorkerEvent){ .kind = TH_WORKER_EVENT_SESSION_ENDED,
                                            .record = self->record,
                                            .why = TH_SESSION_END_REVOKED });
  run_main_context ();
  g_assert_cmpint (self->last_kind, ==, TH_WORKER_EVENT_SESSION_ENDED);
  g_assert_false (th_address_is_set (&self->last_peer));
  g_assert_cmpint (self->last_why, ==, TH_SESSION_END_REVOKED);
}

static void
test_many_wake_once (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < 100; i++)
    post (self, TH_WORKER_EVENT_SESSION_STARTED);
  g_assert_cmpuint (self->count, ==, 0);
  g_assert_true (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (self->count, ==, 100);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
}

static void
test_not_too_many_wait (Fixture *self, gconstpointer data)
{
  for (guint i = 0; i < TH_EVENTS_WAITING_MAX + 10; i++)
    post (self, TH_WORKER_EVENT_SESSION_REFRESHED);
  post (self, TH_WORKER_EVENT_SESSION_ENDED);
  run_main_context ();
  g_assert_cmpuint (self->count, ==, TH_EVENTS_WAITING_MAX + 1);
  g_assert_cmpint (self->last_kind, ==, TH_WORKER_EVENT_SESSION_ENDED);
}

static void
test_delivered_at_once_on_demand (Fixture *self, gconstpointer data)
{
  post (self, TH_WORKER_EVENT_SESSION_STARTED);
  post (self, TH_WORKER_EVENT_SESSION_ENDED);
  th_events_deliver (self->events);
  g_assert_cmpuint (self->count, ==, 2);
  run_main_context ();
  g_assert_cmpuint (self->count, ==, 2);
  th_events_deliver (self->events);
  g_assert_cmpuint (self->count, ==, 2);
}

/* Nothing that was posted before is still to come when the nested call returns. */
static void
test_delivered_from_within (Fixture *self, gconstpointer data)
{
  self->deliver_within = TRUE;
  for (guint i = 0; i < 5; i++)
    post (self, TH_WORKER_EVENT_SESSION_STARTED);
  run_main_context ();
  g_assert_cmpuint (self->deepest_post, ==, 5);
  g_assert_cmpuint (self->count, ==, 5);
}

static void
test_freed_with_events_waiting (Fixture *self, gconstpointer data)
{
  ThEvents *others = th_events_new (g_main_context_default (), on_event, self);

  th_events_post (others, &(ThWorkerEvent){ .kind = TH_WORKER_EVENT_SESSION_STARTED,
                                            .record = self->record });
  th_events_free (others);
  run_main_context ();
  g_assert_cmpuint (self->count, ==, 0);
}

typedef struct
{
  Fixture *fixture;
  guint16 number;
} Poster;

static gpointer
post_many (gpointer data)
{
  Poster *self = data;
  ThAddress peer;

  th_address_parse (&peer, "192.0.2.1", 0);
  for (guint i = 0; i < N_EVENTS; i++)
    {
      th_address_set_port (&peer, self->number);
      peer.v4.sin_addr.s_addr = i;
      th_events_post (self->fixture->events, &(ThWorkerEvent){ .kind = TH_WORKER_EVENT_SESSION_PEER,
                                                         .record = self->fixture->record,
                                                         .peer = peer });
    }
  return NULL;
}

static void
on_numbered_event (const ThWorkerEvent *event, gpointer data)
{
  Fixture *self = data;
  guint *next = &self->next_of_thread[th_address_port (&event->peer)];

  g_assert_cmpuint (event->peer.v4.sin_addr.s_addr, ==, *next);
  (*next)++;
  self->count++;
}

static void
test_many_threads (Fixture *self, gconstpointer data)
{
  GThread *threads[N_THREADS];
  Poster posters[N_THREADS];

  th_events_free (self->events);
  self->events = th_events_new (g_main_context_default (), on_numbered_event, self);
  for (guint i = 0; i < N_THREADS; i++)
    {
      posters[i] = (Poster){ self, (guint16) i };
      threads[i] = g_thread_new ("poster", post_many, &posters[i]);
    }
  wait_until (self->count == N_THREADS * N_EVENTS);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);
  g_assert_false (g_main_context_iteration (NULL, FALSE));
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
  add_test ("/relay/events/content", test_content);
  add_test ("/relay/events/many-wake-once", test_many_wake_once);
  add_test ("/relay/events/not-too-many-wait", test_not_too_many_wait);
  add_test ("/relay/events/delivered-at-once-on-demand", test_delivered_at_once_on_demand);
  add_test ("/relay/events/delivered-from-within", test_delivered_from_within);
  add_test ("/relay/events/freed-with-events-waiting", test_freed_with_events_waiting);
  add_test ("/relay/events/many-threads", test_many_threads);
  return g_test_run ();
}
