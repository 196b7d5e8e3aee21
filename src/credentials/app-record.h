/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppRecord: an app that may ask for credentials, and the SHA-256 digests of its tokens. Digests
 * are equal in length, so that comparing them tells nothing of the tokens' lengths either. Time is
 * an argument. No locks; one thread at a time.
 */
#pragma once

#include "credentials/record-file.h"

G_BEGIN_DECLS

#define TH_APP_DIGEST_SIZE 32

/* The longest name of an app made at run time, in bytes. */
#define TH_APP_NAME_MAX 64

/* The most apps there can be. */
#define TH_APPS_MAX 256

/* The tokens of one app that are kept: the current one and former ones. */
#define TH_APP_TOKENS_KEPT 4

typedef struct {
  guint8 sha256[TH_APP_DIGEST_SIZE];
  gint64 expires_at; /* seconds since 1970, UTC; 0: it has no end */
} ThAppDigest;

typedef struct {
  char *name;
  gint64 created;  /* of the current token, seconds since 1970, UTC; 0: from the configuration */
  GArray *digests; /* (element-type ThAppDigest): the current one first */
} ThAppRecord;

void th_app_record_free (ThAppRecord *self);

/* "tokens.json" */
extern const ThRecordForm th_app_record_form;

/* @digest: (out): TH_APP_DIGEST_SIZE bytes */
void th_app_digest (const char *token, guint8 *digest);

/* (transfer full) (element-type ThAppRecord): of "name:token" pairs, split at the first colon; one
 * without a colon or token counts for nothing, and a name may have several tokens. */
GPtrArray *th_app_records_from_pairs (const char *const *pairs);

/* (transfer none) (nullable) */
ThAppRecord *th_app_records_get (GPtrArray *records, const char *name);

/* (transfer none) (nullable): whose token it is. Takes the same time whichever it is. */
const ThAppRecord *th_app_records_find (GPtrArray *records, const char *token, gint64 now);

/* What people may do. All: FALSE with TH_CREDENTIALS_ERROR_VALUE. @n_others: how many apps there
 * are besides; @grace: seconds that the former token is still accepted for. */
gboolean th_app_records_add (GPtrArray *records,
                             guint n_others,
                             const char *name,
                             const guint8 *digest,
                             gint64 now,
                             GError **error);
gboolean th_app_records_replace (GPtrArray *records,
                                 const char *name,
                                 const guint8 *digest,
                                 gint64 now,
                                 gint64 grace,
                                 GError **error);
gboolean th_app_records_remove (GPtrArray *records, const char *name, GError **error);

G_END_DECLS
