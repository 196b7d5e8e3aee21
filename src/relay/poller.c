/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The epoll loop behind a worker's main context.
 */
#include "relay/poller.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gi18n.h>
#include <unistd.h>

#define EVENTS_MAX 64

/* The context's own descriptors (its wake-up); a worker has no others, but GLib may. */
#define FOREIGN_MAX 16

struct _ThPoller {
  int fd;
  ThPollerFunc before, after;
  gpointer user_data;
  GSource *source;
  struct epoll_event events[EVENTS_MAX];
  int n_events;
  int foreign[FOREIGN_MAX];
  guint n_foreign;
};

static GPrivate driven_poller;

static gboolean
is_foreign (const ThPoller *self, int fd)
{
  for (guint i = 0; i < self->n_foreign; i++)
    {
      if (self->foreign[i] == fd)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_asked_for (int fd, const GPollFD *fds, guint n_fds)
{
  for (guint i = 0; i < n_fds; i++)
    {
      if (fds[i].fd == fd)
        return TRUE;
    }
  return FALSE;
}

/* A closed descriptor has left the set by itself; its number may come back as a watch's. */
static void
forget_foreign (ThPoller *self, int fd)
{
  for (guint i = 0; i < self->n_foreign; i++)
    {
      if (self->foreign[i] == fd)
        self->foreign[i--] = self->foreign[--self->n_foreign];
    }
}

/* GLib asks anew each time; its list hardly ever changes, so mostly this only compares. */
static void
take_in_foreign (ThPoller *self, const GPollFD *fds, guint n_fds)
{
  for (guint i = 0; i < self->n_foreign; i++)
    {
      if (is_asked_for (self->foreign[i], fds, n_fds))
        continue;
      epoll_ctl (self->fd, EPOLL_CTL_DEL, self->foreign[i], NULL);
      self->foreign[i--] = self->foreign[--self->n_foreign];
    }
  for (guint i = 0; i < n_fds; i++)
    {
      struct epoll_event event = { .events = EPOLLIN };

      if (is_foreign (self, fds[i].fd) || self->n_foreign == FOREIGN_MAX)
        continue;
      if (fds[i].events & G_IO_OUT)
        event.events |= EPOLLOUT;
      if (epoll_ctl (self->fd, EPOLL_CTL_ADD, fds[i].fd, &event) == 0)
        self->foreign[self->n_foreign++] = fds[i].fd;
    }
}

/* Returns: whether one of the context's own descriptors was ready: they have no watch */
static gboolean
wait_and_dispatch (ThPoller *self, int timeout)
{
  gboolean foreign = FALSE;

  self->n_events = epoll_wait (self->fd, self->events, EVENTS_MAX, timeout);
  if (self->n_events <= 0)
    return FALSE;

  self->before (self->user_data);
  for (int i = 0; i < self->n_events; i++)
    {
      ThWatch *watch = self->events[i].data.ptr;

      if (watch != NULL)
        watch->ready (watch, self->events[i].events);
      else
        foreign = TRUE;
    }
  self->n_events = 0;
  self->after (self->user_data);
  return foreign;
}

/* What is left of a wait of @timeout milliseconds (negative: for ever) that began at @start. */
static gint
time_left (gint timeout, gint64 start)
{
  gint64 elapsed;

  if (timeout <= 0)
    return timeout;
  elapsed = (g_get_monotonic_time () - start) / 1000;
  return elapsed < timeout ? timeout - (gint) elapsed : 0;
}

/*
 * Goes back to the context only when that has something to do: its own descriptor is ready, or its
 * time has come. A pass through its sources for every batch would cost more than many a packet.
 */
static gint
on_context_poll (GPollFD *fds, guint n_fds, gint timeout)
{
  ThPoller *self = g_private_get (&driven_poller);
  gint64 start = timeout > 0 ? g_get_monotonic_time () : 0;
  gint left = timeout;

  take_in_foreign (self, fds, n_fds);
  for (guint i = 0; i < n_fds; i++)
    fds[i].revents = 0;
  do
    {
      if (wait_and_dispatch (self, left))
        return g_poll (fds, n_fds, 0);
      left = time_left (timeout, start);
    }
  while (left != 0);
  return 0;
}

static gboolean
on_epoll_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  wait_and_dispatch (user_data, 0);
  return G_SOURCE_CONTINUE;
}

ThPoller *
th_poller_new (ThPollerFunc before, ThPollerFunc after, gpointer user_data, GError **error)
{
  ThPoller *self;
  int fd = epoll_create1 (EPOLL_CLOEXEC);

  if (fd < 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   _("Waiting for packets is not possible: %s"), g_strerror (errno));
      return NULL;
    }
  self = g_new0 (ThPoller, 1);
  self->fd = fd;
  self->before = before;
  self->after = after;
  self->user_data = user_data;
  return self;
}

void
th_poller_free (ThPoller *self)
{
  if (self->source != NULL)
    {
      g_source_destroy (self->source);
      g_source_unref (self->source);
    }
  close (self->fd);
  g_free (self);
}

void
th_poller_drive (ThPoller *self, GMainContext *context)
{
  g_private_set (&driven_poller, self);
  g_main_context_set_poll_func (context, on_context_poll);
}

void
th_poller_attach (ThPoller *self, GMainContext *context)
{
  self->source = g_unix_fd_source_new (self->fd, G_IO_IN);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_epoll_readable), self, NULL);
  g_source_attach (self->source, context);
}

gboolean
th_poller_add (ThPoller *self, ThWatch *watch, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  if (epoll_ctl (self->fd, EPOLL_CTL_ADD, watch->fd, &event) != 0)
    return FALSE;
  forget_foreign (self, watch->fd);
  return TRUE;
}

void
th_poller_change (ThPoller *self, ThWatch *watch, guint32 events)
{
  struct epoll_event event = { .events = events, .data.ptr = watch };

  epoll_ctl (self->fd, EPOLL_CTL_MOD, watch->fd, &event);
}

void
th_poller_set (ThPoller *self, ThWatch *watch, gboolean *unwatched, guint32 events)
{
  if (events == 0 && !*unwatched)
    th_poller_remove (self, watch);
  else if (events != 0 && *unwatched)
    th_poller_add (self, watch, events);
  else if (events != 0)
    th_poller_change (self, watch, events);
  *unwatched = events == 0;
}

void
th_poller_remove (ThPoller *self, ThWatch *watch)
{
  epoll_ctl (self->fd, EPOLL_CTL_DEL, watch->fd, NULL);
  for (int i = 0; i < self->n_events; i++)
    {
      if (self->events[i].data.ptr == watch)
        self->events[i].data.ptr = NULL;
    }
}
