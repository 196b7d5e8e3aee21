/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTestVisit: a browser that opened the test page, and what it told of its test. Bounded, however
 * much that is. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "app/test-message.h"

G_BEGIN_DECLS

/* What is kept of one visit */
#define TH_TEST_VISIT_CANDIDATES_MAX 100
#define TH_TEST_VISIT_PROBLEMS_MAX 20
#define TH_TEST_VISIT_SAMPLES_MAX 200

typedef enum {
  TH_TEST_VISIT_RUNNING,
  TH_TEST_VISIT_DONE, /* there is a verdict */
  TH_TEST_VISIT_LOST, /* it ended before that */
} ThTestVisitState;

#define TH_TYPE_TEST_VISIT (th_test_visit_get_type ())
G_DECLARE_FINAL_TYPE (ThTestVisit, th_test_visit, TH, TEST_VISIT, GObject)

/*
 * Properties, all read-only: "name" (of the device, in words), "state" (uint) and "verdict" (uint,
 * ThIceVerdict), which notify. Signal "changed": ways, figures, pairs or
 * problems are others, or all candidates were found.
 */

/**
 * th_test_visit_new:
 * @user_agent: (nullable): what the browser calls itself
 * @address: where it comes from; may be unset
 * @outside: whether that is outside this machine's networks
 *
 * It begins now.
 */
ThTestVisit *
th_test_visit_new (const char *user_agent, const ThAddress *address, gboolean outside);

const char *th_test_visit_get_name (ThTestVisit *self);
ThTestVisitState th_test_visit_get_state (ThTestVisit *self);
ThIceVerdict th_test_visit_get_verdict (ThTestVisit *self);
gint64 th_test_visit_get_began (ThTestVisit *self); /* microseconds since 1970 */
const ThAddress *th_test_visit_get_address (ThTestVisit *self); /* may be unset */
gboolean th_test_visit_is_outside (ThTestVisit *self);
/* whether its browser has found all candidates that it will find */
gboolean th_test_visit_has_gathered (ThTestVisit *self);
ThTestWayState th_test_visit_get_way (ThTestVisit *self, ThTestWay way);
/* microseconds that it took to work or fail; 0: not known yet */
gint64 th_test_visit_get_way_took (ThTestVisit *self, ThTestWay way);
/* the latest; (transfer none) */
const ThTestFigures *th_test_visit_get_figures (ThTestVisit *self);

/* (transfer none): elements are ThIceCandidate, ThIcePair and ThIceSample */
GListModel *th_test_visit_get_candidates (ThTestVisit *self);
GListModel *th_test_visit_get_pairs (ThTestVisit *self);
GListModel *th_test_visit_get_samples (ThTestVisit *self);

/* (transfer none) (nullable): the pair that the browser chose */
ThIcePair *th_test_visit_get_selected_pair (ThTestVisit *self);
/* (transfer none): with servers, in words, each once; NULL-terminated */
const char *const *th_test_visit_get_problems (ThTestVisit *self);

/* Takes in what the page told; nothing once it is done. */
void th_test_visit_take (ThTestVisit *self, const ThTestMessage *message);

/* Nothing more comes. */
void th_test_visit_end (ThTestVisit *self);

G_END_DECLS
