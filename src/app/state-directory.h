/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where a server keeps what it must not lose.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full): the first of $STATE_DIRECTORY (systemd), else $XDG_STATE_HOME/turnhouse, else
 * ~/.local/state/turnhouse. Need not exist yet. */
char *th_state_directory_find (void);

G_END_DECLS
