/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTurnConfig: what all TURN servers (one a worker) of a relay have in common: the realm, the
 * relay hosts, the limits, and the few things they share (ports, quotas, reservations). The plain
 * values do not change once a server holds it, so workers read them without a lock; a server can be
 * given another one instead.
 */
#pragma once

#include "turn/alternate-server.h"
#include "turn/alternates.h"
#include "turn/client.h"
#include "turn/nonce.h"
#include "turn/peer-policy.h"
#include "turn/peers.h"
#include "turn/ports.h"
#include "turn/quota.h"
#include "turn/reservation.h"
#include "turn/streams.h"
#include "turn/tickets.h"

G_BEGIN_DECLS

/* RFC 8656, section 7.2: at least 10 minutes by default, at most an hour. Seconds. */
#define TH_TURN_LIFETIME_DEFAULT 600
#define TH_TURN_LIFETIME_MAX 3600

/* RFC 8489, section 9.2: nonces last no longer than an hour. */
#define TH_TURN_NONCE_LIFETIME (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

#define TH_TURN_NO_HOST G_MAXUINT

/* Where relay sockets are bound, and what peers see instead; ports are 0. */
typedef struct {
  ThAddress internal;
  ThAddress external;
} ThTurnHost;

typedef struct {
  gatomicrefcount references;
  char *realm;
  char *software; /* nullable: for SOFTWARE in successful answers to authenticated requests */
  ThTurnHost *hosts;
  guint n_hosts;
  ThAddress *own_addresses; /* of this machine, beside the hosts; ports 0 */
  guint n_own_addresses;
  guint16 *own_ports; /* that this program listens on */
  guint n_own_ports;
  ThAlternates alternates[2]; /* IPv4, IPv6 */
  ThAlternateServer *alternate_servers; /* who takes clients while this one drains */
  guint n_alternate_servers;
  guint max_permissions; /* and channels, per allocation */
  guint unauthorized_per_second;
  gboolean strict_expiry;
  gboolean mobility;  /* RFC 8016 */
  gboolean tcp_relay; /* RFC 6062 */
  ThNonceKey nonce_key;
  gint draining; /* atomic: th_turn_config_set_draining() */

  ThPeerPolicy *policy;
  ThPorts *ports;
  ThQuota *quota;               /* what is told to clients as 486 */
  ThQuota *capacity;            /* what is told to clients as 508 */
  ThReservations *reservations;
  ThTickets *tickets;
  ThStreams *streams; /* of TCP allocations (RFC 6062) */
} ThTurnConfig;

/* Returns: (transfer full): with realm "turnhouse", 256 permissions and a fresh nonce key; the
 * caller fills in the rest, everything given to it is owned by it */
ThTurnConfig *th_turn_config_new (void);

/* Returns: (transfer full): with the same values, sharing what servers share: ports, quotas,
 * reservations, and the nonces that clients hold. Servers may take it in place of @self
 * (th_turn_server_set_config()) once the caller has changed what it means to change: the policy,
 * own ports, alternate servers, and the limits; nothing else may differ. */
ThTurnConfig *th_turn_config_copy (const ThTurnConfig *self);
ThTurnConfig *th_turn_config_ref (ThTurnConfig *self);
void th_turn_config_unref (ThTurnConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTurnConfig, th_turn_config_unref)

/* Any thread: while it is set, all servers answer new Allocate requests with 300 where there is an
 * alternate server of the client's family (RFC 8489, section 10), else with 508 (RFC 8656, section
 * 7.2), and what lives goes on. */
void th_turn_config_set_draining (ThTurnConfig *self, gboolean draining);
gboolean th_turn_config_is_draining (const ThTurnConfig *self);

/* Those of the family of @local, which may not be set. */
static inline const ThAlternates *
th_turn_config_alternates (const ThTurnConfig *self, const ThAddress *local)
{
  return &self->alternates[th_address_is_ipv6 (local)];
}

/**
 * th_turn_config_choose_host:
 *
 * Which host relays for a client: the one the client spoke to, else the first of that family that
 * others can reach, else the first of that family. Over loopback too, a host that others can reach
 * is the better choice: the client's peers are hardly all on this machine.
 *
 * Returns: its index, or %TH_TURN_NO_HOST if there is none of that family
 */
guint th_turn_config_choose_host (const ThTurnConfig *self,
                                  const ThAddress *local,
                                  ThStunFamily family);

/**
 * th_turn_config_judge_peer:
 * @peer: as the client names it; the port does not count
 * @host: (out): valid if the peer is permitted
 *
 * The one check for all methods: may clients send to that host, and to which of its ports?
 */
gboolean th_turn_config_judge_peer (const ThTurnConfig *self,
                                    const ThAddress *peer,
                                    ThPeerHost *host);

/* Whether that port of a permitted host may be reached now. Any thread, for every packet. */
gboolean th_turn_config_may_reach (const ThTurnConfig *self, const ThPeerHost *host, guint16 port);

G_END_DECLS
