/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserGroup: adds users with a password that is made for them, and removes them.
 */
#include "panel/widgets/user-group.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "panel/compat.h"
#include "panel/format.h"
#include "panel/widgets/account-group.h"

struct _ThUserGroup {
  AdwBin parent_instance;
  ThAccountGroup *accounts;
  GMenuModel *menu;

  ThEngine *engine;
};

G_DEFINE_FINAL_TYPE (ThUserGroup, th_user_group, ADW_TYPE_BIN)

/* A user that is being added */
typedef struct {
  ThUserGroup *group;
  char *name;
} Request;

static void
request_free (Request *self)
{
  g_object_unref (self->group);
  g_free (self->name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

static char *
user_text (ThUserEntry *user)
{
  if (!th_user_entry_is_usable (user))
    /* Translators: %s is the realm, a name of the relay that users are made for */
    return g_strdup_printf (_("Was made for the realm %s and cannot connect; remove it and add it "
                              "again"),
                            th_user_entry_get_realm (user));
  if (th_user_entry_is_configured (user))
    return g_strdup (_("From the settings"));
  g_autofree char *ago =
      th_format_ago (g_get_real_time () / G_USEC_PER_SEC - th_user_entry_get_created (user));
  /* Translators: %s is "2 minutes ago" or "just now" */
  return g_strdup_printf (_("Added %s"), ago);
}

static void
show_user (ThAccountRow *row, gpointer data)
{
  g_autofree char *text = user_text (th_account_row_get_item (row));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
}

static void
on_ticker_tick (ThUserGroup *self)
{
  th_account_group_for_each (self->accounts, show_user, self);
}

static void
on_added (GObject *users, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  ThAccountGroup *accounts = request->group->accounts;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) password =
      th_user_list_add_finish (TH_USER_LIST (users), result, &error);
  if (!request->group->engine)
    return; /* the window is gone */
  if (!password)
    {
      th_account_group_failed (accounts, error->message);
      return;
    }
  /* Translators: %s is the name of a user */
  g_autofree char *title = g_strdup_printf (_("Password of %s"), request->name);
  th_account_group_added (accounts);
  th_account_group_show_once (accounts, title, _("Copy it now: it cannot be shown again."),
                              password);
}

static void
on_accounts_add (ThUserGroup *self, const char *name)
{
  Request *request = g_new (Request, 1);
  *request = (Request){ g_object_ref (self), g_strdup (name) };
  th_user_list_add_async (th_engine_get_users (self->engine), name, NULL, NULL, on_added, request);
}

static void
on_removed (GObject *users, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThUserGroup) self = data;
  g_autoptr (GError) error = NULL;
  if (!th_user_list_remove_finish (TH_USER_LIST (users), result, &error))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", error->message);
}

static void
on_removal_confirmed (gpointer row)
{
  ThUserGroup *self = TH_USER_GROUP (gtk_widget_get_ancestor (row, TH_TYPE_USER_GROUP));
  if (self) /* it is still there */
    th_user_list_remove_async (th_engine_get_users (self->engine), th_account_row_get_name (row),
                               NULL, on_removed, g_object_ref (self));
}

static void
on_row_remove (ThUserGroup *self, ThAccountRow *row)
{
  /* Translators: %s is the name of a user */
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"), th_account_row_get_name (row));
  th_compat_confirm (GTK_WIDGET (self), heading,
                     _("The password opens nothing any more, and calls made with it end soon."),
                     _("Remove"), on_removal_confirmed, row);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  ThUserGroup *self = data;
  GtkWidget *row = th_account_row_new (item, th_user_entry_get_name (item),
                                       th_user_entry_is_configured (item) ? NULL : self->menu);
  g_signal_connect_object (row, "remove", G_CALLBACK (on_row_remove), self, G_CONNECT_SWAPPED);
  show_user (TH_ACCOUNT_ROW (row), self);
  return row;
}

static void
th_user_group_dispose (GObject *object)
{
  g_clear_object (&TH_USER_GROUP (object)->engine);
  G_OBJECT_CLASS (th_user_group_parent_class)->dispose (object);
}

static void
th_user_group_class_init (ThUserGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_user_group_dispose;
  g_type_ensure (TH_TYPE_ACCOUNT_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/user-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThUserGroup, accounts);
  gtk_widget_class_bind_template_child (widget_class, ThUserGroup, menu);
  gtk_widget_class_bind_template_callback (widget_class, on_accounts_add);
}

static void
th_user_group_init (ThUserGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_user_group_set_engine (ThUserGroup *self, ThEngine *engine, ThTicker *ticker)
{
  g_return_if_fail (TH_IS_USER_GROUP (self) && !self->engine);
  self->engine = g_object_ref (engine);
  th_account_group_set_model (self->accounts, G_LIST_MODEL (th_engine_get_users (engine)),
                              create_row, self);
  g_signal_connect_object (ticker, "tick", G_CALLBACK (on_ticker_tick), self, G_CONNECT_SWAPPED);
}
