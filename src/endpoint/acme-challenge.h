/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an authority reads here before it gives out a certificate (HTTP-01; RFC 8555, section 8.3).
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* The token follows. */
#define TH_ACME_CHALLENGE_PATH "/.well-known/acme-challenge/"

void th_answer_acme_challenge (const ThRequest *request);

G_END_DECLS
