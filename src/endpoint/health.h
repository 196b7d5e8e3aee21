/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /healthz: whether the relay runs, for supervisors and load balancers.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* 200 while the relay runs and takes new sessions, else 503. */
void th_answer_health (const ThRequest *request);

G_END_DECLS
