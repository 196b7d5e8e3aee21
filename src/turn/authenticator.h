/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The question the TURN server asks about a client's name: which keys would prove it? Whoever
 * keeps the credentials answers it through this table; answers are immutable snapshots, replaced
 * as a whole when secrets rotate.
 */
#pragma once

#include <glib.h>

#include "stun/defs.h"

G_BEGIN_DECLS

/* The longest name that quotas and statistics count by; longer ones are cut at a character. */
#define TH_TURN_USER_SIZE 128

/* How many keys one claim may have. */
#define TH_TURN_KEYS_MAX 32

/* What a client says of itself in a request, not yet believed. */
typedef struct {
  const char *username; /* nullable, where the client sent USERHASH; not terminated */
  gsize username_length;
  const guint8 *userhash; /* nullable; 32 bytes */
  const char *realm;      /* the server's own, terminated */
  ThStunPasswordAlgorithm algorithm;
  gint64 wall_time; /* seconds since 1970, UTC */
} ThTurnClaim;

/* What a key is of. */
typedef enum {
  TH_TURN_KEY_OF_USER,   /* the password of a user that is known by name */
  TH_TURN_KEY_OF_SECRET, /* made from a shared secret and the name, which says when it ends */
  TH_TURN_KEY_OF_TOKEN,  /* a token that might have been made for the name: any name has some */
} ThTurnKeyKind;

/* One key that would prove a claim, and what it would mean. */
typedef struct {
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length;
  ThTurnKeyKind kind;
  gint64 expires_at;            /* seconds since 1970, UTC; 0: never. May have passed already */
  guint secret;                 /* the generation number of the secret; 0: no shared secret */
  char user[TH_TURN_USER_SIZE]; /* for quotas and statistics, terminated */
} ThTurnKey;

typedef struct _ThTurnAuthenticator ThTurnAuthenticator;

/**
 * ThTurnAuthenticator:
 * @find_keys: writes up to @max keys, the likeliest first, and returns how many. Called on worker
 *   threads, several at once; must not block and must not change @self
 * @free: called when the last reference goes, on any thread
 *
 * The head of a larger structure of the implementer's.
 */
struct _ThTurnAuthenticator {
  gatomicrefcount references;
  guint (*find_keys) (const ThTurnAuthenticator *self,
                      const ThTurnClaim *claim,
                      ThTurnKey *keys,
                      guint max);
  void (*free) (ThTurnAuthenticator *self);
};

static inline ThTurnAuthenticator *
th_turn_authenticator_ref (ThTurnAuthenticator *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

static inline void
th_turn_authenticator_unref (ThTurnAuthenticator *self)
{
  if (g_atomic_ref_count_dec (&self->references))
    self->free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTurnAuthenticator, th_turn_authenticator_unref)

G_END_DECLS
