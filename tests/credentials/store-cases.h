/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What must hold for a store wherever it keeps its files, and what its tests write and read with.
 */
#pragma once

#include "credentials/store-move.h"

/* Adds the cases as /credentials/PREFIX/CASE. */
void store_cases_add (const char *prefix, ThStoreKind kind);

/* (transfer full): an empty state directory that uses that kind; test_folder_free() frees it */
char *store_cases_new_folder (ThStoreKind kind);

ThStore *store_cases_open (const char *folder);
void store_cases_write (const char *folder, const char *name, const char *text);

/* (transfer full) (nullable) */
char *store_cases_read (const char *folder, const char *name);
void store_cases_assert_content (const char *folder, const char *name, const char *expected);

/* Turns the main loop until it has ended, and returns what its finish function says. */
typedef gboolean (*StoreCasesFinish) (GAsyncResult *result, GError **error);
typedef struct {
  GAsyncResult *result;
} StoreCasesWait;
void store_cases_on_ready (GObject *source, GAsyncResult *result, gpointer wait);
gboolean store_cases_await (StoreCasesWait *wait, StoreCasesFinish finish, GError **error);
