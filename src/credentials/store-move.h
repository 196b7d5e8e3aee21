/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where the store keeps its files, as the user chooses: unlocking the keyring they are in, and
 * moving them from one place to the other. Main context; all work is done in threads.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/store.h"

G_BEGIN_DECLS

/**
 * th_store_kind_is_available_async:
 *
 * Whether that kind can be had here at all: files always can, the keyring where this program uses
 * one (th_store_use_keyring()) and one answers. Asks the user nothing.
 */
void th_store_kind_is_available_async (ThStoreKind kind,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data);
gboolean th_store_kind_is_available_finish (GAsyncResult *result, GError **error);

/**
 * th_store_unlock_async:
 * @directory: the state directory
 *
 * Before the store is first opened: if its files are in a keyring that is locked, has the user
 * asked to unlock it, and waits for the answer. Cancelling ends the wait; the question stays. Also
 * finishes a move that was cut off.
 *
 * Fails with TH_CREDENTIALS_ERROR_LOCKED if the user does not unlock it, with _STORE if there is no
 * keyring that could be unlocked.
 */
void th_store_unlock_async (const char *directory,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
gboolean th_store_unlock_finish (GAsyncResult *result, GError **error);

/**
 * th_store_move_async:
 * @directory: the state directory
 *
 * Moves all that the store keeps, and from then on it keeps it there. May have the user asked to
 * unlock the keyring, or to make one; until that is answered it can be cancelled. Whatever happens
 * on the way, one of the two places is whole and is the one in use; what the other one then still
 * has of it goes with the next th_store_unlock_async() or th_store_move_async().
 */
void th_store_move_async (const char *directory,
                          ThStoreKind kind,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data);
gboolean th_store_move_finish (GAsyncResult *result, GError **error);

G_END_DECLS
