/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEndpointCounters: what the endpoint itself counts while it runs. Main context only.
 */
#pragma once

#include "endpoint/caller.h"

G_BEGIN_DECLS

typedef struct {
  const char *route; /* its path; "other" for what is none */
  guint status;
  guint64 count;
} ThAnswerCount;

typedef struct {
  guint64 minted[TH_RING_N_KINDS];    /* credentials, by what they were made from */
  guint64 rate_limited[TH_N_CALLERS]; /* requests that were one too many */
  guint64 refused[TH_N_REFUSALS];     /* requests of unknown callers */
  GArray *answers;                    /* (element-type ThAnswerCount) */
} ThEndpointCounters;

void th_endpoint_counters_init (ThEndpointCounters *self);
void th_endpoint_counters_clear (ThEndpointCounters *self);

/* @route: (nullable): a constant; %NULL: none of the routes. A @status of 0 counts for nothing. */
void
th_endpoint_counters_add_answer (ThEndpointCounters *self, const char *route, guint status);

G_END_DECLS
