/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a visit to the test page says, in words for the window.
 */
#pragma once

#include "app/test-visit.h"

G_BEGIN_DECLS

/* (transfer full): how it goes, or what came of it, as a sentence */
char *th_test_words_for_visit (ThTestVisit *visit);

/* (transfer full): of a way to the relay: "works, after 120 ms" */
char *th_test_words_for_way (ThTestVisit *visit, ThTestWay way);

/* (transfer full): of a message about a problem: "turn:192.0.2.1:3478 could not be reached" */
char *th_test_words_for_problem (const ThTestMessage *message);

G_END_DECLS
