/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAccountRow: one app or user: its name, a line about it, and a menu of what can be done with
 * it.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_ACCOUNT_ROW (th_account_row_get_type ())
G_DECLARE_FINAL_TYPE (ThAccountRow, th_account_row, TH, ACCOUNT_ROW, AdwActionRow)

/* Signals "replace" and "remove": the user asks for that. */

/**
 * th_account_row_new:
 * @item: (transfer none): what the row stands for
 * @menu: (nullable): with the actions "account.replace" and "account.remove"; NULL: there is
 *   nothing that can be done with it here
 */
GtkWidget *th_account_row_new (gpointer item, const char *name, GMenuModel *menu);

/* (transfer none) */
gpointer th_account_row_get_item (ThAccountRow *self);
const char *th_account_row_get_name (ThAccountRow *self);

G_END_DECLS
