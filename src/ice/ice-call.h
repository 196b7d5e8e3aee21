/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceCall: a call from this machine to itself: two libnice agents that gather, tell each other
 * their candidates and connect, as the browsers of two people do; then what goes through the pair
 * they chose is measured. Lives on the main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-meter.h"
#include "ice/ice-pair.h"

G_BEGIN_DECLS

/* Who is not connected after so many seconds will not be. */
#define TH_ICE_CONNECTING_SECONDS 10

typedef enum {
  TH_ICE_CALL_IDLE,
  TH_ICE_CALL_CONNECTING, /* gathers, and tries pairs */
  TH_ICE_CALL_MEASURING,
  TH_ICE_CALL_DONE,       /* measured to the end */
  TH_ICE_CALL_FAILED,     /* no pair works */
  TH_ICE_CALL_STOPPED,    /* by whoever started it */
} ThIceCallState;

#define TH_TYPE_ICE_CALL (th_ice_call_get_type ())
G_DECLARE_FINAL_TYPE (ThIceCall, th_ice_call, TH, ICE_CALL, GObject)

/**
 * th_ice_call_new:
 * @servers: (element-type ThIceServer) (transfer none): a reference is taken, and they must not
 *   change; each agent uses the first %NICE_CANDIDATE_MAX_TURN_SERVERS relays and one STUN server
 * @relay_only: as browsers' iceTransportPolicy "relay"
 * @any_certificate: talk TLS also to a relay that cannot prove who it is
 */
ThIceCall *th_ice_call_new (GPtrArray *servers, gboolean relay_only, gboolean any_certificate);

/*
 * Property, read-only: "state" (uint), which notifies.
 */
ThIceCallState th_ice_call_get_state (ThIceCall *self);

/* (transfer none) (element-type ThIcePair): of the agent that called. The selected one is the
 * first; of those it did not decide on before, libnice tells no more than that they wait. */
GListModel *th_ice_call_get_pairs (ThIceCall *self);

/* (transfer none) (element-type ThIceSample): a point for each fraction of a second */
GListModel *th_ice_call_get_samples (ThIceCall *self);

/* (transfer none) (nullable): once the agents are connected */
ThIcePair *th_ice_call_get_selected (ThIceCall *self);

/* Microseconds from the start of the call until it was connected; -1: it is not. */
gint64 th_ice_call_get_connecting_time (ThIceCall *self);

/* What is known until now. */
ThIceFigures th_ice_call_get_figures (ThIceCall *self);

/**
 * th_ice_call_start:
 * @start: monotonic microseconds, from which candidates' times count
 * @plan: (nullable): what to measure; NULL: th_ice_meter_usual
 *
 * Not while it runs. Lists are emptied.
 */
void th_ice_call_start (ThIceCall *self, gint64 start, const ThIceMeterPlan *plan);

/* Relays get their allocations back in the background. What is known stays. */
void th_ice_call_stop (ThIceCall *self);

G_END_DECLS
