/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ports kept for a client that asked for an even port and the next one (EVEN-PORT, RFC 8656,
 * sections 7.2 and 18.7): it has 30 seconds to fetch the second with the token it was given.
 * Shared by all workers, as that second request may reach another one; any thread may call.
 */
#pragma once

#include <glib.h>

#include "turn/authenticator.h"

G_BEGIN_DECLS

#define TH_RESERVATION_TOKEN_SIZE 8
#define TH_RESERVATION_LIFETIME_US (G_GINT64_CONSTANT (30) * G_USEC_PER_SEC)

typedef struct _ThReservations ThReservations;

/* One port that waits for its client. */
typedef struct {
  guint8 token[TH_RESERVATION_TOKEN_SIZE]; /* kernel randomness */
  guint host;                              /* as in ThPorts */
  guint16 port;
  gpointer socket;              /* the caller's; not looked at */
  char user[TH_TURN_USER_SIZE]; /* who alone may claim it, terminated */
  gint64 expires_at_us;         /* monotonic clock */
} ThReservation;

/* Frees what a reservation holds that nobody claimed. Called without any lock held, on whichever
 * thread expires, adds, or drops the last reference. */
typedef void (*ThReservationReleaseFunc) (ThReservation *reservation, gpointer user_data);

/* @max: how many may wait at a time */
ThReservations *th_reservations_new (guint max,
                                     ThReservationReleaseFunc release,
                                     gpointer user_data);
ThReservations *th_reservations_ref (ThReservations *self);

/* The last one releases all that wait. */
void th_reservations_unref (ThReservations *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThReservations, th_reservations_unref)

/**
 * th_reservations_add:
 * @reservation: (inout): host, port, socket and user are the caller's; token and expiry are filled
 *   in here
 *
 * Returns: %FALSE if as many wait as may; the port and socket then stay the caller's
 */
gboolean th_reservations_add (ThReservations *self, ThReservation *reservation, gint64 now_us);

/**
 * th_reservations_claim:
 * @out: (out): what was reserved; the port and socket are the caller's from now on
 *
 * Each can be claimed once.
 *
 * Returns: %FALSE for a token that was never given, has been used, has expired, or belongs to
 *   another user (whose reservation stays as it was); @out is then unchanged
 */
gboolean th_reservations_claim (ThReservations *self,
                                const guint8 token[TH_RESERVATION_TOKEN_SIZE],
                                const char *user,
                                gint64 now_us,
                                ThReservation *out);

/* Releases those whose time is over. */
void th_reservations_expire (ThReservations *self, gint64 now_us);

G_END_DECLS
