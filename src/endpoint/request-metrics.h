/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The metrics of requests to the endpoint: what was answered, given out and refused.
 */
#pragma once

#include "endpoint/counters.h"
#include "endpoint/exposition.h"

G_BEGIN_DECLS

void th_request_metrics_add (ThExposition *exposition, const ThEndpointCounters *counters);

G_END_DECLS
