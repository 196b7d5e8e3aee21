/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectionEnds: every client and every peer for itself, and who of them talks with whom. What a
 * ThConnectionGraph is made of.
 */
#pragma once

#include "panel/connections.h"

G_BEGIN_DECLS

typedef struct {
  ThAddress address;     /* of a client, or of a peer outside */
  gboolean client;       /* else a peer outside */
  const char *transport; /* how clients reach the relay; NULL: in several ways */
  ThSession *session;    /* the client, or the eldest that talks with the peer; no reference */
  double up, down;       /* bit/s towards peers and towards clients */
} ThConnectionEnd;

/* Both by column and place in it. */
typedef struct {
  gboolean from_right, to_right;
  guint from, to;
} ThConnectionLink;

typedef struct {
  GArray *columns[2]; /* of ThConnectionEnd: left, right; in order of arrival */
  GArray *links;      /* of ThConnectionLink; may be there twice, one for each way */
} ThConnectionEnds;

/* Valid until the main context runs again. @now: monotonic microseconds */
ThConnectionEnds *th_connection_ends_new (ThConnections *connections, gint64 now);
void th_connection_ends_free (ThConnectionEnds *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThConnectionEnds, th_connection_ends_free)

/* Whether that is a relayed address of the session, or, @host_only, is on the same host as one. */
gboolean th_connection_is_own_relayed (ThSession *session, const ThAddress *address,
                                       gboolean host_only);

G_END_DECLS
