/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceLeg: one client of a server, from its socket to its allocation. A path walks on one, and
 * has a second at the other end of what it relays. Main context.
 */
#pragma once

#include "ice/ice-facts.h"
#include "ice/ice-trust.h"

G_BEGIN_DECLS

#define TH_ICE_CHANNEL 0x4000 /* the one that legs bind */

typedef struct _ThIceLeg ThIceLeg;

/* From within any of them the leg may be freed. */
typedef struct {
  /* CONNECT, TLS, BINDING and ALLOCATE, as far as they apply, one after the other */
  void (*passed) (ThIceStageKind stage, gpointer data);
  /* @code: STUN's, or 0. Nothing comes after. */
  void (*failed) (guint code, const GError *error, gpointer data);
  /* What came out of the relay; @peer is unset where it came over the channel. */
  void (*received) (const ThAddress *peer, const guint8 *bytes, gsize length, gpointer data);
} ThIceLegEvents;

typedef void (*ThIceLegFunc) (guint code, const GError *error, gpointer data);

/**
 * th_ice_leg_new:
 * @server: outlives the leg
 * @remote: its address
 * @with_binding: whether to begin with a Binding request
 * @timeout: of each step, in milliseconds
 * @events: static
 *
 * Goes on by itself to an allocation, where @server is a TURN server.
 *
 * Returns: (transfer full) (nullable): %NULL with a %TH_ICE_ERROR
 */
ThIceLeg *th_ice_leg_new (const ThIceServer *server,
                          const ThAddress *remote,
                          gboolean with_binding,
                          ThIceTrust *trust,
                          guint timeout,
                          const ThIceLegEvents *events,
                          gpointer data,
                          GError **error);
/* At once after th_ice_leg_new(). @preface: (nullable): what a connection over TCP begins with */
void th_ice_leg_set_preface (ThIceLeg *self, const char *preface);

/* Closes the socket, and before that gives back what may be allocated, waiting for no answer. */
void th_ice_leg_free (ThIceLeg *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceLeg, th_ice_leg_free)

/* Unset while unknown. */
const ThAddress *th_ice_leg_get_mapped (ThIceLeg *self);
const ThAddress *th_ice_leg_get_relayed (ThIceLeg *self);
void th_ice_leg_get_local (ThIceLeg *self, ThAddress *local);
/* (nullable), both */
const char *th_ice_leg_get_software (ThIceLeg *self);
const ThIceCertificate *th_ice_leg_get_certificate (ThIceLeg *self);

/* All these want an allocation. */
void th_ice_leg_permit (ThIceLeg *self, const ThAddress *peer, ThIceLegFunc done, gpointer data);
void th_ice_leg_bind (ThIceLeg *self, const ThAddress *peer, ThIceLegFunc done, gpointer data);
void th_ice_leg_send_on_channel (ThIceLeg *self, const guint8 *bytes, gsize length);
void th_ice_leg_send_to (ThIceLeg *self, const ThAddress *peer, const guint8 *bytes, gsize length);
/* Refreshes to a lifetime of 0, which ends the allocation (RFC 8656, section 8). */
void th_ice_leg_release (ThIceLeg *self, ThIceLegFunc done, gpointer data);

G_END_DECLS
