/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretRing: the shared secrets in force, newest first, and static users; where they are kept;
 * and the immutable snapshot of them that the relay's workers check names against. Main context
 * only, but for the snapshot.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/jwt-check.h"
#include "turn/authenticator.h"

G_BEGIN_DECLS

#define TH_TYPE_SECRET_RING (th_secret_ring_get_type ())
G_DECLARE_FINAL_TYPE (ThSecretRing, th_secret_ring, TH, SECRET_RING, GObject)

/* Signal "changed": the snapshot is another than before. */

#define TH_CREDENTIALS_ERROR (th_credentials_error_quark ())
typedef enum {
  TH_CREDENTIALS_ERROR_STORE,  /* the store cannot be read or written */
  TH_CREDENTIALS_ERROR_DAMAGED, /* what is stored is no secret ring */
  TH_CREDENTIALS_ERROR_VALUE,  /* a name, lifetime or secret that is not allowed */
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

typedef enum {
  TH_RING_SECRET, /* shared secrets */
  TH_RING_API,    /* API secrets */
} ThRingKind;

/* What the configuration names; all nullable. */
typedef struct {
  const char *secret;
  const char *api_key;
  const char *api_secret;
} ThRingSeed;

/* The same, with a seed for the API key and API secret too. Where the configuration names only one
 * of these two, the other stays, or is made. */
ThSecretRing *th_secret_ring_open_seeded (const char *directory,
                                          const ThRingSeed *seed,
                                          GError **error);

/* The lifetime of tokens in seconds, more than 0; 86400 until set. Tokens that were made with
 * another lifetime are accepted no longer. */
void th_secret_ring_set_ttl (ThSecretRing *self, gint64 ttl);

/**
 * th_secret_ring_rotate:
 *
 * Makes a fresh secret current, or a fresh API secret under the same API key. The former one is
 * accepted for a day more. The new one is on the disk before it is in force; if it cannot be
 * stored, all stays as it was. Blocks for as long as the disk takes.
 */
gboolean th_secret_ring_rotate (ThSecretRing *self, ThRingKind kind, GError **error);

/**
 * th_secret_ring_revoke:
 *
 * Former secrets of that kind are accepted no longer, from now on and over restarts. Those that
 * the configuration lists (th_secret_ring_set_previous()) stay.
 *
 * Returns: (transfer full) (element-type guint) (nullable): their numbers, as ThTurnKey tells
 *   them; %NULL with an error if that cannot be stored, and then they stay
 */
GArray *th_secret_ring_revoke (ThSecretRing *self, ThRingKind kind, GError **error);

/* Further secrets that are accepted, never minted with; nullable. The keys they make carry secret
 * numbers from 2^30 up, those of the ring lower ones. The 16 newest are accepted for sure. */
void th_secret_ring_set_previous (ThSecretRing *self, const char *const *secrets);

/* "name:password" each; FALSE if one is malformed. Only their RFC 8489 keys are kept in memory. */
gboolean th_secret_ring_set_users (ThSecretRing *self,
                                   const char *realm,
                                   const char *const *users,
                                   GError **error);

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
 * @user: the user's id; as th_secret_ring_mint() has it, but not of the REST scheme's form TIME:NAME or NAME:TIME
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
