/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTokens: the apps that may ask, each with a name and a token. Only digests of the tokens are
 * kept, and looking one up takes the same time whichever it is.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThTokens ThTokens;

/* @pairs: "name:token", split at the first colon; without a colon or token it counts for nothing */
ThTokens *th_tokens_new (const char *const *pairs);
void th_tokens_free (ThTokens *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTokens, th_tokens_free)

/* Returns: (transfer none) (nullable): the name of the app whose token this is */
const char *th_tokens_find (const ThTokens *self, const char *token);

G_END_DECLS
