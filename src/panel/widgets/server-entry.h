/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThServerEntry: takes a list of servers as people have it, and what is needed to log in there.
 */
#pragma once

#include <adwaita.h>

#include "ice/ice-test.h"

G_BEGIN_DECLS

#define TH_TYPE_SERVER_ENTRY (th_server_entry_get_type ())
G_DECLARE_FINAL_TYPE (ThServerEntry, th_server_entry, TH, SERVER_ENTRY, AdwBin)

/**
 * th_server_entry_fill:
 * @options: gets texts that are good until something else is entered
 *
 * Returns: (transfer full): its text; may have passwords in it: free it with th_secret_free()
 */
char *th_server_entry_fill (ThServerEntry *self, ThIceTestOptions *options);

G_END_DECLS
