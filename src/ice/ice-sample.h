/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceSample: how a connection fared during a fraction of a second; a point of a chart. Never
 * changes once made.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct {
  gint64 time;     /* microseconds since measuring began: the end of the fraction */
  gint64 rtt;      /* microseconds, in the median; -1: nothing came back */
  gint64 jitter;   /* microseconds, as RFC 3550 smoothes it */
  double loss;     /* of all until now, 0 to 1 */
  double throughput; /* bits of payload a second that arrived; 0 while nothing is measured */
} ThIceSampleValues;

#define TH_TYPE_ICE_SAMPLE (th_ice_sample_get_type ())
G_DECLARE_FINAL_TYPE (ThIceSample, th_ice_sample, TH, ICE_SAMPLE, GObject)

ThIceSample *th_ice_sample_new (const ThIceSampleValues *values);

/* (transfer none) */
const ThIceSampleValues *th_ice_sample_get_values (ThIceSample *self);

G_END_DECLS
