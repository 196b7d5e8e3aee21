/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture of a window as it is drawn, with what pops up over it.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Writes a PNG of @window, which is mapped and was drawn. */
gboolean picture_save (GtkWidget *window, const char *path, GError **error);

G_END_DECLS
