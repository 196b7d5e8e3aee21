/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /test: the page that tries, in its visitor's browser, whether calls get through this relay. It is
 * opened by a one-time link; whoever is trusted on loopback needs none.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* How many links, and tickets of pages that were opened, are good at one time. */
#define TH_TEST_LINKS_MAX 16

/* Microseconds that a link is good, and that an opened page may take to begin. */
#define TH_TEST_LINK_LIFETIME (15 * 60 * G_USEC_PER_SEC)
#define TH_TEST_TICKET_LIFETIME (2 * 60 * G_USEC_PER_SEC)

void th_answer_test_page (const ThRequest *request);

/* The page's own files, by their paths: they hold nothing of this relay's. */
void th_answer_test_file (const ThRequest *request);

G_END_DECLS
