/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThKeyringPage: all that the window shows while the secrets are in a keyring that is locked, with
 * a header bar of its own. Its button is the action "app.retry".
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_KEYRING_PAGE (th_keyring_page_get_type ())
G_DECLARE_FINAL_TYPE (ThKeyringPage, th_keyring_page, TH, KEYRING_PAGE, AdwBin)

GtkWidget *th_keyring_page_new (void);

/* The user is asked; as at first. */
void th_keyring_page_set_waiting (ThKeyringPage *self);

/* @error: of th_store_unlock_finish() */
void th_keyring_page_set_error (ThKeyringPage *self, const GError *error);

G_END_DECLS
