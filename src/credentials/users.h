/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUsers: static users with passwords that do not expire, kept only as the keys of RFC 8489,
 * section 18.5.1, for one realm. Immutable and counted; any thread may call.
 */
#pragma once

#include <glib.h>

#include "turn/authenticator.h"

G_BEGIN_DECLS

/* A key's length is 0 where the system's policy forbids its hash. */
typedef struct {
  char name[TH_TURN_USER_SIZE];
  guint8 userhash[TH_STUN_USERHASH_SIZE];
  guint8 md5_key[TH_STUN_KEY_MAX];
  guint8 sha256_key[TH_STUN_KEY_MAX];
  gsize md5_length, sha256_length;
} ThUser;

/**
 * th_user_make:
 * @self: (out): wipe it after use
 * @name: 1 to 127 bytes long without a colon
 * @password: not empty
 *
 * Both are prepared with the OpaqueString profile, as RFC 8489, section 9.2.2 asks.
 *
 * Returns: %FALSE with TH_CREDENTIALS_ERROR_VALUE, which never repeats the password
 */
gboolean th_user_make (ThUser *self,
                       const char *realm,
                       const char *name,
                       const char *password,
                       GError **error);

typedef struct _ThUsers ThUsers;

/**
 * th_users_new:
 * @pairs: "name:password" each, split at the first colon; names are 1 to 127 bytes long
 *
 * Both parts are prepared with the OpaqueString profile, as RFC 8489, section 9.2.2 asks.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_VALUE for a pair that is
 *   malformed or a name that is there twice; the message never repeats a password
 */
ThUsers *th_users_new (const char *realm, const char *const *pairs, GError **error);

/* (transfer full): those of @base, and of @more those whose names are not among them. All of @more
 * have keys for the realm of @base. */
ThUsers *th_users_new_with (const ThUsers *base, const ThUser *const *more, guint n_more);

ThUsers *th_users_ref (ThUsers *self);
void th_users_unref (ThUsers *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThUsers, th_users_unref)

/* The realm that the keys are made for. */
const char *th_users_get_realm (const ThUsers *self);

guint th_users_get_count (const ThUsers *self);
const ThUser *th_users_get (const ThUsers *self, guint place); /* (transfer none) */

/* (transfer none) (nullable): takes the same time whoever is looked for */
const ThUser *th_users_find (const ThUsers *self, const guint8 *userhash);

G_END_DECLS
