/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * libadwaita cuts the titles of groups and the choices of combo rows where they do not fit, and
 * tells nobody what they were. Here they are whole, at the expense of what stands beside them.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Has all labels in @root that would be cut show all they say; @wrap: in several lines. */
void th_whole_text (GtkWidget *root, gboolean wrap);

G_END_DECLS
