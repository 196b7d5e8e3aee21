/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventWindow: while the newest event is in view the list goes on by itself; who has scrolled
 * away reads in peace, and is told how many more there are.
 */
#include "panel/event-window.h"

#include <glib/gi18n.h>

#include "panel/event-list.h"
#include "panel/widgets/event-row.h"
#include "panel/widgets/flow-layout.h"

#define UPDATE_SECONDS 10

/* Pixels: less than a row is not scrolled away. */
#define NEAR_TOP 32

struct _ThEventWindow {
  AdwWindow parent_instance;
  AdwToastOverlay *toasts;
  GtkEditable *search;
  GtkDropDown *severity;
  GtkWidget *session_bar;
  GtkLabel *session_label;
  GtkWidget *copy_button;
  GtkWidget *empty_page, *nothing_page, *events;
  GtkScrolledWindow *scroller;
  GtkListView *view;
  GtkButton *waiting_button;

  ThEventList *list;
  GHashTable *rows; /* those that show an event */
  guint timer;      /* for what the rows say of time, while mapped */
  guint settling;   /* source: the list has changed, and may move for it */
  gboolean at_top;
};

G_DEFINE_FINAL_TYPE (ThEventWindow, th_event_window, ADW_TYPE_WINDOW)

static GListModel *
shown (ThEventWindow *self)
{
  return th_event_list_get_shown (self->list);
}

static void
scroll_to_top (ThEventWindow *self)
{
  if (g_list_model_get_n_items (shown (self)) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self->view), "list.scroll-to-item", "u", 0);
  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
}

/* ---- what is shown ---- */

static void
update_content (ThEventWindow *self)
{
  gboolean any = g_list_model_get_n_items (shown (self)) > 0;
  gboolean filtered = th_event_list_is_filtered (self->list);
  gtk_widget_set_sensitive (self->copy_button, any);
  gtk_widget_set_visible (self->events, any);
  gtk_widget_set_visible (self->nothing_page, !any && filtered);
  gtk_widget_set_visible (self->empty_page, !any && !filtered);
}

static void
update_waiting (ThEventWindow *self)
{
  guint n = th_event_list_get_waiting (self->list);
  g_autofree char *label = g_strdup_printf (ngettext ("%u New Event", "%u New Events", n), n);
  gtk_button_set_label (self->waiting_button, label);
  gtk_widget_set_visible (GTK_WIDGET (self->waiting_button), n > 0);
}

/* GTK keeps the row in view that was there; the newest one is to be. */
static gboolean
on_settled (gpointer data)
{
  ThEventWindow *self = data;
  if (self->at_top)
    scroll_to_top (self);
  self->settling = 0;
  return G_SOURCE_REMOVE;
}

/* Also where rows have become higher, as the window is narrower now. */
static void
settle (ThEventWindow *self)
{
  if (self->settling == 0)
    self->settling = g_idle_add_full (G_PRIORITY_LOW, on_settled, self, NULL);
}

static void
on_shown_changed (ThEventWindow *self)
{
  update_content (self);
  settle (self);
}

static void
on_scrolled (ThEventWindow *self, GtkAdjustment *adjustment)
{
  if (self->settling != 0)
    return;
  self->at_top = gtk_adjustment_get_value (adjustment) < NEAR_TOP;
  th_event_list_set_held (self->list, !self->at_top);
}

static void
show_newest (ThEventWindow *self)
{
  self->at_top = TRUE;
  th_event_list_set_held (self->list, FALSE);
  scroll_to_top (self);
}

static void
on_waiting_clicked (ThEventWindow *self)
{
  show_newest (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

/* ---- filters ---- */

static void
on_severity_changed (ThEventWindow *self)
{
  if (!self->list)
    return; /* still being made */
  show_newest (self);
  th_event_list_set_severity (self->list, gtk_drop_down_get_selected (self->severity));
  update_content (self);
}

static void
on_search_changed (ThEventWindow *self)
{
  show_newest (self);
  th_event_list_set_search (self->list, gtk_editable_get_text (self->search));
  update_content (self);
}

static void
on_all_sessions_clicked (ThEventWindow *self)
{
  th_event_window_show_session (self, 0, NULL);
}

static void
on_show_all_clicked (ThEventWindow *self)
{
  gtk_editable_set_text (self->search, "");
  th_event_list_set_search (self->list, "");
  gtk_drop_down_set_selected (self->severity, TH_EVENT_INFO);
  th_event_window_show_session (self, 0, NULL);
}

static void
on_copy_clicked (ThEventWindow *self)
{
  g_autofree char *json = th_events_to_json (shown (self));
  guint n = g_list_model_get_n_items (shown (self));
  g_autofree char *said = g_strdup_printf (ngettext ("%u event copied", "%u events copied", n), n);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), json);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (said));
}

static void
on_search_action (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (TH_EVENT_WINDOW (widget)->search));
}

/* ---- rows ---- */

static void
on_row_set_up (ThEventWindow *self, GtkListItem *item)
{
  gtk_list_item_set_child (item, th_event_row_new ());
  gtk_list_item_set_activatable (item, FALSE);
}

static void
on_row_bound (ThEventWindow *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  th_event_row_set_event (TH_EVENT_ROW (row), gtk_list_item_get_item (item));
  g_hash_table_add (self->rows, row);
}

static void
on_row_unbound (ThEventWindow *self, GtkListItem *item)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  g_hash_table_remove (self->rows, row);
  th_event_row_set_event (TH_EVENT_ROW (row), NULL);
}

static gboolean
on_time_to_update (gpointer data)
{
  ThEventWindow *self = data;
  GHashTableIter iter;
  gpointer row;
  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    th_event_row_update_time (row);
  return G_SOURCE_CONTINUE;
}

static void
th_event_window_map (GtkWidget *widget)
{
  ThEventWindow *self = TH_EVENT_WINDOW (widget);
  on_time_to_update (self);
  self->timer = g_timeout_add_seconds (UPDATE_SECONDS, on_time_to_update, self);
  GTK_WIDGET_CLASS (th_event_window_parent_class)->map (widget);
}

static void
th_event_window_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&TH_EVENT_WINDOW (widget)->timer, g_source_remove);
  GTK_WIDGET_CLASS (th_event_window_parent_class)->unmap (widget);
}

static void
th_event_window_dispose (GObject *object)
{
  ThEventWindow *self = TH_EVENT_WINDOW (object);
  g_clear_handle_id (&self->settling, g_source_remove);
  if (self->view)
    gtk_list_view_set_model (self->view, NULL);
  g_clear_object (&self->list);
  G_OBJECT_CLASS (th_event_window_parent_class)->dispose (object);
}

static void
th_event_window_finalize (GObject *object)
{
  g_hash_table_unref (TH_EVENT_WINDOW (object)->rows);
  G_OBJECT_CLASS (th_event_window_parent_class)->finalize (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, search);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, severity);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, session_bar);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, session_label);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, empty_page);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, events);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, scroller);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, view);
  gtk_widget_class_bind_template_child (widget_class, ThEventWindow, waiting_button);
}

static void
th_event_window_class_init (ThEventWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_event_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = th_event_window_finalize;
  widget_class->map = th_event_window_map;
  widget_class->unmap = th_event_window_unmap;

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_install_action (widget_class, "events.search", NULL, on_search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "events.search",
                                       NULL);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/event-window.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_severity_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_all_sessions_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_show_all_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_waiting_clicked);
}

static void
th_event_window_init (ThEventWindow *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  self->at_top = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
make_rows (ThEventWindow *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkNoSelection) selection = gtk_no_selection_new (g_object_ref (shown (self)));
  g_signal_connect_object (factory, "setup", G_CALLBACK (on_row_set_up), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (on_row_bound), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (on_row_unbound), self,
                           G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->view, factory);
  gtk_list_view_set_model (self->view, GTK_SELECTION_MODEL (selection));
}

ThEventWindow *
th_event_window_new (ThEventLog *log, GtkWindow *parent)
{
  ThEventWindow *self =
      g_object_new (TH_TYPE_EVENT_WINDOW, "application", gtk_window_get_application (parent),
                    "transient-for", parent, "destroy-with-parent", TRUE, NULL);
  self->list = th_event_list_new (log);
  make_rows (self);
  g_signal_connect_object (shown (self), "items-changed", G_CALLBACK (on_shown_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "notify::waiting", G_CALLBACK (update_waiting), self,
                           G_CONNECT_SWAPPED);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (on_scrolled), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (settle), self, G_CONNECT_SWAPPED);
  update_content (self);
  update_waiting (self);
  return self;
}

void
th_event_window_show_session (ThEventWindow *self, guint64 session, const char *name)
{
  g_return_if_fail (TH_IS_EVENT_WINDOW (self));
  /* Translators: %s is the name of a user */
  g_autofree char *label = g_strdup_printf (_("Only one call of %s"), name ? name : "");
  show_newest (self);
  th_event_list_set_session (self->list, session);
  gtk_label_set_label (self->session_label, label);
  gtk_widget_set_visible (self->session_bar, session != 0);
  update_content (self);
}
