/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectionsPage: who talks through this relay right now, as a graph or as a table, and the
 * details of one of them.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CONNECTIONS_PAGE (th_connections_page_get_type ())
G_DECLARE_FINAL_TYPE (ThConnectionsPage, th_connections_page, TH, CONNECTIONS_PAGE, AdwBin)

void th_connections_page_set_engine (ThConnectionsPage *self, ThEngine *engine);

/* The page follows the relay only while someone may look at it. Off at first. */
void th_connections_page_set_shown (ThConnectionsPage *self, gboolean shown);

/* Takes the keyboard to the search, where there is something to be searched. */
void th_connections_page_search (ThConnectionsPage *self);

G_END_DECLS
