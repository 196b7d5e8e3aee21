/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPoller: one epoll set that a GMainContext waits on. A worker's context gets it as its poll
 * function, so thousands of sockets cost the context nothing and GLib's own wake-up still works; a
 * context that has other things to do (a user interface's) gets it as one source.
 */
#pragma once

#include <glib.h>
#include <sys/epoll.h>

G_BEGIN_DECLS

typedef struct _ThPoller ThPoller;
typedef struct _ThWatch ThWatch;

/* Part of whatever owns a file descriptor that is waited on. */
struct _ThWatch {
  void (*ready) (ThWatch *self, guint32 events); /* EPOLLIN, EPOLLOUT, EPOLLERR, ... */
  int fd;
};

/* Called around every batch of events: before the first, after the last. */
typedef void (*ThPollerFunc) (gpointer user_data);

ThPoller *th_poller_new (ThPollerFunc before, ThPollerFunc after, gpointer user_data, GError **error);

/* Every watch must have been removed, and the context be gone or no longer iterated. */
void th_poller_free (ThPoller *self);

/**
 * th_poller_drive:
 *
 * For a thread of its own: call in that thread, before the context is iterated there. The context
 * looks at its other sources when it is woken or one of them is due, not after every batch; so a
 * watch that gives it a new one calls g_main_context_wakeup().
 */
void th_poller_drive (ThPoller *self, GMainContext *context);

/* For a context that others use too. */
void th_poller_attach (ThPoller *self, GMainContext *context);

/* Level-triggered; FALSE with errno set if the kernel refuses. */
gboolean th_poller_add (ThPoller *self, ThWatch *watch, guint32 events);
void th_poller_change (ThPoller *self, ThWatch *watch, guint32 events);

/* The same for a watch that sometimes waits for nothing, and then must not be told of a hang-up again
 * and again. @unwatched: (inout): whether it is off the set; FALSE since th_poller_add() */
void th_poller_set (ThPoller *self, ThWatch *watch, gboolean *unwatched, guint32 events);

/* From now on @watch is not called any more, not even for events already fetched. */
void th_poller_remove (ThPoller *self, ThWatch *watch);

G_END_DECLS
