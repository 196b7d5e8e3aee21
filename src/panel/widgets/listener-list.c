/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListenerList: shows ThListenerInfo objects.
 */
#include "panel/widgets/listener-list.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "relay/listener-info.h"

struct _ThListenerList {
  AdwBin parent_instance;
  AdwExpanderRow *expander;
  GListModel *listeners;
  GPtrArray *rows; /* of the expander, which owns them */
};

G_DEFINE_FINAL_TYPE (ThListenerList, th_listener_list, ADW_TYPE_BIN)

static char *
address_text (ThListenerInfo *info)
{
  const char *address = th_listener_info_get_address (info);
  if (g_str_equal (address, "0.0.0.0"))
    return g_strdup (_("All IPv4 addresses (0.0.0.0)"));
  if (g_str_equal (address, "::"))
    return g_strdup (_("All IPv6 addresses (::)"));
  return th_format_left_to_right (address);
}

static GtkWidget *
state_word (gboolean bound)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  const char *icon_name = bound ? "turnhouse-ok-symbolic" : "turnhouse-error-symbolic";
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icon_name, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *word = gtk_label_new (bound ? _("Listening") : _("Not listening"));
  gtk_widget_add_css_class (box, bound ? "success" : "error");
  gtk_box_append (GTK_BOX (box), icon);
  gtk_box_append (GTK_BOX (box), word);
  return box;
}

static GtkWidget *
listener_row (ThListenerInfo *info)
{
  GtkWidget *row = adw_action_row_new ();
  /* Translators: a listener; %1$s is the transport, such as TCP or TLS, %2$u the port number */
  g_autofree char *title =
      g_strdup_printf (_("%1$s port %2$u"), th_listener_info_get_transport (info),
                       th_listener_info_get_port (info));
  g_autofree char *address = address_text (info);
  const char *problem = th_listener_info_get_problem (info);
  g_autofree char *subtitle =
      problem ? g_strdup_printf ("%s\n%s", address, problem) : g_strdup (address);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), state_word (!problem));
  return row;
}

static char *
summary (guint n, guint bound)
{
  if (bound == n)
    return g_strdup_printf (ngettext ("%u address, listening", "%u addresses, all listening", n),
                            n);
  /* Translators: how many of the addresses the relay was told to listen on work */
  return g_strdup_printf (_("%1$u of %2$u addresses listening"), bound, n);
}

static void
remove_rows (ThListenerList *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
}

static void
on_listeners_changed (ThListenerList *self)
{
  guint n = g_list_model_get_n_items (self->listeners);
  guint bound = 0;

  remove_rows (self);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (self->listeners, i);
      GtkWidget *row = listener_row (info);
      bound += th_listener_info_is_bound (info);
      adw_expander_row_add_row (self->expander, row);
      g_ptr_array_add (self->rows, row);
    }
  g_autofree char *text = summary (n, bound);
  adw_expander_row_set_subtitle (self->expander, text);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
th_listener_list_dispose (GObject *object)
{
  g_clear_pointer (&TH_LISTENER_LIST (object)->rows, g_ptr_array_unref);
  G_OBJECT_CLASS (th_listener_list_parent_class)->dispose (object);
}

static void
th_listener_list_class_init (ThListenerListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_listener_list_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/listener-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThListenerList, expander);
}

static void
th_listener_list_init (ThListenerList *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_listener_list_set_model (ThListenerList *self, GListModel *listeners)
{
  g_return_if_fail (TH_IS_LISTENER_LIST (self) && !self->listeners);
  self->listeners = listeners;
  g_signal_connect_object (listeners, "items-changed", G_CALLBACK (on_listeners_changed), self,
                           G_CONNECT_SWAPPED);
  on_listeners_changed (self);
}
