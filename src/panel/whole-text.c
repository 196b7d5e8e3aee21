/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lists have labels of their own, which are left alone.
 */
#include "panel/whole-text.h"

void
th_whole_text (GtkWidget *root, gboolean wrap)
{
  if (GTK_IS_LABEL (root) && gtk_label_get_ellipsize (GTK_LABEL (root)) != PANGO_ELLIPSIZE_NONE)
    {
      gtk_label_set_ellipsize (GTK_LABEL (root), PANGO_ELLIPSIZE_NONE);
      gtk_label_set_wrap (GTK_LABEL (root), wrap);
    }
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!GTK_IS_LIST_BOX (child) && !GTK_IS_POPOVER (child))
        th_whole_text (child, wrap);
    }
}
