/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEvent: one thing that happened, in plain words: to a client, to a session, or to the relay. The
 * same thing again is the same event, which counts. Never a secret in it. Main context only.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  TH_EVENT_INFO,
  TH_EVENT_WARNING, /* somebody was turned down, or soon will be */
  TH_EVENT_ERROR,   /* something of the relay does not work */
} ThEventSeverity;

typedef enum {
  TH_EVENT_OF_RELAY, /* what the relay and its owner did */
  TH_EVENT_OF_SESSION,
  TH_EVENT_OF_CLIENT, /* who was turned down */
  TH_EVENT_N_TOPICS
} ThEventTopic;

/**
 * ThEventFacts:
 * @kind: for code and tests, such as "wrong-password"; never freed
 * @time: seconds since 1970, UTC
 * @count: how often it happened; 0 counts as once
 * @client: (nullable): "192.0.2.7:53211"
 * @transport: (nullable): "UDP" or "TCP"
 * @user: (nullable): as the client called itself, fit to be shown
 * @session: id of a ThSession; 0: none
 * @code: STUN's error code; 0: none
 * @what: one sentence
 * @why: (nullable): what is behind it, or what to do
 *
 * What is to be told. Texts are the caller's.
 */
typedef struct {
  const char *kind;
  ThEventTopic topic;
  ThEventSeverity severity;
  gint64 time;
  guint count;
  const char *client;
  const char *transport;
  const char *user;
  guint64 session;
  guint code;
  const char *what;
  const char *why;
} ThEventFacts;

#define TH_TYPE_EVENT (th_event_get_type ())
G_DECLARE_FINAL_TYPE (ThEvent, th_event, TH, EVENT, GObject)

/*
 * Properties (read-only): number (guint, of the order in which they came), kind, topic (guint),
 * severity (guint) and time (gint64), which are fixed; last-time (gint64), count (guint), client,
 * transport, user, session (guint64), code (guint), what and why, which notify.
 */

/* @number: unlike that of others, and greater than those of before */
ThEvent *th_event_new (guint number, const ThEventFacts *facts);

/* It happened again: counts on, and says what is new about it. */
void th_event_repeat (ThEvent *self, const ThEventFacts *facts);

guint th_event_get_number (ThEvent *self);
const char *th_event_get_kind (ThEvent *self);
ThEventTopic th_event_get_topic (ThEvent *self);
ThEventSeverity th_event_get_severity (ThEvent *self);
gint64 th_event_get_time (ThEvent *self);      /* when it happened first */
gint64 th_event_get_last_time (ThEvent *self); /* and last */
guint th_event_get_count (ThEvent *self);
const char *th_event_get_client (ThEvent *self);    /* (nullable) */
const char *th_event_get_transport (ThEvent *self); /* (nullable) */
const char *th_event_get_user (ThEvent *self);      /* (nullable) */
guint64 th_event_get_session (ThEvent *self);
guint th_event_get_code (ThEvent *self);
const char *th_event_get_what (ThEvent *self);
const char *th_event_get_why (ThEvent *self); /* (nullable) */

/* A word for code: "info", "warning" or "error" */
const char *th_event_severity_name (ThEventSeverity severity);

G_END_DECLS
