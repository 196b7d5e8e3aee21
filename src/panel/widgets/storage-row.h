/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStorageRow: where the secrets are kept, a file or the keyring, and a choice that moves them.
 * Where there is no keyring it says so.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_STORAGE_ROW (th_storage_row_get_type ())
G_DECLARE_FINAL_TYPE (ThStorageRow, th_storage_row, TH, STORAGE_ROW, AdwComboRow)

/* @directory: the state directory */
void th_storage_row_set_directory (ThStorageRow *self, const char *directory);

G_END_DECLS
