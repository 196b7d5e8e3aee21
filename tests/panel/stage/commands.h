/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be done to the panel from outside: a line each, words as a shell has them, and what is
 * answered to it. The words are those of tests/panel/stage.py.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * @changes: set to whether what is seen may change by it
 *
 * Returns: (transfer full) (nullable): what to answer; NULL, with @error, if it cannot be done
 */
char *command_run (GtkApplication *application,
                   const char *line,
                   gboolean *changes,
                   GError **error);

G_END_DECLS
