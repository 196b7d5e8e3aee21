/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the endpoint asks of the engine's secrets and apps: the functions of that part of its
 * ThEndpointBackend, with a ThEngine for their data.
 */
#pragma once

#include "endpoint/backend.h"

G_BEGIN_DECLS

ThCredential *
th_engine_mint (gpointer engine, const char *user, gint64 ttl, GError **error);
ThCredential *th_engine_mint_jwt (gpointer engine, const char *user, GError **error);
ThJwtVerdict th_engine_check_jwt (gpointer engine, const char *token, char **user);
const char *th_engine_find_app (gpointer engine, const char *token);
void th_engine_note_app (gpointer engine, const char *name, ThRingKind kind);
void th_engine_get_secret_facts (gpointer engine, ThRingKind kind, ThSecretFacts *facts);

G_END_DECLS
