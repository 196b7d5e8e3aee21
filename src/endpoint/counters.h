/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEndpointCounters: what the endpoint itself counts while it runs. Main context only.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_HTTP_STATUS_END 600

typedef struct {
  guint64 minted_rest;                 /* credentials by the REST scheme */
  guint64 answers[TH_HTTP_STATUS_END]; /* by HTTP status */
} ThEndpointCounters;

/* A @status that is none counts for nothing. */
void th_endpoint_counters_add_answer (ThEndpointCounters *self, guint status);

G_END_DECLS
