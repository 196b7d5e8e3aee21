/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the event log says of requests that were turned down and of sessions: what is, what is
 * behind it, and the error code for whoever knows it.
 */
#pragma once

#include "app/event.h"
#include "relay/relay.h"

G_BEGIN_DECLS

/* Facts, and the texts that they point to. */
typedef struct {
  ThEventFacts facts;
  char *client, *user, *what, *why;
  char *same;        /* what th_event_log_add() is to know equal ones by; nullable */
  const char *crowd; /* the same of many; never freed */
} ThToldEvent;

void th_told_event_clear (ThToldEvent *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ThToldEvent, th_told_event_clear)

/**
 * th_told_event_init_refusal:
 * @network: (nullable): of TH_REFUSAL_FORBIDDEN_PEER, by what the peer is denied
 *
 * Returns: %FALSE where there is nothing to tell: a nonce that was too old is not worth a word
 *   unless the client does not take the new one either
 */
gboolean th_told_event_init_refusal (ThToldEvent *self,
                                     const ThRelayRefusal *refusal,
                                     const char *network);

/* (transfer none): who did something to a secret (ThRingEvent), in words; names that are not known
 * are given back */
const char *th_words_for_author (const char *by);

void th_told_event_init_session_start (ThToldEvent *self, ThSession *session);

/* @now: seconds since 1970, UTC */
void th_told_event_init_session_end (ThToldEvent *self, ThSession *session, gint64 now);

G_END_DECLS
