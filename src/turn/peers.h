/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whom one allocation may talk to: its permissions (RFC 8656, section 9) and its channels
 * (section 12). Times are monotonic microseconds; what has expired is as if it were not there and
 * makes room for what is new.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_PERMISSION_LIFETIME (G_GINT64_CONSTANT (300) * G_USEC_PER_SEC)
#define TH_CHANNEL_LIFETIME (G_GINT64_CONSTANT (600) * G_USEC_PER_SEC)

/* Which ports of a permitted host may be reached. */
typedef enum {
  TH_REACH_ANY,          /* a host elsewhere */
  TH_REACH_NOT_OURSELVES, /* this machine, by an explicit rule: all but our listening ports */
  TH_REACH_RELAYED,      /* one of our relay hosts: only ports where an allocation lives */
} ThPeerReach;

/* A host as the client names it, and as packets to it are really addressed (ports are 0). */
typedef struct {
  ThAddress named;
  ThAddress wire;
  ThPeerReach reach;
  guint host; /* of the configuration, for TH_REACH_RELAYED */
} ThPeerHost;

typedef struct {
  ThPeerHost host;
  gint64 expires;
} ThPermission;

typedef struct {
  ThAddress wire;  /* first, as every packet from a peer is compared with it */
  ThAddress named;
  gint64 expires;
  guint16 number;
  gint16 permission; /* the index of its host's permission; -1: there is none any more */
} ThChannel;

typedef struct {
  ThPermission *permissions;
  ThChannel *channels;
  guint16 n_permissions, permissions_size;
  guint16 n_channels, channels_size;
  guint16 last_up, last_down; /* where the last search ended: mostly the next one's answer */
} ThPeers;

void th_peers_clear (ThPeers *self);

/**
 * th_peers_permit:
 * @limit: how many permissions there may be
 *
 * Installs or refreshes the permission for @host.
 *
 * Returns: FALSE if there is no room
 */
gboolean th_peers_permit (ThPeers *self, const ThPeerHost *host, gint64 now, guint limit);

/* How many permissions @hosts would need beyond those that live already. */
guint th_peers_count_new (const ThPeers *self, const ThPeerHost *hosts, guint n_hosts, gint64 now);

/* How many live permissions there are. */
guint th_peers_count (const ThPeers *self, gint64 now);

typedef enum {
  TH_BIND_OK,
  TH_BIND_TAKEN, /* the number has another peer, or the peer another number */
  TH_BIND_FULL,
} ThBindVerdict;

/**
 * th_peers_bind:
 * @port: of the peer, in host order
 *
 * Binds or refreshes a channel, and its host's permission with it (RFC 8656, section 12.2).
 */
ThBindVerdict th_peers_bind (ThPeers *self,
                             guint16 number,
                             const ThPeerHost *host,
                             guint16 port,
                             gint64 now,
                             guint limit);

/* The live permission for a host, by the name the client gives it, or by its real address. */
const ThPermission *th_peers_find_named (const ThPeers *self, const ThAddress *peer, gint64 now);
const ThPermission *th_peers_find_wire (const ThPeers *self, const ThAddress *peer, gint64 now);

/* The live channel of that number, or to that peer's real address, whose permission lives too. */
const ThChannel *th_peers_find_channel (ThPeers *self, guint16 number, gint64 now);
const ThChannel *th_peers_find_channel_to (ThPeers *self, const ThAddress *wire, gint64 now);

G_END_DECLS
