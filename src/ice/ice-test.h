/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceTest: one run of the ICE test. It reads the list of servers, fetches from endpoints what
 * they list, tries all paths at once while candidates are gathered, has this machine call itself,
 * and ends with findings and a verdict. Main context; nothing blocks; whoever drops it ends it.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-meter.h"
#include "ice/ice-path.h"
#include "ice/ice-test-options.h"
#include "ice/ice-verdict.h"

G_BEGIN_DECLS

#define TH_TYPE_ICE_TEST (th_ice_test_get_type ())
G_DECLARE_FINAL_TYPE (ThIceTest, th_ice_test, TH, ICE_TEST, GObject)

/*
 * Properties, read-only: "running" (boolean), "verdict" (uint: ThIceVerdict), "headline" (string).
 * Signal "event" (gint64 microseconds since the start, char *text): each step, in plain words; from
 * within it the test must not be stopped.
 * Signal "finished" (): last of all.
 */

/* @options: copied */
ThIceTest *th_ice_test_new (const ThIceTestOptions *options);

/* Once. */
void th_ice_test_start (ThIceTest *self);
/* At once; there is then no verdict. */
void th_ice_test_stop (ThIceTest *self);

gboolean th_ice_test_is_running (ThIceTest *self);
/* (transfer none), as all of these; (element-type ThIcePath) */
GListModel *th_ice_test_get_paths (ThIceTest *self);
/* (element-type ThIceCandidate): as they are gathered */
GListModel *th_ice_test_get_candidates (ThIceTest *self);
/* (element-type ThIcePair): of the call that follows */
GListModel *th_ice_test_get_pairs (ThIceTest *self);
/* (element-type ThIceSample): what was measured in it */
GListModel *th_ice_test_get_samples (ThIceTest *self);
/* FALSE where nothing was measured */
gboolean th_ice_test_get_figures (ThIceTest *self, ThIceFigures *figures);
/* How the router treats UDP, in a sentence or two; "" where that is not known */
const char *th_ice_test_describe_nat (ThIceTest *self);
/* (element-type ThIceFinding): filled at the end */
GListModel *th_ice_test_get_findings (ThIceTest *self);
ThIceVerdict th_ice_test_get_verdict (ThIceTest *self);
/* "" while there is no verdict */
const char *th_ice_test_get_headline (ThIceTest *self);
/* (nullable): why there was nothing to test: the whole list is of no use */
const GError *th_ice_test_get_error (ThIceTest *self);
/* (array zero-terminated=1): "label: why it is no server" */
const char *const *th_ice_test_get_refused_rows (ThIceTest *self);
/* Seconds since 1970; 0: not started */
gint64 th_ice_test_get_started_at (ThIceTest *self);
/* Microseconds so far */
gint64 th_ice_test_get_took (ThIceTest *self);
/* Our address as servers see it; unset where unknown */
void th_ice_test_get_mapped (ThIceTest *self, ThAddress *mapped);

/* (transfer full): what has been seen so far */
ThIceFacts *th_ice_test_make_facts (ThIceTest *self);

G_END_DECLS
