/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRingEvent: one line of the secret ring's history: what was done to which kind of secret, when
 * and by whom. Never a secret itself. Does not change once made, so any thread may read it.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  TH_RING_SECRET, /* shared secrets */
  TH_RING_API,    /* API secrets */
  TH_RING_N_KINDS
} ThRingKind;

/* The nicks ("rotated") stand in the stored history, too. */
typedef enum {
  TH_RING_DEED_ROTATED,    /* a fresh secret became current */
  TH_RING_DEED_REVOKED,    /* former secrets were accepted no longer */
  TH_RING_DEED_UNDONE,     /* the secret before became current again */
  TH_RING_DEED_CONFIGURED, /* the configuration named another secret */
} ThRingDeed;
GType th_ring_deed_get_type (void);
#define TH_TYPE_RING_DEED (th_ring_deed_get_type ())

#define TH_TYPE_RING_EVENT (th_ring_event_get_type ())
G_DECLARE_FINAL_TYPE (ThRingEvent, th_ring_event, TH, RING_EVENT, GObject)

/*
 * Properties (all read-only):
 *   time  gint64      seconds since 1970, UTC
 *   kind  guint       ThRingKind
 *   deed  ThRingDeed
 *   by    string      a short word: "panel", "command-line", "desktop", "schedule", "configuration"
 */

/* @by: th_ring_event_is_name() */
ThRingEvent *th_ring_event_new (gint64 time, ThRingKind kind, ThRingDeed deed, const char *by);

gint64 th_ring_event_get_time (ThRingEvent *self);
ThRingKind th_ring_event_get_kind (ThRingEvent *self);
ThRingDeed th_ring_event_get_deed (ThRingEvent *self);
const char *th_ring_event_get_by (ThRingEvent *self); /* (transfer none) */

/* Whether both say the same. */
gboolean th_ring_event_equal (ThRingEvent *self, ThRingEvent *other);

/* Whether @text can say who did it: 1 to 64 bytes of UTF-8 without control characters */
gboolean th_ring_event_is_name (const char *text);

G_END_DECLS
