/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePair: a local and a remote candidate that are tried together (RFC 8445, section 6.1.2).
 * Lives on the main context.
 */
#pragma once

#include "ice/ice-candidate.h"

G_BEGIN_DECLS

typedef enum {
  TH_ICE_PAIR_FROZEN,
  TH_ICE_PAIR_WAITING,
  TH_ICE_PAIR_IN_PROGRESS,
  TH_ICE_PAIR_SUCCEEDED,
  TH_ICE_PAIR_FAILED,
} ThIcePairState;

#define TH_TYPE_ICE_PAIR (th_ice_pair_get_type ())
G_DECLARE_FINAL_TYPE (ThIcePair, th_ice_pair, TH, ICE_PAIR, GObject)

/*
 * Properties, all read-only: "local", "remote" (ThIceCandidate), "state" (uint), "state-name" (as
 * browsers' statistics have it), "selected". The last three notify.
 */
ThIcePair *th_ice_pair_new (ThIceCandidate *local, ThIceCandidate *remote);

ThIceCandidate *th_ice_pair_get_local (ThIcePair *self);
ThIceCandidate *th_ice_pair_get_remote (ThIcePair *self);
ThIcePairState th_ice_pair_get_state (ThIcePair *self);
gboolean th_ice_pair_is_selected (ThIcePair *self);

void th_ice_pair_set_state (ThIcePair *self, ThIcePairState state);
void th_ice_pair_set_selected (ThIcePair *self, gboolean selected);

/* "frozen", "waiting", "in-progress", "succeeded", "failed" */
const char *th_ice_pair_state_get_name (ThIcePairState state);
gboolean th_ice_pair_state_parse (const char *name, ThIcePairState *state);

G_END_DECLS
