/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPasteEntry: takes what a browser says of a call, pasted, typed or dropped as a file, and finds
 * the candidates in it.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_PASTE_ENTRY (th_paste_entry_get_type ())
G_DECLARE_FINAL_TYPE (ThPasteEntry, th_paste_entry, TH, PASTE_ENTRY, AdwBin)

/* Signal "read" (GListModel of ThIceCandidate, GListModel of ThIcePair): what was found. */

G_END_DECLS
