/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPreferenceRow: one preference with its words, its control, a button for the default, and below
 * what is to be said of it: that it waits for a restart, that it is locked, that what was typed is
 * not allowed. It writes what is allowed at once and shows what others change.
 */
#pragma once

#include "app/engine.h"
#include "panel/preferences/preference-map.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_PREFERENCE_ROW (th_preference_row_get_type ())
G_DECLARE_FINAL_TYPE (ThPreferenceRow, th_preference_row, TH, PREFERENCE_ROW, AdwActionRow)

/**
 * th_preference_row_new:
 * @tell_of_restart: whether the row says itself that it needs one; its group may do so for all
 */
GtkWidget *th_preference_row_new (const ThPreference *preference,
                                  ThEngine *engine,
                                  gboolean tell_of_restart);

ThSetting th_preference_row_get_setting (ThPreferenceRow *self);

G_END_DECLS
