/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserRecord: a static user made at run time, as the keys of RFC 8489 for the realm of that time.
 * No locks; one thread at a time.
 */
#pragma once

#include "credentials/record-file.h"
#include "credentials/users.h"

G_BEGIN_DECLS

/* The most users there can be that are made at run time. */
#define TH_USERS_KEPT_MAX 256

typedef struct {
  ThUser user;
  char *realm;
  gint64 created; /* seconds since 1970, UTC */
} ThUserRecord;

/* Wipes it too. */
void th_user_record_free (ThUserRecord *self);

/* "users.json" */
extern const ThRecordForm th_user_record_form;

/* What people may do. Both: FALSE with TH_CREDENTIALS_ERROR_VALUE. */
gboolean th_user_records_add (GPtrArray *records,
                              const ThUser *user,
                              const char *realm,
                              gint64 now,
                              GError **error);
gboolean th_user_records_remove (GPtrArray *records, const char *name, GError **error);

G_END_DECLS
