/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRingState: what the secret ring remembers from one start to the next, its rules, and its form
 * as JSON. Time is an argument. No locks; one thread at a time.
 */
#pragma once

#include "credentials/ring.h"

G_BEGIN_DECLS

/* The current secret and former ones. */
#define TH_RING_SECRETS_MAX 15

/* How many deeds are remembered. */
#define TH_RING_HISTORY_MAX 100

/* No generation of a ring is this high; what others number starts here. */
#define TH_RING_GENERATION_END (1u << 30)

/* Added to the generations of API secrets wherever both kinds meet, such as in the relay. */
#define TH_RING_API_GENERATIONS (1u << 31)

typedef struct {
  char *key; /* the API key that goes with an API secret; NULL: it is a shared secret */
  char *text;
  gint64 created;    /* seconds since 1970, UTC */
  gint64 expires_at; /* when it is accepted no longer; 0: it is the current one */
  guint generation;  /* its number, from 1; no other secret of its kind ever gets the same */
} ThRingSecret;

typedef struct {
  GPtrArray *secrets; /* (element-type ThRingSecret): newest first; the first is current */
  char *seed_digest;  /* nullable: hex SHA-256 of the configuration's secret as last seen */
  GPtrArray *api;     /* (element-type ThRingSecret): API secrets in the same way */
  char *api_digest;   /* nullable: of the configuration's API key and secret as last seen */
  GPtrArray *history; /* (element-type ThRingEvent): newest first */

  /* Of each kind: */
  guint generations[TH_RING_N_KINDS]; /* how many numbers were given */
  guint replaced[TH_RING_N_KINDS];    /* number of what the current one took the place of and
                                         could give it back to; 0: nothing */
} ThRingState;

/* No secret yet. */
ThRingState *th_ring_state_new (void);
void th_ring_state_free (ThRingState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRingState, th_ring_state_free)

/* Its generation as the rest of the house knows it: with TH_RING_API_GENERATIONS where that fits */
guint th_ring_secret_get_number (const ThRingSecret *self, ThRingKind kind);

gboolean th_ring_state_has_generation (const ThRingState *self, ThRingKind kind, guint generation);

/* (transfer none) (element-type ThRingSecret) */
GPtrArray *th_ring_state_get_secrets (const ThRingState *self, ThRingKind kind);

/* (transfer none) (nullable) */
const ThRingSecret *th_ring_state_get_current (const ThRingState *self);
const ThRingSecret *th_ring_state_get_current_api (const ThRingState *self);

/**
 * th_ring_state_make_current:
 * @grace: seconds that the former current secret is still accepted for
 *
 * Former secrets beyond %TH_RING_SECRETS_MAX are forgotten, oldest first. A secret that is in the
 * ring already is moved, not doubled, and keeps its number.
 */
void th_ring_state_make_current (ThRingState *self, const char *secret, gint64 now, gint64 grace);

/**
 * th_ring_state_take_seed:
 * @seed: the secret that the configuration names now
 *
 * Makes @seed current if it is another than last time; a ring that has moved on stays as it is
 * while the configuration says the same.
 *
 * Returns: whether anything changed
 */
gboolean th_ring_state_take_seed (ThRingState *self, const char *seed, gint64 now, gint64 grace);

/* The same for a pair of API key and API secret. */
void th_ring_state_make_current_api (ThRingState *self,
                                     const char *key,
                                     const char *secret,
                                     gint64 now,
                                     gint64 grace);

/* The same for what the configuration names of the pair. What it leaves out (NULL) stays as it is,
 * or is made; where it names neither, nothing changes. */
gboolean th_ring_state_take_api_seed (ThRingState *self,
                                      const char *key,
                                      const char *secret,
                                      gint64 now,
                                      gint64 grace);

/* All that @seed names, of both kinds. */
gboolean th_ring_state_take_seeds (ThRingState *self,
                                   const ThRingSeed *seed,
                                   gint64 now,
                                   gint64 grace);

/* Makes a fresh secret, and a fresh API key and secret, where there is none yet; whether it did. */
gboolean th_ring_state_make_missing (ThRingState *self, gint64 now);

/* A fresh secret becomes current; of the API, under the key of before. There must be one. */
void th_ring_state_rotate (ThRingState *self,
                           ThRingKind kind,
                           const char *by,
                           gint64 now,
                           gint64 grace);

/* Forgets all but the current one. (transfer full) (element-type guint): what numbers they had,
 * with TH_RING_API_GENERATIONS where they were API secrets */
GArray *th_ring_state_revoke (ThRingState *self, ThRingKind kind, const char *by, gint64 now);

/* Whether the last deed made another secret current, and the one before is still accepted. */
gboolean th_ring_state_can_undo (const ThRingState *self, ThRingKind kind, gint64 now);

/* The secret before is current again, with its number; the one that is undone is accepted for
 * @grace. Returns: FALSE, with nothing changed, if th_ring_state_can_undo() says so */
gboolean th_ring_state_undo (ThRingState *self,
                             ThRingKind kind,
                             const char *by,
                             gint64 now,
                             gint64 grace);

/* Returns: whether there were any */
gboolean th_ring_state_drop_expired (ThRingState *self, gint64 now);

/* When the next former secret ends, seconds since 1970; 0: there is none */
gint64 th_ring_state_get_next_end (const ThRingState *self);

/* (transfer full): JSON; wipe it after use */
char *th_ring_state_print (const ThRingState *self, gsize *length);

/* (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_DAMAGED */
ThRingState *th_ring_state_parse (const char *json, gsize length, GError **error);

G_END_DECLS
