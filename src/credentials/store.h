/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStore: small files in the state directory that must not be lost. A write is there whole and
 * durable, or not at all; a file that makes no sense is kept aside. While a store is open no other
 * process has it. Blocks; for start and for changes that people make.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_STORE_FILE_SIZE_MAX (256 * 1024)

typedef struct _ThStore ThStore;

/**
 * th_store_open:
 * @directory: made, with its parents, with mode 0700 where absent
 *
 * Waits for other processes that have it open.
 *
 * Returns: (transfer full) (nullable): NULL with TH_CREDENTIALS_ERROR_STORE
 */
ThStore *th_store_open (const char *directory, GError **error);
void th_store_close (ThStore *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThStore, th_store_close)

/**
 * th_store_read:
 * @bytes: (out) (transfer full) (nullable): terminated; NULL if there is no such file
 *
 * Returns: %FALSE if it cannot be read; with TH_CREDENTIALS_ERROR_DAMAGED if it is larger than
 *   %TH_STORE_FILE_SIZE_MAX
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

G_END_DECLS
