/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Shared secrets as text: making strong ones, checking those that people choose, and leaving
 * nothing of them in memory. Any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_SECRET_SIZE_MAX 1024 /* bytes */

/* (transfer full): 32 bytes of the kernel's randomness as 43 characters of base64url (RFC 4648) */
char *th_secret_generate (void);

/* FALSE with TH_CREDENTIALS_ERROR_VALUE unless 1 to 1024 bytes of plain text (th_text_is_plain) */
gboolean th_secret_check (const char *secret, GError **error);

/* UTF-8 without control characters (NUL is one) */
gboolean th_text_is_plain (const char *text, gsize length);

/* Wipes and frees; NULL is fine. */
void th_secret_free (char *secret);
typedef char ThSecretText;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThSecretText, th_secret_free)

/* The same for a list of them, NULL-terminated. */
void th_secrets_free (char **secrets);
typedef char *ThSecretTexts;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThSecretTexts, th_secrets_free)

G_END_DECLS
