/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWorker: one thread of the relay (or its part of the main context) with everything it needs to
 * move packets alone: listeners, connections, allocations, relay sockets, and a TURN server that
 * says what to do with each packet. Nothing of it is shared with other workers but the TURN
 * configuration.
 */
#pragma once

#include "relay/events.h"
#include "relay/udp-socket.h"
#include "tls/tls-context.h"
#include "turn/server.h"

G_BEGIN_DECLS

typedef struct _ThWorker ThWorker;

/* What all workers of a relay count together. */
typedef struct {
  ThEvents *events;
  gint connections; /* atomic; sessions over DTLS are some too */
  gint max_connections; /* atomic */
  gint handshakes;      /* atomic; that have begun and not ended */
} ThWorkersShared;

/* What one worker has counted; each value read with th_counter_read(). */
typedef struct {
  const ThTurnCounters *turn;
  const ThDropCounters *drops;
} ThWorkerCounters;

/* @shared: (transfer none): outlives the worker */
ThWorker *th_worker_new (ThTurnConfig *config,
                         ThTurnAuthenticator *authenticator,
                         ThWorkersShared *shared,
                         GError **error);

/* Stops first, where it runs. Ends every session. */
void th_worker_free (ThWorker *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThWorker, th_worker_free)

/* Before the start: what to listen on. @fd becomes the worker's own; @address is what it is bound
 * to. */
void th_worker_add_udp_listener (ThWorker *self, int fd, const ThAddress *address);
void th_worker_add_tcp_listener (ThWorker *self, int fd, const ThAddress *address);

/* On a thread of its own, or on @context if that is given. */
void th_worker_start (ThWorker *self, GMainContext *context);

/* Any thread, while it runs. */
/* @config: a th_turn_config_copy() of the one it has */
void th_worker_set_config (ThWorker *self, ThTurnConfig *config);
void th_worker_set_authenticator (ThWorker *self, ThTurnAuthenticator *authenticator);
void th_worker_set_tls (ThWorker *self, ThTlsContext *context);
void th_worker_disconnect_user (ThWorker *self, const char *user);
void th_worker_end_secret (ThWorker *self, guint generation);
void th_worker_end_session (ThWorker *self, guint64 id);

ThWorkerCounters th_worker_get_counters (ThWorker *self);

G_END_DECLS
