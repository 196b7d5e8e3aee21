/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds widgets by what does not change with the language: types, ids of templates, style classes.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/*
 * The first mapped widget of the frontmost window that has one for @selector, a row of parts with
 * spaces between, each below the one before: "Type", "#id", ".class" or more of them together, and
 * "@N" for another than the first (0), as in "ThAppGroup #add_button GtkToggleButton@1".
 *
 * Returns: (transfer none) (nullable)
 */
GtkWidget *find_widget (const char *selector);

/* Returns: (transfer none) (nullable): the last opened of all windows that are shown */
GtkWidget *find_front (void);

G_END_DECLS
