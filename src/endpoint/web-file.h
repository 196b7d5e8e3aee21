/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The files that the endpoint serves from inside the program: /client.mjs, the module by which web
 * apps get their ICE servers, and those of the test page.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

/* (transfer full): a file of data/web, which must be there */
GBytes *th_web_file_get (const char *name);

/* Answers with the file as it is. @type: its media type */
void th_web_file_answer (SoupServerMessage *message, const char *name, const char *type);

/* Any web page may import it: it holds nothing of this relay's. */
void th_answer_client_module (const ThRequest *request);

G_END_DECLS
