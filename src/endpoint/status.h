/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/status: what the relay is doing now, for scripts and other dashboards: counts,
 * rates, listeners, versions. No names of users, no addresses of clients, no secrets.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_status (const ThRequest *request);

G_END_DECLS
