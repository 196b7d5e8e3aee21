/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that the endpoint serves as they are, from inside the program: /client.mjs, the module
 * by which web apps get their ICE servers.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* Any web page may import it: it holds nothing of this relay's. */
void th_answer_client_module (const ThRequest *request);

G_END_DECLS
