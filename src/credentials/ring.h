/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretRing: the shared secrets in force, newest first, and static users; where they are kept;
 * and the immutable snapshot of them that the relay's workers check names against. Main context
 * only, but for the snapshot.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/jwt-check.h"
#include "credentials/ring-event.h"
#include "credentials/secret-info.h"
#include "credentials/users.h"
#include "turn/authenticator.h"

G_BEGIN_DECLS

#define TH_TYPE_SECRET_RING (th_secret_ring_get_type ())
G_DECLARE_FINAL_TYPE (ThSecretRing, th_secret_ring, TH, SECRET_RING, GObject)

/* Signal "changed": the snapshot is another than before, as what is accepted changed, or the time
 * of a former secret has ended. The lists are up to date when it comes. */

#define TH_CREDENTIALS_ERROR (th_credentials_error_quark ())
typedef enum {
  TH_CREDENTIALS_ERROR_STORE,  /* the store cannot be read or written */
  TH_CREDENTIALS_ERROR_DAMAGED, /* what is stored is no secret ring */
  TH_CREDENTIALS_ERROR_VALUE,  /* a name, lifetime or secret that is not allowed */
  TH_CREDENTIALS_ERROR_NO_UNDO, /* there is nothing to undo, or no way back */
  TH_CREDENTIALS_ERROR_LOCKED, /* the keyring that it is in must be unlocked first */
} ThCredentialsError;
GQuark th_credentials_error_quark (void);

/**
 * th_secret_ring_open:
 * @directory: the state directory; made (0700) if absent
 * @seed: (nullable): the secret that the configuration names. Where it differs from the seed of
 *   last time, it becomes current and the former current one previous
 *
 * Loads the ring, or makes one with a fresh secret of 32 random bytes, and stores it durably.
 * A file that is damaged is kept aside under another name and never overwritten: that is an error.
 */
ThSecretRing *th_secret_ring_open (const char *directory, const char *seed, GError **error);

/* What the configuration names; all nullable. */
typedef struct {
  const char *secret;
  const char *api_key;
  const char *api_secret;
} ThRingSeed;

#define TH_RING_DEFAULT_GRACE 86400

/* The same, with a seed for the API key and API secret too. Where the configuration names only one
 * of these two, the other stays, or is made. @grace: as th_secret_ring_set_grace() has it */
ThSecretRing *th_secret_ring_open_seeded (const char *directory,
                                          const ThRingSeed *seed,
                                          gint64 grace,
                                          GError **error);

/* The lifetime of tokens in seconds, more than 0; 86400 until set. Tokens that were made with
 * another lifetime are accepted no longer. */
void th_secret_ring_set_ttl (ThSecretRing *self, gint64 ttl);

/* For how many seconds a former secret is still accepted, 0 or more; counts from the next change
 * on. TH_RING_DEFAULT_GRACE until set. */
void th_secret_ring_set_grace (ThSecretRing *self, gint64 seconds);

/*
 * Changes. Each is written durably, off the main context, before it is in force; if it cannot be
 * stored, all stays as it was (TH_CREDENTIALS_ERROR_STORE). One is made at a time, in the order in
 * which they were asked for. @by is a word for the history (th_ring_event_is_name()). Cancelling
 * helps until it is a change's turn.
 */

/**
 * th_secret_ring_rotate_async:
 *
 * Makes a fresh secret current, or a fresh API secret under the same API key. The former one is
 * accepted for the grace time.
 */
void th_secret_ring_rotate_async (ThSecretRing *self,
                                  ThRingKind kind,
                                  const char *by,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean th_secret_ring_rotate_finish (ThSecretRing *self, GAsyncResult *result, GError **error);

/**
 * th_secret_ring_take_seed_async:
 * @seed: (transfer none): what the configuration names now
 *
 * As th_secret_ring_open_seeded() does it: what is another than last time becomes current, and the
 * former current one is accepted for the grace time. TH_CREDENTIALS_ERROR_VALUE if it is no secret.
 */
void th_secret_ring_take_seed_async (ThSecretRing *self,
                                     const ThRingSeed *seed,
                                     const char *by,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data);
gboolean th_secret_ring_take_seed_finish (ThSecretRing *self, GAsyncResult *result, GError **error);

/**
 * th_secret_ring_revoke_async:
 *
 * Former secrets of that kind are accepted no longer, from now on and over restarts. Those that
 * the configuration lists (th_secret_ring_set_previous()) stay.
 */
void th_secret_ring_revoke_async (ThSecretRing *self,
                                  ThRingKind kind,
                                  const char *by,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);

/* Returns: (transfer full) (element-type guint) (nullable): their numbers, as ThTurnKey tells
 *   them; %NULL with an error, and then they stay */
GArray *th_secret_ring_revoke_finish (ThSecretRing *self, GAsyncResult *result, GError **error);

/**
 * th_secret_ring_undo_async:
 *
 * Takes the last rotation back, or the last change by the configuration: the secret before is
 * current again, under its old number. The one that is undone is accepted for the grace time, as
 * credentials that were made from it are out there. TH_CREDENTIALS_ERROR_NO_UNDO if
 * th_secret_ring_can_undo() says no when it is its turn.
 */
void th_secret_ring_undo_async (ThSecretRing *self,
                                ThRingKind kind,
                                const char *by,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data);
gboolean th_secret_ring_undo_finish (ThSecretRing *self, GAsyncResult *result, GError **error);

/* Whether the last deed was a rotation or a change by the configuration, and the secret before is
 * still accepted. Changes with "changed". */
gboolean th_secret_ring_can_undo (ThSecretRing *self, ThRingKind kind);

/* (transfer none) (element-type ThSecretInfo): the current one, then former ones, newest first;
 * without those that the configuration lists. Changes in place */
GListModel *th_secret_ring_get_secrets (ThSecretRing *self, ThRingKind kind);

/* (transfer none) (element-type ThRingEvent): what was done, newest first, at most 100. Changes in
 * place */
GListModel *th_secret_ring_get_history (ThSecretRing *self);

/* Further secrets that are accepted, never minted with; nullable. The keys they make carry secret
 * numbers from 2^30 up, those of the ring lower ones. The 16 newest are accepted for sure. */
void th_secret_ring_set_previous (ThSecretRing *self, const char *const *secrets);

/* @users: (transfer none) (nullable): static users, such as th_user_list_get_users() */
void th_secret_ring_set_users (ThSecretRing *self, ThUsers *users);

/* (transfer none): what apps that mint for themselves must be given */
const char *th_secret_ring_get_current (ThSecretRing *self);

/* (transfer none): what signs tokens, and its name; what apps that use LiveKit's way are given */
const char *th_secret_ring_get_api_key (ThSecretRing *self);
const char *th_secret_ring_get_api_secret (ThSecretRing *self);

/* (transfer full): a snapshot of everything that is accepted now */
ThTurnAuthenticator *th_secret_ring_get_authenticator (ThSecretRing *self);

typedef struct {
  char *username; /* "1700000000:anna"; of the JWT scheme, the user's id */
  char *password; /* base64; of the JWT scheme, the token */
  gint64 ttl;     /* seconds */
  gint64 expires_at; /* seconds since 1970, UTC */
} ThCredential;
void th_credential_free (ThCredential *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThCredential, th_credential_free)

/**
 * th_secret_ring_mint:
 * @user: the name to put after the expiry: 1 to 256 bytes of UTF-8 without control characters
 * @ttl: seconds, more than 0
 * @now: seconds since 1970, UTC
 *
 * A time-limited credential by the REST scheme (draft-uberti-behave-turn-rest-00), made from the
 * current secret. The password is wiped when freed.
 */
ThCredential *th_secret_ring_mint (ThSecretRing *self,
                                   const char *user,
                                   gint64 ttl,
                                   gint64 now,
                                   GError **error);

/**
 * th_secret_ring_mint_jwt:
 * @user: the user's id; as th_secret_ring_mint() has it, but not of the REST scheme's form
 *   TIME:NAME or NAME:TIME, nor a user name by th_secret_ring_mint_livekit()
 * @now: seconds since 1970, UTC
 *
 * A credential by the JWT scheme (jwt.h), made from the current API secret. Its start lies on a
 * grid, so a little of the lifetime may have passed already; its ttl is what is left.
 */
ThCredential *th_secret_ring_mint_jwt (ThSecretRing *self,
                                       const char *user,
                                       gint64 now,
                                       GError **error);

/**
 * th_secret_ring_mint_livekit:
 * @user: as th_secret_ring_mint() has it, but without "|"
 *
 * A credential by the scheme of LiveKit's embedded TURN server (livekit.h), made from the current
 * API secret.
 */
ThCredential *th_secret_ring_mint_livekit (ThSecretRing *self,
                                           const char *user,
                                           gint64 ttl,
                                           gint64 now,
                                           GError **error);

/**
 * th_secret_ring_check_jwt:
 * @token: what a caller showed
 * @now: seconds since 1970, UTC
 * @subject: (out) (transfer full): the user that the token speaks for; %NULL unless it is good
 *
 * Checks a token of a caller (jwt-check.h) against the API secret and the former ones that are
 * still accepted.
 */
ThJwtVerdict th_secret_ring_check_jwt (ThSecretRing *self,
                                       const char *token,
                                       gint64 now,
                                       char **subject);

G_END_DECLS
