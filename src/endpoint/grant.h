/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Giving a caller a credential: what was asked for is read and checked, the lifetime is bounded,
 * and where any of it fails the caller is told. Shared by all routes that hand out credentials.
 */
#pragma once

#include "endpoint/parameters.h"
#include "endpoint/request.h"

G_BEGIN_DECLS

/**
 * th_request_read_parameters:
 * @with_ttl: whether a lifetime may be asked for; else it is passed over
 *
 * Returns: (transfer full) (nullable): NULL if the request has been answered with an error
 */
ThParameters *th_request_read_parameters (const ThRequest *request, gboolean with_ttl);

/**
 * th_request_choose_user:
 *
 * Who the credential is for: whom @parameters name, else the caller. A caller with a JWT can only
 * have credentials for its own user; another name is refused, not passed over.
 *
 * Returns: (transfer none) (nullable): NULL if the request has been answered with an error
 */
const char *
th_request_choose_user (const ThRequest *request, const ThParameters *parameters);

/* A credential by the REST scheme as @parameters ask for it; NULL as above. */
ThCredential *th_request_mint (const ThRequest *request, const ThParameters *parameters);

/* Counts a credential that was made from a secret of @kind for the caller. */
void th_request_note_minted (const ThRequest *request, ThRingKind kind);

/* All steps in one. */
ThCredential *th_request_grant (const ThRequest *request);

G_END_DECLS
