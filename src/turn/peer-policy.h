/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * To which peers may the relay send? By default to those of the public internet alone: whatever
 * IANA's special-purpose registries keep back is denied, also where an IPv6 address only wraps an
 * IPv4 one. Two lists of networks change that. Only hosts are judged here, ports elsewhere. A
 * policy never changes once made: any thread may ask it.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_PEER_POLICY_ERROR (th_peer_policy_error_quark ())

/**
 * ThPeerPolicyError:
 * @TH_PEER_POLICY_ERROR_ALLOW: an entry of the allow list is no network in CIDR form
 * @TH_PEER_POLICY_ERROR_DENY: an entry of the deny list is none
 */
typedef enum {
  TH_PEER_POLICY_ERROR_ALLOW,
  TH_PEER_POLICY_ERROR_DENY,
} ThPeerPolicyError;

GQuark th_peer_policy_error_quark (void);

typedef struct _ThPeerPolicy ThPeerPolicy;

/**
 * ThPeerVerdict:
 * @TH_PEER_ALLOWED: a public address that no rule names
 * @TH_PEER_DENIED_SPECIAL: kept back by IANA for special purposes, or never handed out
 * @TH_PEER_DENIED_LAN: private (RFC 1918) or unique local (RFC 4193), and the LAN is not allowed
 * @TH_PEER_DENIED_LOOPBACK: this machine itself
 * @TH_PEER_DENIED_BY_RULE: inside a network of the deny list
 * @TH_PEER_ALLOWED_BY_RULE: inside a network of the allow list
 */
typedef enum {
  TH_PEER_ALLOWED,
  TH_PEER_DENIED_SPECIAL,
  TH_PEER_DENIED_LAN,
  TH_PEER_DENIED_LOOPBACK,
  TH_PEER_DENIED_BY_RULE,
  TH_PEER_ALLOWED_BY_RULE,
} ThPeerVerdict;

/**
 * th_peer_policy_new:
 * @allow: (array zero-terminated=1) (nullable): networks, as th_cidr_parse() reads them
 * @deny: (array zero-terminated=1) (nullable): the same
 * @allow_lan: whether RFC 1918 and fc00::/7 peers are allowed. Link-local, shared (100.64.0.0/10)
 *   and cloud metadata addresses stay denied
 *
 * Deny rules win over allow rules, and allow rules over the built-in denials. A deny rule for an
 * IPv4 network also denies the IPv6 addresses that embed it; an allow rule for an IPv4 network
 * (and @allow_lan) opens its plain IPv4 addresses only. An IPv6 allow rule opens addresses that
 * embed IPv4 if it lies inside their range: "64:ff9b::a00:0/104" does, "::/0" does not.
 *
 * Returns: (transfer full): %NULL with a %TH_PEER_POLICY_ERROR
 */
ThPeerPolicy *th_peer_policy_new (const char *const *allow,
                                  const char *const *deny,
                                  gboolean allow_lan,
                                  GError **error);
ThPeerPolicy *th_peer_policy_ref (ThPeerPolicy *self);
void th_peer_policy_unref (ThPeerPolicy *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThPeerPolicy, th_peer_policy_unref)

/* Judges the host of @peer; its port does not matter. Allocates nothing, takes no lock. */
ThPeerVerdict th_peer_policy_judge (const ThPeerPolicy *self, const ThAddress *peer);

gboolean th_peer_verdict_allows (ThPeerVerdict verdict);

/* (transfer full) (nullable): the network by which the host of @peer is denied, "10.0.0.0/8"; of an
 * address that embeds IPv4, perhaps one of IPv4. NULL where it is allowed. */
char *th_peer_policy_find_network (const ThPeerPolicy *self, const ThAddress *peer);

/* A few words for people, such as "a private network address", to be translated where they are
 * shown */
const char *th_peer_verdict_describe (ThPeerVerdict verdict);

G_END_DECLS
