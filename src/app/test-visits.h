/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The visits to the test page that are kept, in memory alone. Main context only.
 */
#pragma once

#include "app/test-visit.h"

G_BEGIN_DECLS

#define TH_TEST_VISITS_MAX 20

/* Seconds for which a device that got through proves that others can */
#define TH_TEST_VISITS_PROOF G_GINT64_CONSTANT (86400)

/* Adds one to the front of @visits (element-type ThTestVisit); the oldest make room. The rest as
 * th_test_visit_new() has it. Returns: (transfer full) */
ThTestVisit *th_test_visits_begin (GListStore *visits,
                                   const char *user_agent,
                                   const ThAddress *address,
                                   gboolean outside);

/* Whether a device outside got through, not too long before @now (microseconds since 1970). */
gboolean th_test_visits_prove_outside (GListModel *visits, gint64 now);

G_END_DECLS
