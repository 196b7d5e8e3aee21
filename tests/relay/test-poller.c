/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The poller beside GLib: watches are called while they are wanted and never after, in a thread
 * whose context it drives and as one source of a context that others use too.
 */
#include "relay/poller.h"

#include <errno.h>
#include <glib-unix.h>
#include <unistd.h>

#include "waiting.h"

/* A pipe whose reading end is watched. */
typedef struct {
  ThWatch watch;
  ThPoller *poller;
  int other;    /* the writing end */
  gint calls;   /* atomic */
  guint32 events; /* of the last call */
  gpointer remove; /* another Pipe, to be removed when this one is called */
} Pipe;

/* How often the poller announced a batch. */
typedef struct {
  gint before, after; /* atomic */
} Batches;

static void
on_pipe_ready (ThWatch *watch, guint32 events)
{
  Pipe *self = (Pipe *) watch;
  Pipe *victim = self->remove;
  char byte;

  self->events = events;
  if (read (watch->fd, &byte, 1) < 0)
    g_assert_cmpint (errno, ==, EAGAIN);
  if (victim != NULL)
    th_poller_remove (self->poller, &victim->watch);
  g_atomic_int_inc (&self->calls);
}

static void
pipe_open (Pipe *self, ThPoller *poller)
{
  int fds[2];

  g_assert_no_errno (pipe2 (fds, O_CLOEXEC | O_NONBLOCK));
  *self = (Pipe) {
    .watch = { .ready = on_pipe_ready, .fd = fds[0] },
    .poller = poller,
    .other = fds[1],
  };
  g_assert_true (th_poller_add (poller, &self->watch, EPOLLIN));
}

static void
pipe_write (Pipe *self)
{
  g_assert_cmpint (write (self->other, "x", 1), ==, 1);
}

static void
pipe_close (Pipe *self)
{
  th_poller_remove (self->poller, &self->watch);
  close (self->watch.fd);
  close (self->other);
}

static void
on_batch_begins (gpointer data)
{
  g_atomic_int_inc (&((Batches *) data)->before);
}

static void
on_batch_ends (gpointer data)
{
  g_atomic_int_inc (&((Batches *) data)->after);
}

static ThPoller *
poller_new (Batches *batches)
{
  g_autoptr (GError) error = NULL;
  ThPoller *poller = th_poller_new (on_batch_begins, on_batch_ends, batches, &error);

  g_assert_no_error (error);
  return poller;
}

/* ---- attached to a context ---- */

static void
test_add_change_remove (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  Pipe pipe;

  th_poller_attach (poller, g_main_context_default ());
  pipe_open (&pipe, poller);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 0);

  pipe_write (&pipe);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 1);
  g_assert_cmpuint (pipe.events, ==, EPOLLIN);

  th_poller_change (poller, &pipe.watch, 0);
  pipe_write (&pipe);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 1);
  th_poller_change (poller, &pipe.watch, EPOLLIN);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 2);

  pipe_write (&pipe);
  th_poller_remove (poller, &pipe.watch);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 2);
  g_assert_cmpint (batches.before, ==, 2);
  g_assert_cmpint (batches.after, ==, 2);

  pipe_close (&pipe);
  th_poller_free (poller);
}

static void
test_bad_descriptor_is_refused (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  ThWatch watch = { .ready = on_pipe_ready, .fd = -1 };

  g_assert_false (th_poller_add (poller, &watch, EPOLLIN));
  g_assert_cmpint (errno, ==, EBADF);
  th_poller_free (poller);
}

/* What is not read yet comes again. */
static void
test_level_triggered (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  Pipe pipe;

  th_poller_attach (poller, g_main_context_default ());
  pipe_open (&pipe, poller);
  for (guint i = 0; i < 3; i++)
    pipe_write (&pipe);
  run_main_context ();
  g_assert_cmpint (pipe.calls, ==, 3);
  g_assert_cmpint (batches.before, ==, 3);
  pipe_close (&pipe);
  th_poller_free (poller);
}

/* Whichever of two comes first in a batch removes the other, which is then not called. */
static void
test_removal_within_a_batch (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  Pipe pipes[2];

  th_poller_attach (poller, g_main_context_default ());
  pipe_open (&pipes[0], poller);
  pipe_open (&pipes[1], poller);
  pipes[0].remove = &pipes[1];
  pipes[1].remove = &pipes[0];
  pipe_write (&pipes[0]);
  pipe_write (&pipes[1]);
  run_main_context ();
  g_assert_cmpint (pipes[0].calls + pipes[1].calls, ==, 1);
  g_assert_cmpint (batches.before, ==, 1);
  pipe_close (&pipes[0]);
  pipe_close (&pipes[1]);
  th_poller_free (poller);
}

static void
test_more_ready_than_a_batch_holds (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  Pipe pipes[150];

  th_poller_attach (poller, g_main_context_default ());
  for (guint i = 0; i < G_N_ELEMENTS (pipes); i++)
    {
      pipe_open (&pipes[i], poller);
      pipe_write (&pipes[i]);
    }
  run_main_context ();
  for (guint i = 0; i < G_N_ELEMENTS (pipes); i++)
    {
      g_assert_cmpint (pipes[i].calls, ==, 1);
      pipe_close (&pipes[i]);
    }
  g_assert_cmpint (batches.before, >, 1);
  g_assert_cmpint (batches.before, ==, batches.after);
  th_poller_free (poller);
}

static gboolean
on_idle (gpointer data)
{
  g_atomic_int_inc ((gint *) data);
  return G_SOURCE_REMOVE;
}

/* The context's other sources get their turn although a watch is always ready. */
static void
test_does_not_starve_the_context (void)
{
  Batches batches = { 0, 0 };
  ThPoller *poller = poller_new (&batches);
  gint calls = 0;
  Pipe pipe;

  th_poller_attach (poller, g_main_context_default ());
  pipe_open (&pipe, poller);
  close (pipe.other); /* at its end for ever */
  g_timeout_add (1, on_idle, &calls);
  wait_until (calls == 1);
  g_assert_cmpint (pipe.calls, >, 1);
  g_assert_cmpuint (pipe.events, ==, EPOLLHUP);
  th_poller_remove (poller, &pipe.watch);
  close (pipe.watch.fd);
  th_poller_free (poller);
}

/* ---- driving a thread's context ---- */

typedef struct {
  Batches batches;
  ThPoller *poller;
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
} Driven;

static gpointer
run_driven (gpointer data)
{
  Driven *self = data;

  th_poller_drive (self->poller, self->context);
  g_main_loop_run (self->loop);
  return NULL;
}

static void
driven_set_up (Driven *self, gconstpointer data)
{
  self->poller = poller_new (&self->batches);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
}

static void
driven_start (Driven *self)
{
  self->thread = g_thread_new ("driven", run_driven, self);
}

static gboolean
on_quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* From here on the poller is this thread's again. */
static void
driven_stop (Driven *self)
{
  g_main_context_invoke (self->context, on_quit, self->loop);
  g_thread_join (self->thread);
}

static void
driven_tear_down (Driven *self, gconstpointer data)
{
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  th_poller_free (self->poller);
}

static void
test_driven_watches (Driven *self, gconstpointer data)
{
  Pipe pipe;

  pipe_open (&pipe, self->poller);
  driven_start (self);
  for (gint i = 1; i <= 20; i++)
    {
      pipe_write (&pipe);
      wait_until (g_atomic_int_get (&pipe.calls) == i);
    }
  driven_stop (self);
  g_assert_cmpint (self->batches.before, >=, 20);
  g_assert_cmpint (self->batches.before, ==, self->batches.after);
  pipe_close (&pipe);
}

/* Each call waits for the one before it, so the context polls in between. */
static void
invoke_several (Driven *self)
{
  gint calls = 0;

  for (gint i = 1; i <= 20; i++)
    {
      g_main_context_invoke (self->context, on_idle, &calls);
      wait_until (g_atomic_int_get (&calls) == i);
    }
}

static void
test_driven_invoke (Driven *self, gconstpointer data)
{
  driven_start (self);
  invoke_several (self);
  driven_stop (self);
}

static void
test_driven_timeout (Driven *self, gconstpointer data)
{
  g_autoptr (GSource) source = g_timeout_source_new (5);
  gint calls = 0;

  g_source_set_callback (source, on_idle, &calls, NULL);
  g_source_attach (source, self->context);
  driven_start (self);
  wait_until (g_atomic_int_get (&calls) == 1);
  driven_stop (self);
}

static gboolean
on_descriptor_ready (gint fd, GIOCondition condition, gpointer data)
{
  char byte;

  g_assert_cmpint (read (fd, &byte, 1), ==, 1);
  g_atomic_int_inc ((gint *) data);
  return G_SOURCE_CONTINUE;
}

/* A pipe that the context waits for with a source of GLib's. */
typedef struct {
  GSource *source;
  int fds[2];
  gint calls; /* atomic */
  Pipe next;  /* takes over its descriptors' numbers */
} Foreign;

static void
foreign_open (Foreign *self, GMainContext *context)
{
  *self = (Foreign) { 0 };
  g_assert_no_errno (pipe2 (self->fds, O_CLOEXEC | O_NONBLOCK));
  self->source = g_unix_fd_source_new (self->fds[0], G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_descriptor_ready), &self->calls, NULL);
  g_source_attach (self->source, context);
}

static void
foreign_close (Foreign *self)
{
  g_source_destroy (self->source);
  g_source_unref (self->source);
  close (self->fds[0]);
  close (self->fds[1]);
}

/* A GLib source that waits for a descriptor comes, works, and goes. */
static void
test_driven_descriptor_source (Driven *self, gconstpointer data)
{
  Foreign foreign;

  driven_start (self);
  foreign_open (&foreign, self->context);
  for (gint i = 1; i <= 5; i++)
    {
      g_assert_cmpint (write (foreign.fds[1], "x", 1), ==, 1);
      wait_until (g_atomic_int_get (&foreign.calls) == i);
    }
  g_source_destroy (foreign.source);
  invoke_several (self);
  driven_stop (self);
  foreign_close (&foreign);
}

static gboolean
on_descriptor_handed_over (gpointer data)
{
  Foreign *self = data;
  int number = self->fds[0];
  ThPoller *poller = self->next.poller;

  foreign_close (self);
  pipe_open (&self->next, poller);
  g_assert_cmpint (self->next.watch.fd, ==, number);
  g_atomic_int_inc (&self->calls);
  return G_SOURCE_REMOVE;
}

/* The number of a descriptor that GLib waited for becomes a watch's, which is then not lost. */
static void
test_driven_descriptor_used_again (Driven *self, gconstpointer data)
{
  Foreign foreign;

  driven_start (self);
  foreign_open (&foreign, self->context);
  foreign.next.poller = self->poller;
  g_assert_cmpint (write (foreign.fds[1], "x", 1), ==, 1);
  wait_until (g_atomic_int_get (&foreign.calls) == 1);

  g_main_context_invoke (self->context, on_descriptor_handed_over, &foreign);
  wait_until (g_atomic_int_get (&foreign.calls) == 2);
  invoke_several (self);
  pipe_write (&foreign.next);
  wait_until (g_atomic_int_get (&foreign.next.calls) == 1);
  driven_stop (self);
  pipe_close (&foreign.next);
}

/* A watch that is the first to know of work for its context. */
typedef struct {
  Pipe pipe; /* first: its watch is this watch */
  GMainContext *context;
  gint calls; /* atomic */
} Announcer;

static void
on_announcer_ready (ThWatch *watch, guint32 events)
{
  Announcer *self = (Announcer *) watch;
  g_autoptr (GSource) source = g_idle_source_new ();

  on_pipe_ready (watch, events);
  g_source_set_callback (source, on_idle, &self->calls, NULL);
  g_source_attach (source, self->context);
  g_main_context_wakeup (self->context);
}

static void
test_driven_work_from_a_watch (Driven *self, gconstpointer data)
{
  Announcer announcer = { .context = self->context };

  pipe_open (&announcer.pipe, self->poller);
  announcer.pipe.watch.ready = on_announcer_ready;
  driven_start (self);
  for (gint i = 1; i <= 5; i++)
    {
      pipe_write (&announcer.pipe);
      wait_until (g_atomic_int_get (&announcer.calls) == i);
    }
  driven_stop (self);
  pipe_close (&announcer.pipe);
}

static void
add_driven_test (const char *path, void (*func) (Driven *, gconstpointer))
{
  g_test_add (path, Driven, NULL, driven_set_up, func, driven_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/poller/add-change-remove", test_add_change_remove);
  g_test_add_func ("/relay/poller/bad-descriptor-is-refused", test_bad_descriptor_is_refused);
  g_test_add_func ("/relay/poller/level-triggered", test_level_triggered);
  g_test_add_func ("/relay/poller/removal-within-a-batch", test_removal_within_a_batch);
  g_test_add_func ("/relay/poller/more-ready-than-a-batch-holds",
                   test_more_ready_than_a_batch_holds);
  g_test_add_func ("/relay/poller/does-not-starve-the-context", test_does_not_starve_the_context);
  add_driven_test ("/relay/poller/driven/watches", test_driven_watches);
  add_driven_test ("/relay/poller/driven/invoke", test_driven_invoke);
  add_driven_test ("/relay/poller/driven/timeout", test_driven_timeout);
  add_driven_test ("/relay/poller/driven/descriptor-source", test_driven_descriptor_source);
  add_driven_test ("/relay/poller/driven/descriptor-used-again",
                   test_driven_descriptor_used_again);
  add_driven_test ("/relay/poller/driven/work-from-a-watch", test_driven_work_from_a_watch);
  return g_test_run ();
}
