/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceGatherer: finds out under which addresses this machine can be reached, with libnice: its
 * own, those that servers see, and those that relays give (RFC 8445, section 5.1.1). Lives on the
 * main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-candidate.h"

G_BEGIN_DECLS

/* Longer than this, gathering does not go on: seconds. */
#define TH_ICE_GATHERING_SECONDS 10

#define TH_TYPE_ICE_GATHERER (th_ice_gatherer_get_type ())
G_DECLARE_FINAL_TYPE (ThIceGatherer, th_ice_gatherer, TH, ICE_GATHERER, GObject)

/**
 * th_ice_gatherer_new:
 * @servers: (element-type ThIceServer) (transfer none): a reference is taken, and they must not
 *   change; STUN over TCP or TLS, and TURN over DTLS, are left out: libnice has no use for them
 * @relay_only: as browsers' iceTransportPolicy "relay"
 * @any_certificate: gather over TLS also where the server cannot prove who it is
 */
ThIceGatherer *
th_ice_gatherer_new (GPtrArray *servers, gboolean relay_only, gboolean any_certificate);

/*
 * Properties, read-only: "running" (boolean), which notifies; "complete" (boolean): it has come to
 * its end, rather than been stopped or run out of time.
 */

/* (transfer none) (element-type ThIceCandidate): in order of appearance; host candidates are there
 * at once. Emptied by the next start. */
GListModel *th_ice_gatherer_get_candidates (ThIceGatherer *self);

/* @start: monotonic microseconds, from which candidates' times count; not while it runs */
void th_ice_gatherer_start (ThIceGatherer *self, gint64 start);

/* Candidates stay. Relays get their allocations back in the background. */
void th_ice_gatherer_stop (ThIceGatherer *self);

gboolean th_ice_gatherer_is_running (ThIceGatherer *self);
gboolean th_ice_gatherer_is_complete (ThIceGatherer *self);

G_END_DECLS
