/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceFinding: one thing that a test found out, in words: what, how that was seen, why, and what
 * to do. Never changes once made.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-facts.h"

G_BEGIN_DECLS

typedef enum {
  TH_ICE_NOTE,    /* good to know */
  TH_ICE_WARNING, /* calls work, but not everywhere */
  TH_ICE_PROBLEM, /* calls through this relay do not work */
} ThIceSeverity;

#define TH_TYPE_ICE_FINDING (th_ice_finding_get_type ())
G_DECLARE_FINAL_TYPE (ThIceFinding, th_ice_finding, TH, ICE_FINDING, GObject)

/* All properties, read-only, under the names of these; texts but @action are never NULL. */
const char *th_ice_finding_get_id (ThIceFinding *self); /* "wrong-secret": stable, for programs */
ThIceSeverity th_ice_finding_get_severity (ThIceFinding *self);
const char *th_ice_finding_get_what (ThIceFinding *self);
const char *th_ice_finding_get_evidence (ThIceFinding *self); /* "" where there is nothing to add */
const char *th_ice_finding_get_cause (ThIceFinding *self);
const char *th_ice_finding_get_remedy (ThIceFinding *self);
/* (nullable): what a program may offer: "phone", "credentials", "preferences:GROUP/KEY" */
const char *th_ice_finding_get_action (ThIceFinding *self);

/**
 * th_ice_findings_new:
 *
 * Goes through the table of rules.
 *
 * Returns: (transfer full) (element-type ThIceFinding): worst first
 */
GListStore *th_ice_findings_new (const ThIceFacts *facts);

G_END_DECLS
