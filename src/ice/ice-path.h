/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePath: one server over one family of addresses, tried stage by stage on our own codec, from
 * the name to a packet that came back through the relay. Leaves nothing behind at the server: what
 * it allocated it gives back. Main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-facts.h"
#include "ice/ice-stage.h"
#include "ice/ice-trust.h"

G_BEGIN_DECLS

#define TH_ICE_PATH_TIMEOUT 3000 /* milliseconds for each step */

typedef struct {
  ThIceTrust *trust;
  guint timeout;      /* milliseconds for each step; 0: TH_ICE_PATH_TIMEOUT */
  const char *secret; /* nullable: shared; after a 401 tells a wrong secret from a wrong clock */
  const char *preface; /* nullable: what each connection over TCP begins with, before TLS */
} ThIcePathOptions;

#define TH_TYPE_ICE_PATH (th_ice_path_get_type ())
G_DECLARE_FINAL_TYPE (ThIcePath, th_ice_path, TH, ICE_PATH, GObject)

/*
 * Property "running" (boolean). Signal "finished" (), last of all: every stage then has passed,
 * failed or is skipped, and no socket is left.
 */

/* Whether @server can be tried over @family: a numeric address has only its own. */
gboolean th_ice_path_is_possible (const ThIceServer *server, ThStunFamily family);

/* @options: copied */
ThIcePath *th_ice_path_new (const ThIceServer *server,
                            ThStunFamily family,
                            const ThIcePathOptions *options);

/* Once. */
void th_ice_path_start (ThIcePath *self);
/* At once, also without having been started; "finished" is emitted if it ran. */
void th_ice_path_stop (ThIcePath *self);

gboolean th_ice_path_is_running (ThIcePath *self);
/* (transfer none), as all of these */
const ThIceServer *th_ice_path_get_server (ThIcePath *self);
ThStunFamily th_ice_path_get_family (ThIcePath *self);
/* (element-type ThIceStage): always TH_ICE_N_STAGES, in their order */
GListModel *th_ice_path_get_stages (ThIcePath *self);
ThIceStage *th_ice_path_get_stage (ThIcePath *self, ThIceStageKind kind);
/* "TURN over UDP, IPv4" */
const char *th_ice_path_get_label (ThIcePath *self);
/* (nullable): what the server calls itself */
const char *th_ice_path_get_software (ThIcePath *self);
/* (nullable): what the server has shown, good or bad */
const ThIceCertificate *th_ice_path_get_certificate (ThIcePath *self);
/* Microseconds through the relay and back; 0: not known */
gint64 th_ice_path_get_round_trip (ThIcePath *self);

/* Whether no stage failed and the last one that applies passed. */
gboolean th_ice_path_is_well (ThIcePath *self);
/* (transfer none) (nullable): the one that failed */
ThIceStage *th_ice_path_get_failure (ThIcePath *self);

/* Adds what was seen so far. */
void th_ice_path_add_facts (ThIcePath *self, ThIceFacts *facts);

G_END_DECLS
