/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserList: static users, whose passwords do not expire: those that the configuration names,
 * which are never stored, and those made at run time, which are kept in the state directory. Of
 * passwords only the keys of RFC 8489, section 18.5.1 are kept, and these hold for one realm.
 * Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/row-list.h"
#include "credentials/user-entry.h"
#include "credentials/users.h"

G_BEGIN_DECLS

#define TH_TYPE_USER_LIST (th_user_list_get_type ())
G_DECLARE_FINAL_TYPE (ThUserList, th_user_list, TH, USER_LIST, ThRowList)

/* A GListModel of ThUserEntry: first those of the configuration, then the others, oldest first.
 * Rows of users that stay are the same objects.
 * Signal "changed": th_user_list_get_users() are others than before. */

/**
 * th_user_list_open:
 * @directory: the state directory; made (0700) if absent
 * @realm: the relay's
 *
 * Reads the users that were made at run time. A file that is damaged is kept aside under another
 * name: that is an error. Blocks.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE or _DAMAGED
 */
ThUserList *th_user_list_open (const char *directory, const char *realm, GError **error);

/**
 * th_user_list_set_configured:
 * @pairs: as th_users_new() has them
 *
 * The realm, and the users of the configuration. A user of the same name that was made at run time
 * is neither shown nor accepted meanwhile.
 *
 * Returns: FALSE with TH_CREDENTIALS_ERROR_VALUE, and then all stays as it was
 */
gboolean th_user_list_set_configured (ThUserList *self,
                                      const char *realm,
                                      const char *const *pairs,
                                      GError **error);

/**
 * th_user_list_add_async:
 * @name: 1 to 127 bytes of UTF-8 without colons and control characters, that no other user has;
 *   there are 256 users at most that are made at run time
 * @password: (nullable): NULL: one is made, of 20 characters that cannot be taken for others
 *
 * Makes a user for the realm that is the relay's now, in force once it is durable.
 */
void th_user_list_add_async (ThUserList *self,
                             const char *name,
                             const char *password,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);

/* Returns: (transfer full) (nullable): the password, which is nowhere else: wipe it after use
 * (th_secret_free()). NULL with TH_CREDENTIALS_ERROR, and then nothing has changed */
char *th_user_list_add_finish (ThUserList *self, GAsyncResult *result, GError **error);

/* A user that was made at run time. Sessions go on until their next request is refused. */
void th_user_list_remove_async (ThUserList *self,
                                const char *name,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data);
gboolean th_user_list_remove_finish (ThUserList *self, GAsyncResult *result, GError **error);

/* (transfer none): all that are usable, for th_secret_ring_set_users() */
ThUsers *th_user_list_get_users (ThUserList *self);

G_END_DECLS
