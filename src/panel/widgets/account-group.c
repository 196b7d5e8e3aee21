/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAccountGroup: asks for a name in a popover of its button.
 */
#include "panel/widgets/account-group.h"

#include "panel/widgets/once-card.h"

struct _ThAccountGroup {
  AdwPreferencesGroup parent_instance;
  GtkMenuButton *add_button;
  GtkEntry *name;
  GtkWidget *confirm_button;
  GtkLabel *failure;
  ThOnceCard *once_card;
  GtkListBox *list;
  GtkLabel *nothing;
  char *add_label;
};

G_DEFINE_FINAL_TYPE (ThAccountGroup, th_account_group, ADW_TYPE_PREFERENCES_GROUP)

enum {
  PROP_0,
  PROP_ADD_LABEL,
  PROP_NOTHING,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

enum {
  SIGNAL_ADD,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_name_changed (ThAccountGroup *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name));
  gtk_widget_set_sensitive (self->confirm_button, *name != '\0');
  gtk_widget_set_visible (GTK_WIDGET (self->failure), FALSE);
  gtk_widget_remove_css_class (GTK_WIDGET (self->name), "error");
}

static void
on_name_confirmed (ThAccountGroup *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->name));
  if (*name != '\0')
    g_signal_emit (self, signals[SIGNAL_ADD], 0, name);
}

static void
on_accounts_changed (ThAccountGroup *self,
                     guint position,
                     guint removed,
                     guint added,
                     GListModel *accounts)
{
  gboolean any = g_list_model_get_n_items (accounts) > 0;
  gtk_widget_set_visible (GTK_WIDGET (self->list), any);
  gtk_widget_set_visible (GTK_WIDGET (self->nothing), !any);
}

static void
set_add_label (ThAccountGroup *self, const char *label)
{
  g_free (self->add_label);
  self->add_label = g_strdup (label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->add_button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->add_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
}

static void
th_account_group_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThAccountGroup *self = TH_ACCOUNT_GROUP (object);
  switch (id)
    {
    case PROP_ADD_LABEL:
      g_value_set_string (value, self->add_label);
      break;
    case PROP_NOTHING:
      g_value_set_string (value, gtk_label_get_label (self->nothing));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_account_group_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThAccountGroup *self = TH_ACCOUNT_GROUP (object);
  switch (id)
    {
    case PROP_ADD_LABEL:
      set_add_label (self, g_value_get_string (value));
      break;
    case PROP_NOTHING:
      gtk_label_set_label (self->nothing, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_account_group_dispose (GObject *object)
{
  ThAccountGroup *self = TH_ACCOUNT_GROUP (object);
  if (self->list)
    gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  G_OBJECT_CLASS (th_account_group_parent_class)->dispose (object);
}

static void
th_account_group_finalize (GObject *object)
{
  g_free (TH_ACCOUNT_GROUP (object)->add_label);
  G_OBJECT_CLASS (th_account_group_parent_class)->finalize (object);
}

static void
th_account_group_class_init (ThAccountGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_account_group_get_property;
  object_class->set_property = th_account_group_set_property;
  object_class->dispose = th_account_group_dispose;
  object_class->finalize = th_account_group_finalize;
  properties[PROP_ADD_LABEL] = g_param_spec_string ("add-label", NULL, NULL, NULL, flags);
  properties[PROP_NOTHING] = g_param_spec_string ("nothing", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[SIGNAL_ADD] = g_signal_new ("add", TH_TYPE_ACCOUNT_GROUP, G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (TH_TYPE_ONCE_CARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/account-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, add_button);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, name);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, confirm_button);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, failure);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, once_card);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, list);
  gtk_widget_class_bind_template_child (widget_class, ThAccountGroup, nothing);
  gtk_widget_class_bind_template_callback (widget_class, on_name_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_name_confirmed);
}

static void
th_account_group_init (ThAccountGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_account_group_set_model (ThAccountGroup *self,
                            GListModel *accounts,
                            GtkListBoxCreateWidgetFunc create_row,
                            gpointer data)
{
  g_return_if_fail (TH_IS_ACCOUNT_GROUP (self));
  gtk_list_box_bind_model (self->list, accounts, create_row, data, NULL);
  g_signal_connect_object (accounts, "items-changed", G_CALLBACK (on_accounts_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_group_get_title (ADW_PREFERENCES_GROUP (self)),
                                  -1);
  on_accounts_changed (self, 0, 0, 0, accounts);
}

void
th_account_group_for_each (ThAccountGroup *self,
                           void (*show) (ThAccountRow *row, gpointer data),
                           gpointer data)
{
  for (int i = 0;; i++)
    {
      GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, i);
      if (!row)
        return;
      show (TH_ACCOUNT_ROW (row), data);
    }
}

void
th_account_group_added (ThAccountGroup *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
  gtk_menu_button_popdown (self->add_button);
}

void
th_account_group_failed (ThAccountGroup *self, const char *reason)
{
  gtk_label_set_label (self->failure, reason);
  gtk_widget_set_visible (GTK_WIDGET (self->failure), TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (self->name), "error");
}

void
th_account_group_show_once (ThAccountGroup *self,
                            const char *title,
                            const char *detail,
                            const char *secret)
{
  th_once_card_show (self->once_card, title, detail, secret);
}
