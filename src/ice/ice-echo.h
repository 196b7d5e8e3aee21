/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceEcho: what is done with an allocation: packets through the relay and back, on two ways. One
 * goes from the allocation to a second one at the same server, as between two devices that both
 * can do nothing else; it works whatever the relay's rules for peers are. The other goes from a
 * plain socket straight to the relayed address, as from a device without a relay, and shows whether
 * the relay's ports are open. Main context.
 */
#pragma once

#include "ice/ice-leg.h"

G_BEGIN_DECLS

typedef struct _ThIceEcho ThIceEcho;

/* From within any of them the echo may be freed. */
typedef struct {
  /* PERMISSION, CHANNEL and ECHO, one after the other */
  void (*passed) (ThIceStageKind stage, gpointer data);
  void (*failed) (guint code, const GError *error, gpointer data);
} ThIceEchoEvents;

/**
 * th_ice_echo_new:
 * @leg: with an allocation; outlives the echo, as does @other
 * @other: (nullable): with an allocation at the same server
 * @timeout: of the echo, in milliseconds
 *
 * Returns: (transfer full) (nullable): %NULL where no way can be tried: there is no second
 *   allocation, and we are on the relay's machine, or of another family than the relayed address
 */
ThIceEcho *th_ice_echo_new (ThIceLeg *leg,
                            ThIceLeg *other,
                            guint timeout,
                            const ThIceEchoEvents *events,
                            gpointer data);
void th_ice_echo_free (ThIceEcho *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceEcho, th_ice_echo_free)

/* What came to @leg or @other out of the relay. */
void th_ice_echo_take (ThIceEcho *self,
                       ThIceLeg *from,
                       const ThAddress *peer,
                       const guint8 *bytes,
                       gsize length);

ThIceWay th_ice_echo_get_to_itself (ThIceEcho *self);
ThIceWay th_ice_echo_get_from_outside (ThIceEcho *self);
/* The peer that was answered with 403; unset where none was. */
const ThAddress *th_ice_echo_get_denied (ThIceEcho *self);
/* Microseconds through the relay and back; 0: not known */
gint64 th_ice_echo_get_round_trip (ThIceEcho *self);

G_END_DECLS
