/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the ring share: opening one, credentials and who accepts them, and changes
 * that run the thread's default main context until they are done.
 */
#pragma once

#include "credentials/ring.h"

/* (transfer full): which there must be */
ThSecretRing *open_ring (const char *folder, const char *seed);
ThSecretRing *open_seeded_ring (const char *folder, const ThRingSeed *seed);

/* (transfer full): for an hour; of an API secret, for a day */
ThCredential *mint (ThSecretRing *ring, ThRingKind kind);

/* Whether the name has a key that this password makes, in the realm "turnhouse", and which; it may
 * have ended. */
gboolean find_key (ThSecretRing *ring,
                   const char *name,
                   const char *password,
                   gint64 now,
                   ThTurnKey *key);

/* The number of the secret that the relay takes the credential by; 0: it does not */
guint accepting_secret (ThSecretRing *ring, const ThCredential *credential);

gboolean rotate_ring (ThSecretRing *ring, ThRingKind kind, GError **error);
gboolean undo_ring (ThSecretRing *ring, ThRingKind kind, GError **error);

/* (transfer full) (element-type guint) (nullable) */
GArray *revoke_ring (ThSecretRing *ring, ThRingKind kind, GError **error);
