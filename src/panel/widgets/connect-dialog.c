/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectDialog: a list of apps, and the snippet of the one that is selected.
 */
#include "panel/widgets/connect-dialog.h"

#include <glib/gi18n.h>

#include "app/snippets.h"
#include "credentials/secret.h"
#include "panel/widgets/snippet-view.h"
#include "panel/widgets/width-layout.h"

#define WIDTH_MIN 360

/* What snippets say besides addresses and secrets */
static const ThSetting shown_settings[] = { TH_SETTING_CREDENTIALS_TTL,
                                            TH_SETTING_ENDPOINT_TRUST_LOOPBACK };

struct _ThConnectDialog {
  AdwWindow parent_instance;
  ThWidthLayout *width;
  GtkWidget *sidebar;
  GtkWidget *separator;
  GtkListBox *apps;
  GtkWidget *pane;
  AdwHeaderBar *sidebar_bar;
  AdwHeaderBar *pane_bar;
  AdwWindowTitle *pane_title;
  GtkWidget *back_button;
  AdwToastOverlay *toasts;
  ThSnippetView *view;

  ThEngine *engine;
  char *token;        /* nullable */
  gboolean chosen;    /* in a narrow window, an app is shown and not the list */
  guint refresh_idle; /* source: the engine has something else to offer */
};

G_DEFINE_FINAL_TYPE (ThConnectDialog, th_connect_dialog, ADW_TYPE_WINDOW)

static const ThSnippet *
selected_snippet (ThConnectDialog *self)
{
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->apps);
  return row ? &snippets[gtk_list_box_row_get_index (row)] : NULL;
}

static void
show_snippet (ThConnectDialog *self)
{
  const ThSnippet *snippet = selected_snippet (self);
  if (!snippet || !self->engine)
    return;
  adw_window_title_set_title (self->pane_title, _(snippet->title));
  th_snippet_view_set_snippet (self->view, snippet,
                               th_snippet_values_new_from_engine (self->engine, self->token));
}

/* Side by side where there is room for both. */
static void
update_fold (ThConnectDialog *self)
{
  gboolean narrow;
  g_object_get (self->width, "narrow", &narrow, NULL);
  gtk_widget_set_visible (self->sidebar, !narrow || !self->chosen);
  gtk_widget_set_visible (self->separator, !narrow);
  gtk_widget_set_visible (self->pane, !narrow || self->chosen);
  gtk_widget_set_visible (self->back_button, narrow);
  gtk_widget_set_hexpand (self->sidebar, narrow);
  adw_header_bar_set_show_end_title_buttons (self->sidebar_bar, narrow);
  adw_header_bar_set_show_start_title_buttons (self->pane_bar, narrow);
}

static gboolean
on_refresh_idle (gpointer data)
{
  ThConnectDialog *self = data;
  self->refresh_idle = 0;
  show_snippet (self);
  return G_SOURCE_REMOVE;
}

static void
queue_refresh (ThConnectDialog *self)
{
  if (self->refresh_idle == 0)
    self->refresh_idle = g_idle_add (on_refresh_idle, self);
}

/* Enter leads from the list to the snippet; Tab would go through all apps first. */
static void
on_row_activated (ThConnectDialog *self)
{
  self->chosen = TRUE;
  update_fold (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

static void
on_action_back (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThConnectDialog *self = TH_CONNECT_DIALOG (widget);
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->apps);
  self->chosen = FALSE;
  update_fold (self);
  gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
on_action_copy (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  ThConnectDialog *self = TH_CONNECT_DIALOG (widget);
  if (gtk_widget_get_visible (self->pane) && th_snippet_view_copy (self->view))
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (_("Copied")));
}

static void
add_app (ThConnectDialog *self, const ThSnippet *snippet)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(snippet->title));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), _(snippet->summary));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_list_box_append (self->apps, row);
}

static void
add_apps (ThConnectDialog *self)
{
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);
  for (guint i = 0; i < n_snippets; i++)
    add_app (self, &snippets[i]);
  gtk_list_box_select_row (self->apps, gtk_list_box_get_row_at_index (self->apps, 0));
}

static void
th_connect_dialog_dispose (GObject *object)
{
  ThConnectDialog *self = TH_CONNECT_DIALOG (object);
  g_clear_handle_id (&self->refresh_idle, g_source_remove);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->token, th_secret_free);
  G_OBJECT_CLASS (th_connect_dialog_parent_class)->dispose (object);
}

static void
add_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "connect.back", NULL, on_action_back);
  gtk_widget_class_install_action (widget_class, "connect.copy", NULL, on_action_copy);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "connect.back",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "connect.copy",
                                       NULL);
}

static void
th_connect_dialog_class_init (ThConnectDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_connect_dialog_dispose;

  g_type_ensure (TH_TYPE_SNIPPET_VIEW);
  g_type_ensure (TH_TYPE_WIDTH_LAYOUT);
  add_keys (widget_class);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, width);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, separator);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, apps);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, pane);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, sidebar_bar);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, pane_bar);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, pane_title);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, back_button);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, ThConnectDialog, view);
  gtk_widget_class_bind_template_callback (widget_class, update_fold);
  gtk_widget_class_bind_template_callback (widget_class, show_snippet);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated);
}

static void
th_connect_dialog_init (ThConnectDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_apps (self);
  update_fold (self);
}

/* Not wider than the window it belongs to, where that is narrow. */
static void
set_size (ThConnectDialog *self, GtkWindow *parent)
{
  int width, height;
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  gtk_window_set_default_size (GTK_WINDOW (self),
                               CLAMP (gtk_widget_get_width (GTK_WIDGET (parent)), WIDTH_MIN, width),
                               height);
}

void
th_connect_dialog_present (GtkWidget *widget, ThEngine *engine, const char *token)
{
  GtkWindow *parent = GTK_WINDOW (gtk_widget_get_root (widget));
  ThConnectDialog *self = g_object_new (TH_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);

  self->engine = g_object_ref (engine);
  self->token = g_strdup (token);
  g_signal_connect_object (th_engine_get_urls (engine), "items-changed", G_CALLBACK (queue_refresh),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (th_engine_get_secret_ring (engine), "changed",
                           G_CALLBACK (queue_refresh), self, G_CONNECT_SWAPPED);
  for (guint i = 0; i < G_N_ELEMENTS (shown_settings); i++)
    {
      g_autofree char *signal =
          g_strconcat ("changed::", th_setting_get_row (shown_settings[i])->name, NULL);
      g_signal_connect_object (th_engine_get_settings (engine), signal, G_CALLBACK (queue_refresh),
                               self, G_CONNECT_SWAPPED);
    }
  set_size (self, parent);
  show_snippet (self);
  gtk_window_present (GTK_WINDOW (self));
}
