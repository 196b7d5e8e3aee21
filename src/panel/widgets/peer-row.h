/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPeerRow: a peer that a session has named, with a button that keeps every client away from the
 * network it is in.
 */
#pragma once

#include <adwaita.h>

#include "relay/session.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_PEER_ROW (th_peer_row_get_type ())
G_DECLARE_FINAL_TYPE (ThPeerRow, th_peer_row, TH, PEER_ROW, AdwActionRow)

/* @name: (nullable): of the client of this relay that it is; such a one cannot be blocked here */
GtkWidget *th_peer_row_new (const ThSessionPeer *peer, const char *name, ThSettings *settings);

G_END_DECLS
