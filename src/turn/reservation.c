/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reservations that wait, in a small array under a lock. Those whose time is over are taken
 * out under it and released after it, since that may close sockets.
 */
#include "turn/reservation.h"

#include <string.h>

#include "turn/random.h"

struct _ThReservations {
  gatomicrefcount references;
  guint max;
  ThReservationReleaseFunc release;
  gpointer user_data;
  GMutex lock;
  GArray *waiting; /* ThReservation, in no order; under the lock */
};

static ThReservation *
nth (GArray *reservations, guint index)
{
  return &g_array_index (reservations, ThReservation, index);
}

static void
release_all (ThReservations *self, GArray *reservations)
{
  for (guint i = 0; i < reservations->len; i++)
    self->release (nth (reservations, i), self->user_data);
}

/* Returns: (transfer full): those whose time is over; the lock must be held */
static GArray *
take_expired (ThReservations *self, gint64 now_us)
{
  GArray *expired = g_array_new (FALSE, FALSE, sizeof (ThReservation));

  for (guint i = self->waiting->len; i-- > 0;)
    {
      if (nth (self->waiting, i)->expires_at_us > now_us)
        continue;
      g_array_append_val (expired, *nth (self->waiting, i));
      g_array_remove_index_fast (self->waiting, i);
    }
  return expired;
}

static gboolean
may_claim (const ThReservation *reservation, const guint8 *token, const char *user, gint64 now_us)
{
  return memcmp (reservation->token, token, sizeof reservation->token) == 0 &&
         strcmp (reservation->user, user) == 0 && reservation->expires_at_us > now_us;
}

ThReservations *
th_reservations_new (guint max, ThReservationReleaseFunc release, gpointer user_data)
{
  ThReservations *self = g_new0 (ThReservations, 1);

  g_atomic_ref_count_init (&self->references);
  self->max = max;
  self->release = release;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  self->waiting = g_array_new (FALSE, FALSE, sizeof (ThReservation));
  return self;
}

ThReservations *
th_reservations_ref (ThReservations *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_reservations_unref (ThReservations *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  release_all (self, self->waiting);
  g_array_unref (self->waiting);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
th_reservations_add (ThReservations *self, ThReservation *reservation, gint64 now_us)
{
  g_autoptr (GArray) expired = NULL;
  gboolean has_room;

  g_mutex_lock (&self->lock);
  expired = take_expired (self, now_us);
  has_room = self->waiting->len < self->max;
  if (has_room)
    {
      th_random_bytes (reservation->token, sizeof reservation->token);
      reservation->expires_at_us = now_us + TH_RESERVATION_LIFETIME_US;
      g_array_append_val (self->waiting, *reservation);
    }
  g_mutex_unlock (&self->lock);

  release_all (self, expired);
  return has_room;
}

gboolean
th_reservations_claim (ThReservations *self,
                       const guint8 token[TH_RESERVATION_TOKEN_SIZE],
                       const char *user,
                       gint64 now_us,
                       ThReservation *out)
{
  gboolean found = FALSE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->waiting->len && !found; i++)
    {
      found = may_claim (nth (self->waiting, i), token, user, now_us);
      if (found)
        {
          *out = *nth (self->waiting, i);
          g_array_remove_index_fast (self->waiting, i);
        }
    }
  g_mutex_unlock (&self->lock);
  return found;
}

void
th_reservations_expire (ThReservations *self, gint64 now_us)
{
  g_autoptr (GArray) expired = NULL;

  g_mutex_lock (&self->lock);
  expired = take_expired (self, now_us);
  g_mutex_unlock (&self->lock);
  release_all (self, expired);
}
