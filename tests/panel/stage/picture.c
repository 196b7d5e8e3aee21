/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By the window's own renderer, from the same nodes that the display gets.
 */
#include "picture.h"

#define TRIES 20

static void
add_widget (GtkSnapshot *snapshot, GtkWidget *widget)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  gdk_paintable_snapshot (paintable, snapshot, gdk_paintable_get_intrinsic_width (paintable),
                          gdk_paintable_get_intrinsic_height (paintable));
}

/* The origin of a window or popover in its surface */
static graphene_point_t
origin_of (GtkNative *native)
{
  double x, y;
  gtk_native_get_surface_transform (native, &x, &y);
  return GRAPHENE_POINT_INIT ((float) x, (float) y);
}

static void
add_popovers (GtkSnapshot *snapshot, GtkWidget *widget, GtkNative *window)
{
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child;
       child = gtk_widget_get_next_sibling (child))
    {
      if (!gtk_widget_get_mapped (child))
        continue;
      if (GTK_IS_POPOVER (child))
        {
          GdkPopup *popup = GDK_POPUP (gtk_native_get_surface (GTK_NATIVE (child)));
          graphene_point_t from = origin_of (window);
          graphene_point_t to = origin_of (GTK_NATIVE (child));
          gtk_snapshot_save (snapshot);
          gtk_snapshot_translate (
              snapshot,
              &GRAPHENE_POINT_INIT ((float) gdk_popup_get_position_x (popup) + to.x - from.x,
                                    (float) gdk_popup_get_position_y (popup) + to.y - from.y));
          add_widget (snapshot, child);
          gtk_snapshot_restore (snapshot);
        }
      add_popovers (snapshot, child, window);
    }
}

static void
on_painted (gboolean *painted)
{
  *painted = TRUE;
}

/* What changes is drawn with the next frame, and until then there is nothing to copy. */
static GskRenderNode *
draw (GtkWidget *window)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (window);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  gboolean painted = FALSE;
  gulong handler =
      g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (on_painted), &painted);
  gtk_widget_queue_draw (window);
  while (!painted)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
  add_widget (snapshot, window);
  add_popovers (snapshot, window, GTK_NATIVE (window));
  return gtk_snapshot_free_to_node (snapshot);
}

gboolean
picture_save (GtkWidget *window, const char *path, GError **error)
{
  GskRenderer *renderer = gtk_native_get_renderer (GTK_NATIVE (window));
  graphene_rect_t bounds;
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  for (guint i = 0; !node && i < TRIES; i++)
    node = draw (window);
  if (!node)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "nothing is drawn");
      return FALSE;
    }
  graphene_rect_init (&bounds, 0, 0, (float) gtk_widget_get_width (window),
                      (float) gtk_widget_get_height (window));
  texture = gsk_renderer_render_texture (renderer, node, &bounds);
  if (gdk_texture_save_to_png (texture, path))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s cannot be written", path);
  return FALSE;
}
