/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The visits to the test page that are kept, in memory alone. Main context only.
 */
#pragma once

#include "app/test-visit.h"

G_BEGIN_DECLS

#define TH_TEST_VISITS_MAX 20

/* Adds one to the front of @visits (element-type ThTestVisit); the oldest make room. Returns:
 * (transfer full) */
ThTestVisit *th_test_visits_begin (GListStore *visits, const char *user_agent);

G_END_DECLS
