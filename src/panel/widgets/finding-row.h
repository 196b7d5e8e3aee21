/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFindingRow: something that an ICE test found out, why that is, what to do, and a button for
 * what this window can do about it.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-finding.h"

G_BEGIN_DECLS

#define TH_TYPE_FINDING_ROW (th_finding_row_get_type ())
G_DECLARE_FINAL_TYPE (ThFindingRow, th_finding_row, TH, FINDING_ROW, AdwPreferencesRow)

/* @own_relay: it is about this program's relay, whose settings may be changed */
GtkWidget *th_finding_row_new (ThIceFinding *finding, gboolean own_relay);

G_END_DECLS
