/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidates as SDP and browsers write them: "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host"
 * (RFC 8839, section 5.1). Any thread may call.
 */
#pragma once

#include "ice/ice-candidate.h"

G_BEGIN_DECLS

/* Bytes of one line; browsers need fewer than 300. */
#define TH_ICE_LINE_MAX 1024

/**
 * th_ice_candidate_line_parse:
 * @line: need not be terminated; "a=" before it and white space around it do not count
 * @base: (nullable): for what the line does not tell: time, side
 *
 * Extensions other than tcptype, url and relay-protocol are passed over (generation, ufrag,
 * network-id, network-cost, ...).
 *
 * Returns: (transfer full) (nullable): %NULL with %TH_ICE_ERROR_INVALID
 */
ThIceCandidate *th_ice_candidate_line_parse (const char *line,
                                             gsize length,
                                             const ThIceCandidateValues *base,
                                             GError **error);

/* Returns: (transfer full): one line without "a=" and without an end of line */
char *th_ice_candidate_line_make (ThIceCandidate *candidate);

/* Returns: (nullable): where the first candidate of @text begins, at "candidate:" */
const char *th_ice_candidate_line_find (const char *text, gsize length);

G_END_DECLS
