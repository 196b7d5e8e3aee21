/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer of /api/status: what the relay is doing now, for scripts and other dashboards: counts,
 * rates, listeners, versions. No names of users, no addresses of clients, no secrets.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "endpoint/request.h"

G_BEGIN_DECLS

/* The same for others who tell how the relay is doing: its members, into an object that is being
 * built. */
void th_status_add_members (JsonBuilder *object,
                            const ThEndpointBackend *backend,
                            gpointer backend_data);

void th_answer_status (const ThRequest *request);

/* Adds the certificate that TLS is spoken with, as "certificate", if there is one. @certificate:
 * nullable */
void th_status_add_certificate (JsonBuilder *object, ThCertificate *certificate);

G_END_DECLS
