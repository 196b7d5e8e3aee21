/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEvents: what workers tell the main context about sessions and refusals, in batches: however
 * many sessions come and go, the main context is woken once for all of them.
 */
#pragma once

#include "relay/refusals.h"
#include "turn/record.h"
#include "turn/server.h"

G_BEGIN_DECLS

typedef enum {
  TH_WORKER_EVENT_SESSION_STARTED,
  TH_WORKER_EVENT_SESSION_REFRESHED,
  TH_WORKER_EVENT_SESSION_PEER, /* the client named a peer */
  TH_WORKER_EVENT_SESSION_MOVED, /* its client has another address */
  TH_WORKER_EVENT_SESSION_ENDED,
  TH_WORKER_EVENT_REFUSALS, /* requests that were turned down, since the last of these */
} ThWorkerEventKind;

typedef struct {
  ThWorkerEventKind kind;
  ThTurnRecord *record; /* a reference; NULL of refusals */
  ThAddress peer;       /* of TH_WORKER_EVENT_SESSION_PEER; port 0: the whole host */
  ThAddress client;     /* of TH_WORKER_EVENT_SESSION_MOVED, as the next */
  ThTransport transport;
  guint16 channel;      /* bound to that peer; 0: only permitted */
  ThSessionEnd why;     /* of TH_WORKER_EVENT_SESSION_ENDED */
  GArray *refusals;     /* of ThRelayRefusal; a reference; NULL of sessions */
} ThWorkerEvent;

/* Where as many wait, further ones about peers and refreshing are left out. */
#define TH_EVENTS_WAITING_MAX (200 * 1000)

typedef struct _ThEvents ThEvents;

typedef void (*ThWorkerEventFunc) (const ThWorkerEvent *event, gpointer user_data);

/* @func is called on @context; never after th_events_free(). */
ThEvents *th_events_new (GMainContext *context, ThWorkerEventFunc func, gpointer user_data);

/* On @context's thread; nobody may post any more. */
void th_events_free (ThEvents *self);

/* Any thread. Takes a reference to the record, and to the refusals, which nobody may change. */
void th_events_post (ThEvents *self, const ThWorkerEvent *event);

/* On @context's thread: delivers what has been posted so far at once; also from within @func. */
void th_events_deliver (ThEvents *self);

G_END_DECLS
