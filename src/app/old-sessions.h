/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThOldSessions: counts the live sessions that a former secret opened, and keeps the counts true
 * while sessions come and go and secrets change. Main context only.
 */
#pragma once

#include "credentials/ring.h"
#include "relay/relay.h"

G_BEGIN_DECLS

typedef struct _ThOldSessions ThOldSessions;

/* Called with the kind whose count is another now. */
typedef void (*ThOldSessionsFunc) (ThRingKind kind, gpointer data);

ThOldSessions *th_old_sessions_new (ThSecretRing *ring,
                                    ThRelay *relay,
                                    ThOldSessionsFunc func,
                                    gpointer data);
void th_old_sessions_free (ThOldSessions *self);

/* Of static users and of secrets that the configuration lists there are no old sessions. */
guint th_old_sessions_count (ThOldSessions *self, ThRingKind kind);

/* (transfer full) (element-type guint): the numbers of the secrets that opened them, each once */
GArray *th_old_sessions_list_secrets (ThOldSessions *self, ThRingKind kind);

G_END_DECLS
