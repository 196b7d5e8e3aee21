/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAccountGroup: a list of names with a button that adds one, and a card for the secret that a
 * new one gets. What an account is, the app group and the user group know.
 */
#pragma once

#include "panel/widgets/account-row.h"

G_BEGIN_DECLS

#define TH_TYPE_ACCOUNT_GROUP (th_account_group_get_type ())
G_DECLARE_FINAL_TYPE (ThAccountGroup, th_account_group, TH, ACCOUNT_GROUP, AdwPreferencesGroup)

/*
 * Properties: "add-label" (string): what the button does, "Add app"; "nothing" (string): said in
 * place of an empty list.
 *
 * Signal "add" (string): the user wants an account of that name; to be answered with
 * th_account_group_added() or th_account_group_failed().
 */

/* @accounts: (transfer none); @create_row: as of gtk_list_box_bind_model(): makes a ThAccountRow */
void th_account_group_set_model (ThAccountGroup *self,
                                 GListModel *accounts,
                                 GtkListBoxCreateWidgetFunc create_row,
                                 gpointer data);

/* Calls @show with every row and @data. */
void th_account_group_for_each (ThAccountGroup *self,
                                void (*show) (ThAccountRow *row, gpointer data),
                                gpointer data);

/* Closes what asked for the name. */
void th_account_group_added (ThAccountGroup *self);

/* Says why there is no new account, where the name was asked for. */
void th_account_group_failed (ThAccountGroup *self, const char *reason);

/* As th_once_card_show() */
void th_account_group_show_once (ThAccountGroup *self,
                                 const char *title,
                                 const char *detail,
                                 const char *secret);

G_END_DECLS
