/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThMeasurements: how the call of a test fared: round trip, jitter, loss and throughput, live. Where
 * nothing is measured, there is nothing to see.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-test.h"

G_BEGIN_DECLS

#define TH_TYPE_MEASUREMENTS (th_measurements_get_type ())
G_DECLARE_FINAL_TYPE (ThMeasurements, th_measurements, TH, MEASUREMENTS, AdwBin)

/* @test: (nullable) */
void th_measurements_set_test (ThMeasurements *self, ThIceTest *test);

G_END_DECLS
