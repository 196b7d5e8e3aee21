/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUrlRow: one address to give to apps, with a button that copies it.
 */
#pragma once

#include <adwaita.h>

#include "app/connect-url.h"

G_BEGIN_DECLS

#define TH_TYPE_URL_ROW (th_url_row_get_type ())
G_DECLARE_FINAL_TYPE (ThUrlRow, th_url_row, TH, URL_ROW, AdwPreferencesRow)

GtkWidget *th_url_row_new (ThConnectUrl *url);

G_END_DECLS
