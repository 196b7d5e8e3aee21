/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectDialog: what to paste into which app so that it uses this relay. The apps are listed on
 * the left; in a narrow window, app and list take turns. What it shows follows the engine.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CONNECT_DIALOG (th_connect_dialog_get_type ())
G_DECLARE_FINAL_TYPE (ThConnectDialog, th_connect_dialog, TH, CONNECT_DIALOG, AdwWindow)

/**
 * th_connect_dialog_present:
 * @widget: whose window the dialog belongs to
 * @token: (nullable): of an app that was just made, to be put into the snippets that need one
 */
void th_connect_dialog_present (GtkWidget *widget, ThEngine *engine, const char *token);

G_END_DECLS
