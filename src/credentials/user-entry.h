/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserEntry: one static user, as a row of ThUserList. Main context only.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_USER_ENTRY (th_user_entry_get_type ())
G_DECLARE_FINAL_TYPE (ThUserEntry, th_user_entry, TH, USER_ENTRY, GObject)

/*
 * Properties (read-only): name (string), configured (boolean: named in the configuration, and only
 * changed there), created (int64, seconds since 1970, UTC; 0 where configured), realm (string, that
 * the user's keys are made for), usable (boolean, notifies: that is the relay's realm now)
 */
const char *th_user_entry_get_name (ThUserEntry *self);
gboolean th_user_entry_is_configured (ThUserEntry *self);
gint64 th_user_entry_get_created (ThUserEntry *self);
const char *th_user_entry_get_realm (ThUserEntry *self);
gboolean th_user_entry_is_usable (ThUserEntry *self);

G_END_DECLS
