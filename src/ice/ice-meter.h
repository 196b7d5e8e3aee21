/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceMeter: measures a connection between two ends that are both in this process: first small
 * packets that come back, for round-trip time, jitter and loss; then a burst in one direction that
 * grows as long as it arrives, for throughput. No socket and no clock: packets and the time come
 * in, packets go out through a function.
 */
#pragma once

#include "ice/ice-sample.h"

G_BEGIN_DECLS

/* Microseconds, but for the rate. */
typedef struct {
  gint64 probing;        /* how long small packets are sent */
  gint64 probe_interval; /* between them */
  gint64 patience;       /* for the last of them to come back */
  gint64 bursting;       /* how long the burst is; 0: none */
  double max_rate;       /* of the burst: bits a second */
  gint64 sampling;       /* between points of the series */
} ThIceMeterPlan;

/* Two seconds of fifty packets a second, one second of at most 20 Mbit/s, eight points a second. */
extern const ThIceMeterPlan th_ice_meter_usual;

typedef struct {
  guint n_sent, n_returned;
  gint64 rtt_p50, rtt_p95; /* microseconds; -1: nothing came back */
  gint64 jitter;           /* microseconds */
  double loss;             /* 0 to 1 */
  double throughput;       /* bits of payload a second, in the best quarter of a second; 0: none */
} ThIceFigures;

/**
 * ThIceMeterEvents:
 * @send: from the end @side, 0 or 1, to the other; FALSE if it could not
 * @sample: a point of the series is complete
 */
typedef struct {
  gboolean (*send) (guint side, const guint8 *bytes, gsize length, gpointer user_data);
  void (*sample) (const ThIceSampleValues *values, gpointer user_data);
} ThIceMeterEvents;

typedef struct _ThIceMeter ThIceMeter;

/* @now: monotonic microseconds: measuring begins */
ThIceMeter *th_ice_meter_new (const ThIceMeterPlan *plan,
                              gint64 now,
                              const ThIceMeterEvents *events,
                              gpointer user_data);
void th_ice_meter_free (ThIceMeter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceMeter, th_ice_meter_free)

/* Sends what is due; call it every few milliseconds. Returns: FALSE when all is measured */
gboolean th_ice_meter_tick (ThIceMeter *self, gint64 now);

/* A packet arrived at the end @side; what is none of the meter's own is passed over. */
void th_ice_meter_received (ThIceMeter *self,
                            guint side,
                            const guint8 *bytes,
                            gsize length,
                            gint64 now);

/* At any time: as far as it is known. */
ThIceFigures th_ice_meter_get_figures (ThIceMeter *self);

G_END_DECLS
