/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a caller a credential: what was asked for is read and checked, the lifetime is bounded,
 * and where any of it fails the caller is told. Shared by all routes that hand out credentials.
 */
#pragma once

#include "endpoint/parameters.h"
#include "endpoint/request.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable): NULL if the request has been answered with an error */
ThParameters *th_request_read_parameters (const ThRequest *request);

/* A credential by the REST scheme as @parameters ask for it; NULL as above. */
ThCredential *th_request_mint (const ThRequest *request, const ThParameters *parameters);

/* Both steps in one. */
ThCredential *th_request_grant (const ThRequest *request);

G_END_DECLS
