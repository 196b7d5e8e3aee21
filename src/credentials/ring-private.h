/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the ring's own files share: what it holds (ring.c), how that changes (ring-change.c), and
 * what is made from it (ring-mint.c).
 */
#pragma once

#include "credentials/alarm.h"
#include "credentials/ring-state.h"
#include "credentials/ring.h"
#include "credentials/row-list.h"
#include "credentials/users.h"

G_BEGIN_DECLS

struct _ThSecretRing
{
  GObject parent_instance;
  char *directory;
  ThRingState *state;
  ThRowList *secrets[TH_RING_N_KINDS]; /* of ThSecretInfo: what may be shown of the state */
  ThRowList *history;                  /* of ThRingEvent */
  ThAlarm *retirement;                  /* when the next former secret ends */
  GQueue waiting; /* of GTask: changes that were asked for, in order */
  gboolean changing; /* a thread is at one */
  GStrv previous; /* nullable: those that the configuration adds */
  ThUsers *users; /* nullable */
  gint64 ttl;     /* of tokens, seconds */
  gint64 grace;   /* for which a former secret is still accepted, seconds */
  ThTurnAuthenticator *authenticator;
};

/* Seconds since 1970, UTC */
gint64 th_secret_ring_now (void);

/* Whether the ring can take what @seed names. */
gboolean th_ring_seed_check (const ThRingSeed *seed, GError **error);

/* @state: (transfer full): in force from now on; it is stored already */
void th_secret_ring_take_over (ThSecretRing *self, ThRingState *state);

G_END_DECLS
