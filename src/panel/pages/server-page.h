/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThServerPage: whether the relay runs, what is wrong, how apps connect, and what goes through.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/panel-state.h"

G_BEGIN_DECLS

#define TH_TYPE_SERVER_PAGE (th_server_page_get_type ())
G_DECLARE_FINAL_TYPE (ThServerPage, th_server_page, TH, SERVER_PAGE, AdwBin)

/* @state: (transfer none): outlives the page; tells whether to welcome, and is told when read */
void th_server_page_set_engine (ThServerPage *self, ThEngine *engine, ThPanelState *state);

/* The page measures and draws only while someone may look at it. Off at first. */
void th_server_page_set_shown (ThServerPage *self, gboolean shown);

G_END_DECLS
