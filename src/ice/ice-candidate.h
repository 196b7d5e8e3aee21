/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceCandidate: an address at which somebody may be reached (RFC 8445), with where it was learnt
 * from. Never changes once made.
 */
#pragma once

#include <glib-object.h>

#include "ice/ice-facts.h"

G_BEGIN_DECLS

/* What a candidate is made of; texts are copied. */
typedef struct {
  gint64 time; /* microseconds since the start of the test; 0 where nobody measured */
  gboolean remote; /* of the other side */
  ThIceCandidateType type;
  const char *foundation;
  guint component;
  gboolean tcp;
  const char *tcp_type; /* nullable: "active", "passive" or "so" (RFC 6544), over TCP */
  const char *address;  /* numeric, or a name such as "8c3b….local" (mDNS); "": kept back */
  guint16 port;
  guint32 priority;
  const char *related_address; /* nullable */
  guint16 related_port;
  const char *server_url;     /* nullable: of the server that told or gave it */
  const char *relay_protocol; /* nullable: "udp", "tcp" or "tls": the way to the relay */
} ThIceCandidateValues;

#define TH_TYPE_ICE_CANDIDATE (th_ice_candidate_get_type ())
G_DECLARE_FINAL_TYPE (ThIceCandidate, th_ice_candidate, TH, ICE_CANDIDATE, GObject)

ThIceCandidate *th_ice_candidate_new (const ThIceCandidateValues *values);

/*
 * Properties, all read-only: "time", "remote", "type" (uint), "type-name" ("host", "srflx",
 * "prflx", "relay"), "foundation", "component", "protocol" ("udp" or "tcp"), "tcp-type",
 * "address", "port", "priority", "type-preference", "local-preference", "related-address",
 * "related-port", "server-url", "relay-protocol".
 */

/* (transfer none): all of it */
const ThIceCandidateValues *th_ice_candidate_get_values (ThIceCandidate *self);

/* The name of a type as it stands in SDP. */
const char *th_ice_candidate_type_get_name (ThIceCandidateType type);

/* FALSE if there is no such type. */
gboolean th_ice_candidate_type_parse (const char *name, ThIceCandidateType *type);

/* The three parts of a priority (RFC 8445, section 5.1.2.1): 2^24 and 2^8 times the first two, and
 * 256 less the component. */
guint th_ice_candidate_get_type_preference (ThIceCandidate *self);
guint th_ice_candidate_get_local_preference (ThIceCandidate *self);
guint th_ice_candidate_get_component_preference (ThIceCandidate *self);

/* The part of a test's facts that a candidate is; an address that is a name stays unset. */
ThIceCandidateFacts th_ice_candidate_get_facts (ThIceCandidate *self);

G_END_DECLS
