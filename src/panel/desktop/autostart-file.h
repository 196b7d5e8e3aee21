/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The file that has a desktop start this program with the session (Desktop Application Autostart
 * Specification), for where there is no sandbox.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes it, or removes it if it is there. Blocks for one small file. */
gboolean th_autostart_file_set (gboolean wanted, GError **error);

G_END_DECLS
