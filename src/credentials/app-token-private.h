/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For ThAppTokens, which makes and changes the rows.
 */
#pragma once

#include "credentials/app-token.h"

/* (transfer full) */
ThAppToken *th_app_token_new (const char *name, gboolean configured);

void th_app_token_set_created (ThAppToken *self, gint64 created);

/* @generation: 0 leaves the one before */
void th_app_token_note (ThAppToken *self, gint64 now, guint generation);
