/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStore: small files that must not be lost, in the state directory or, where its marker file says
 * so, in the system keyring. A write is there whole and durable, or not at all; a file that makes
 * no sense is kept aside. While a store is open no other process has it. Blocks, though for a few
 * seconds at most where a keyring does not answer, and never has it ask the user; for start and
 * for changes that people make. Any thread, one at a time for each ThStore.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_STORE_FILE_SIZE_MAX (256 * 1024)

/* In the state directory: "files" or "keyring", for where the secrets of that directory are. */
#define TH_STORE_MARKER "secrets-are-kept-in"

typedef enum {
  TH_STORE_FILES,   /* in the state directory, mode 0600 */
  TH_STORE_KEYRING, /* in the desktop's keyring, which encrypts them */
} ThStoreKind;

typedef struct _ThStore ThStore;

/* Where the secrets of @directory are; files where its marker is absent or makes no sense (opening
 * the store tells). Does not block for longer than it takes to read a small file. */
ThStoreKind th_store_get_kind (const char *directory);

/**
 * th_store_open:
 * @directory: made, with its parents, with mode 0700 where absent
 *
 * Waits for other processes that have it open.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE, or with
 *   TH_CREDENTIALS_ERROR_LOCKED where a keyring must be unlocked first (th_store_unlock_async())
 */
ThStore *th_store_open (const char *directory, GError **error);

/* The same for what is no secret and written often: in the state directory, wherever the secrets
 * are. Names that end in ".json" are for the others. */
ThStore *th_store_open_files (const char *directory, GError **error);
void th_store_close (ThStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThStore, th_store_close)

/**
 * th_store_read:
 * @name: as of a file, and ending in ".json": others are not moved between files and keyring
 * @bytes: (out) (transfer full) (nullable): terminated; NULL if there is no such file
 *
 * Returns: %FALSE if it cannot be read; with TH_CREDENTIALS_ERROR_DAMAGED if it is larger than
 *   %TH_STORE_FILE_SIZE_MAX, with TH_CREDENTIALS_ERROR_LOCKED if the keyring has been locked
 */
gboolean th_store_read (ThStore *self,
                        const char *name,
                        char **bytes,
                        gsize *length,
                        GError **error);

/* Mode 0600. If it fails, what was there before stays. */
gboolean th_store_write (ThStore *self,
                         const char *name,
                         const char *bytes,
                         gsize length,
                         GError **error);

/* (transfer full) (nullable): renames to "NAME.damaged-TIME" and returns that */
char *th_store_set_aside (ThStore *self, const char *name, GError **error);

/**
 * th_store_set_damaged_aside:
 * @then: what follows where people do not put a good copy back: "then ..."
 *
 * The same for what makes no sense.
 *
 * Returns: (transfer full): TH_CREDENTIALS_ERROR_DAMAGED, which says so to people; or why it cannot
 *   be set aside
 */
GError *th_store_set_damaged_aside (ThStore *self, const char *name, const char *then);

G_END_DECLS
