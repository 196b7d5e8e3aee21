/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAlternates: the two hosts and two ports of one family from which a server answers those who
 * find out how their NAT behaves (RFC 5780). Nothing here where a relay has one address alone.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

typedef struct {
  ThAddress internal[2]; /* bound; ports 0 */
  ThAddress external[2]; /* what clients see of them */
  guint16 ports[2];      /* the ordinary one, and the one for this alone; the first 0: not set */
} ThAlternates;

/* One of the four. */
typedef struct {
  guint host, port; /* 0 or 1 */
} ThAlternate;

static inline gboolean
th_alternates_are_set (const ThAlternates *self)
{
  return self->ports[0] != 0;
}

/* FALSE if @local is none of the four. */
gboolean
th_alternates_find (const ThAlternates *self, const ThAddress *local, ThAlternate *alternate);

/* The address bound there. */
ThAddress th_alternates_internal (const ThAlternates *self, ThAlternate alternate);

/* The address that clients see of it. */
ThAddress th_alternates_external (const ThAlternates *self, ThAlternate alternate);

G_END_DECLS
