/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThKeyring: libsecret as a thread can use it that waits: every call ends within 5 seconds, and
 * nothing asks the user, unless that is what it was opened for. One thread at a time; it need not
 * have a main loop, and if it has one, that does not turn meanwhile.
 */
#pragma once

#include <libsecret/secret.h>

G_BEGIN_DECLS

typedef struct _ThKeyring ThKeyring;

typedef enum {
  TH_KEYRING_QUIET, /* never asks */
  TH_KEYRING_ASKS,  /* asks to unlock, and waits for the user for as long as it takes */
} ThKeyringManner;

/**
 * th_keyring_open:
 *
 * In a sandbox (Flatpak, Snap), libsecret keeps the items in a file there that it encrypts, with a
 * key that it has from the Secret portal. Else there must be a Secret Service on the session bus.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE
 */
ThKeyring *th_keyring_open (ThKeyringManner manner, GError **error);
void th_keyring_free (ThKeyring *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThKeyring, th_keyring_free)

/* FALSE with TH_CREDENTIALS_ERROR_LOCKED if the default collection is locked, or with
 * TH_CREDENTIALS_ERROR_STORE if there is none */
gboolean th_keyring_check_unlocked (ThKeyring *self, GError **error);

/**
 * th_keyring_unlock:
 * @attributes: of items that must be accessible, too, wherever they are
 * @make: whether a default collection is made where there is none
 *
 * Only where it may ask.
 *
 * Returns: FALSE with TH_CREDENTIALS_ERROR_LOCKED if the user does not want to
 */
gboolean th_keyring_unlock (ThKeyring *self,
                            const SecretSchema *schema,
                            GHashTable *attributes,
                            gboolean make,
                            GError **error);

/**
 * th_keyring_search:
 * @items: (out) (transfer full) (element-type SecretRetrievable): all that match
 *
 * Returns: FALSE with an error; with TH_CREDENTIALS_ERROR_LOCKED also if one of them is locked
 */
gboolean th_keyring_search (ThKeyring *self,
                            const SecretSchema *schema,
                            GHashTable *attributes,
                            GList **items,
                            GError **error);

/* (transfer full) (nullable) */
SecretValue *th_keyring_get_value (ThKeyring *self, SecretRetrievable *item, GError **error);

/* Into the default collection, instead of the item there with the same attributes. */
gboolean th_keyring_store (ThKeyring *self,
                           const SecretSchema *schema,
                           GHashTable *attributes,
                           const char *label,
                           SecretValue *value,
                           GError **error);

/* Removes all items that match. */
gboolean th_keyring_clear (ThKeyring *self,
                           const SecretSchema *schema,
                           GHashTable *attributes,
                           GError **error);

G_END_DECLS
