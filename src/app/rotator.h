/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRotator: rotates secrets for everyone who may ask (panel, control socket, desktop, schedule),
 * ends the sessions of those that are revoked, and counts the sessions that still live on a former
 * one. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/ring.h"
#include "relay/relay.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_ROTATOR (th_rotator_get_type ())
G_DECLARE_FINAL_TYPE (ThRotator, th_rotator, TH, ROTATOR, GObject)

/*
 * Properties (read-only, both notify): "old-secret-sessions" and "old-api-sessions" (guint), what
 * th_rotator_count_old_sessions() says of either kind.
 *
 * While the relay runs, the shared secret is rotated as credentials/rotate says, counted from when
 * it became current. credentials/grace is followed always.
 */

ThRotator *th_rotator_new (ThSecretRing *ring, ThRelay *relay, ThSettings *settings);

/* As th_secret_ring_rotate_async() */
void th_rotator_rotate_async (ThRotator *self,
                              ThRingKind kind,
                              const char *by,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
gboolean th_rotator_rotate_finish (ThRotator *self, GAsyncResult *result, GError **error);

/* As th_secret_ring_undo_async() */
void th_rotator_undo_async (ThRotator *self,
                            ThRingKind kind,
                            const char *by,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean th_rotator_undo_finish (ThRotator *self, GAsyncResult *result, GError **error);

/* As th_secret_ring_revoke_async(); and then ends all old sessions of that kind, those of secrets
 * that were retired before included. Clients whose secret the configuration lists as a previous
 * one can come back. */
void th_rotator_revoke_async (ThRotator *self,
                              ThRingKind kind,
                              const char *by,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);

/* @n_ended: (out) (optional): how many sessions were told to end; they disappear shortly after */
gboolean th_rotator_revoke_finish (ThRotator *self,
                                   GAsyncResult *result,
                                   guint *n_ended,
                                   GError **error);

/* How often a secret of that kind was rotated through this rotator. */
guint64 th_rotator_count_rotations (ThRotator *self, ThRingKind kind);

/* Live sessions that authenticated with a secret of that kind that is not the current one. Of
 * static users and of secrets that the configuration lists there are none. */
guint th_rotator_count_old_sessions (ThRotator *self, ThRingKind kind);

G_END_DECLS
