/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRingState: what the secret ring remembers from one start to the next, its rules, and its form
 * as JSON. Time is an argument. No locks; one thread at a time.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The current secret and former ones. */
#define TH_RING_SECRETS_MAX 15

/* No generation of a ring is this high; what others number starts here. */
#define TH_RING_GENERATION_END (1u << 30)

typedef struct {
  char *text;
  gint64 created;    /* seconds since 1970, UTC */
  gint64 expires_at; /* when it is accepted no longer; 0: it is the current one */
  guint generation;  /* from 1; higher ones are newer */
} ThRingSecret;

typedef struct {
  GPtrArray *secrets; /* (element-type ThRingSecret): newest first; the first is current */
  char *seed_digest;  /* nullable: hex SHA-256 of the configuration's secret as last seen */
} ThRingState;

/* No secret yet. */
ThRingState *th_ring_state_new (void);
void th_ring_state_free (ThRingState *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRingState, th_ring_state_free)

/* (transfer none) (nullable) */
const ThRingSecret *th_ring_state_get_current (const ThRingState *self);

/**
 * th_ring_state_make_current:
 * @grace: seconds that the former current secret is still accepted for
 *
 * Former secrets beyond %TH_RING_SECRETS_MAX are forgotten, oldest first. A secret that is in the
 * ring already is moved, not doubled.
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

void th_ring_state_drop_expired (ThRingState *self, gint64 now);

/* (transfer full): JSON; wipe it after use */
char *th_ring_state_print (const ThRingState *self, gsize *length);

/* (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_DAMAGED */
ThRingState *th_ring_state_parse (const char *json, gsize length, GError **error);

G_END_DECLS
