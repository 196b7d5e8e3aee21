/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceStage: one step on the way to and through a server, as it is shown: whether it is done, how
 * long that took, and where it failed why, and what to do. Main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-facts.h"

G_BEGIN_DECLS

#define TH_TYPE_ICE_STAGE (th_ice_stage_get_type ())
G_DECLARE_FINAL_TYPE (ThIceStage, th_ice_stage, TH, ICE_STAGE, GObject)

/* Read-only properties: name, state (uint), took (int64), code (uint), cause, remedy, observed. */

ThIceStageKind th_ice_stage_get_kind (ThIceStage *self);
/* "DNS", "Connect", "TLS", "Binding", "Allocate", "Permission", "Channel", "Echo" */
const char *th_ice_stage_get_name (ThIceStage *self);
ThIceStageState th_ice_stage_get_state (ThIceStage *self);
/* When it began, in monotonic microseconds; 0: not yet */
gint64 th_ice_stage_get_began (ThIceStage *self);
/* Microseconds it took so far; 0: not begun */
gint64 th_ice_stage_get_took (ThIceStage *self);
/* STUN's error code, or 0 */
guint th_ice_stage_get_code (ThIceStage *self);
/* (nullable): why it failed, of TH_ICE_ERROR, or why it was skipped */
const GError *th_ice_stage_get_error (ThIceStage *self);
/* The same as a sentence; "" where there is none */
const char *th_ice_stage_get_cause (ThIceStage *self);
/* What to do about it; "" where there is nothing */
const char *th_ice_stage_get_remedy (ThIceStage *self);
/* What was seen: "203.0.113.5:49321"; "" where there is nothing to add */
const char *th_ice_stage_get_observed (ThIceStage *self);
/* What there is to be said of it in its state: what was seen, why it failed, or "…" */
const char *th_ice_stage_describe (ThIceStage *self);

void th_ice_stage_get_facts (ThIceStage *self, ThIceStageFacts *facts);

/* For the path that owns it. */
ThIceStage *th_ice_stage_new (ThIceStageKind kind);
void th_ice_stage_begin (ThIceStage *self);
/* @observed: (nullable) */
void th_ice_stage_pass (ThIceStage *self, const char *observed);
/* @code: STUN's, or 0; @observed: (nullable) */
void th_ice_stage_fail (ThIceStage *self, guint code, const GError *error, const char *observed);
/* @error: (nullable): where there is more to say than that one before it failed; @code: with it */
void th_ice_stage_skip (ThIceStage *self, guint code, const GError *error);

G_END_DECLS
