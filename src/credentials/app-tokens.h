/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppTokens: the apps that may ask for credentials, each with a name and a token: those that the
 * configuration names, which are never stored, and those made at run time, which are kept in the
 * state directory. Of tokens only SHA-256 digests are kept. When an app was last seen, and what its
 * last credential was made from, is remembered until the program ends, and not stored.
 * Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/app-token.h"
#include "credentials/row-list.h"

G_BEGIN_DECLS

#define TH_TYPE_APP_TOKENS (th_app_tokens_get_type ())
G_DECLARE_FINAL_TYPE (ThAppTokens, th_app_tokens, TH, APP_TOKENS, ThRowList)

/* A GListModel of ThAppToken: first those of the configuration, then the others, oldest first.
 * Rows of apps that stay are the same objects. */

/**
 * th_app_tokens_open:
 * @directory: the state directory; made (0700) if absent
 *
 * Reads what was made at run time. A file that is damaged is kept aside under another name: that
 * is an error. Blocks.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE or _DAMAGED
 */
ThAppTokens *th_app_tokens_open (const char *directory, GError **error);

/* "name:token" each, split at the first colon; one without a colon or token counts for nothing. A
 * name may stand there with several tokens. While it does, a token of the same name that was made
 * at run time is neither shown nor accepted. */
void th_app_tokens_set_configured (ThAppTokens *self, const char *const *pairs);

/**
 * th_app_tokens_add_async:
 * @name: 1 to 64 bytes of UTF-8 without colons and control characters, that no other app has; there
 *   are 256 apps at most
 *
 * Makes an app with a fresh token of 32 random bytes, in force once it is durable.
 */
void th_app_tokens_add_async (ThAppTokens *self,
                              const char *name,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);

/* Returns: (transfer full) (nullable): the token, which is nowhere else: wipe it after use
 * (th_secret_free()). NULL with TH_CREDENTIALS_ERROR, and then nothing has changed */
char *th_app_tokens_add_finish (ThAppTokens *self, GAsyncResult *result, GError **error);

/**
 * th_app_tokens_replace_async:
 * @grace: seconds, 0 or more, that the token of before is still accepted for. Three former ones
 *   can be so at a time
 *
 * Gives an app that was made at run time another token.
 */
void th_app_tokens_replace_async (ThAppTokens *self,
                                  const char *name,
                                  gint64 grace,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);

/* As th_app_tokens_add_finish() */
char *th_app_tokens_replace_finish (ThAppTokens *self, GAsyncResult *result, GError **error);

/* An app that was made at run time, and all its tokens. */
void th_app_tokens_remove_async (ThAppTokens *self,
                                 const char *name,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer data);
gboolean th_app_tokens_remove_finish (ThAppTokens *self, GAsyncResult *result, GError **error);

/* (transfer none) (nullable): the name of the app whose token this is; takes the same time
 * whichever it is. Good until the main context runs again. */
const char *th_app_tokens_find (ThAppTokens *self, const char *token);

/* The app asked, and was given a credential from the secret of that number, as ThTurnKey tells it
 * (0: it was given none). @now: seconds since 1970, UTC. Unknown names count for nothing. */
void th_app_tokens_note (ThAppTokens *self, const char *name, gint64 now, guint generation);

/* How many apps were last given a credential from another secret of the same kind (shared or API)
 * than that. */
guint th_app_tokens_count_behind (ThAppTokens *self, guint generation);

G_END_DECLS
