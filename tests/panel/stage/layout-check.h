/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What an eye would find wrong with how widgets were laid out: text that is cut off, a control
 * without room or outside of its window, an icon that is not there.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* How many widgets that can be seen @root has, itself included. A check of none finds nothing. */
guint layout_check_count (GtkWidget *root);

/*
 * Looks at all widgets of @root, which is mapped and was drawn, and that can be seen.
 *
 * Returns: (transfer full) (element-type utf8): one line for each that is wrong
 */
GPtrArray *layout_check (GtkWidget *root);

G_END_DECLS
