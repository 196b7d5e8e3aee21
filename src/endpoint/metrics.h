/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /metrics: everything the relay and the endpoint count, for Prometheus, as it is at
 * this moment. No names of users, no addresses of clients, no secrets.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_metrics (const ThRequest *request);

G_END_DECLS
