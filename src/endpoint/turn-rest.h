/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /turn: a credential and TURN URIs in the shape of the "REST API for access to TURN
 * services" draft, which many servers' plugins read.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

void th_answer_turn_rest (const ThRequest *request);

G_END_DECLS
