/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A connection's statistics as browsers tell them (W3C WebRTC statistics): reports with an id and
 * a type, from which candidates and pairs are put together. The dump of chrome://webrtc-internals
 * has the same, taken apart into one series a member.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "ice/ice-pair.h"

G_BEGIN_DECLS

typedef struct _ThIceStats ThIceStats;

ThIceStats *th_ice_stats_new (void);
void th_ice_stats_free (ThIceStats *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceStats, th_ice_stats_free)

/* One report of getStats(). Returns: FALSE if it is none of use here */
gboolean th_ice_stats_add_report (ThIceStats *self, JsonObject *report);

/* The "stats" of one connection in a dump: "ID-MEMBER": {"statsType", "values": "[...]"}. */
void th_ice_stats_add_series (ThIceStats *self, JsonObject *stats);

/**
 * ThIceStatsTake:
 * @candidate: as far as the statistics tell: the component is a guess, the address may be ""
 *
 * Returns: (transfer full): the candidate that pairs are to have in its place
 */
typedef ThIceCandidate *(*ThIceStatsTake) (ThIceCandidate *candidate, gpointer user_data);

/* Hands out the candidates, in order of their ids. Once. */
void th_ice_stats_take_candidates (ThIceStats *self, ThIceStatsTake take, gpointer user_data);

/* Returns: (transfer full) (element-type ThIcePair): of the candidates that were taken */
GPtrArray *th_ice_stats_get_pairs (ThIceStats *self);

G_END_DECLS
