/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For ThUserList, which makes and changes the rows.
 */
#pragma once

#include "credentials/user-entry.h"

/* (transfer full): @created: 0: of the configuration */
ThUserEntry *th_user_entry_new (const char *name, const char *realm, gint64 created);

void th_user_entry_set_usable (ThUserEntry *self, gboolean usable);
