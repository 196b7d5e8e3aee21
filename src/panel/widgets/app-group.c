/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppGroup: adds, replaces and removes tokens, and tells how the apps that have them fare.
 */
#include "panel/widgets/app-group.h"

#include <glib/gi18n.h>

#include "credentials/secret-info.h"
#include "credentials/secret.h"
#include "panel/compat.h"
#include "panel/format.h"
#include "panel/widgets/account-group.h"

struct _ThAppGroup {
  AdwBin parent_instance;
  ThAccountGroup *accounts;
  GMenuModel *menu;

  ThEngine *engine;
};

G_DEFINE_FINAL_TYPE (ThAppGroup, th_app_group, ADW_TYPE_BIN)

/* What is on its way for one app */
typedef struct {
  ThAppGroup *group;
  char *name;
  gint64 grace; /* seconds that the token of before is accepted for; 0: there is none */
} Request;

static Request *
request_new (ThAppGroup *group, const char *name, gint64 grace)
{
  Request *self = g_new (Request, 1);
  *self = (Request){ g_object_ref (group), g_strdup (name), grace };
  return self;
}

static void
request_free (Request *self)
{
  g_object_unref (self->group);
  g_free (self->name);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Request, request_free)

/* Which secret that is; NULL where there has not been another for long. */
static const char *
secret_text (ThAppGroup *self, guint generation)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      GListModel *secrets = th_secret_ring_get_secrets (ring, kind);
      g_autoptr (ThSecretInfo) current = g_list_model_get_item (secrets, 0);
      if (th_secret_info_get_generation (current) == generation)
        return g_list_model_get_n_items (secrets) > 1 ? _("new secret") : NULL;
    }
  return _("old secret");
}

/* "Asked 2 minutes ago · old secret · from the settings" */
static char *
app_text (ThAppGroup *self, ThAppToken *app)
{
  gint64 seen = th_app_token_get_last_seen (app);
  guint generation = th_app_token_get_generation (app);
  const char *secret = generation != 0 ? secret_text (self, generation) : NULL;
  g_autofree char *ago = th_format_ago (g_get_real_time () / G_USEC_PER_SEC - seen);
  GString *text = g_string_new (NULL);

  if (seen > 0)
    /* Translators: when an app last asked for a credential; %s is "2 minutes ago" or "just now" */
    g_string_append_printf (text, _("Asked %s"), ago);
  else
    g_string_append (text, _("Has not asked since the start"));
  if (secret)
    g_string_append_printf (text, " · %s", secret);
  if (th_app_token_is_configured (app))
    g_string_append_printf (text, " · %s", _("from the settings"));
  return g_string_free (text, FALSE);
}

/* Of one in the settings nobody knows when it came there. */
static void
show_when_added (ThAccountRow *row, ThAppToken *app)
{
  g_autofree char *moment = th_format_moment (th_app_token_get_created (app));
  /* Translators: %s is a date with the time of day */
  g_autofree char *text = g_strdup_printf (_("Added: %s"), moment);
  if (!th_app_token_is_configured (app))
    gtk_widget_set_tooltip_text (GTK_WIDGET (row), text);
}

static void
show_app (ThAccountRow *row, gpointer data)
{
  ThAppToken *app = th_account_row_get_item (row);
  g_autofree char *text = app_text (data, app);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), text);
  show_when_added (row, app);
}

static void
on_ticker_tick (ThAppGroup *self)
{
  th_account_group_for_each (self->accounts, show_app, self);
}

static void
say (ThAppGroup *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static void
show_token (const Request *request, const char *token)
{
  g_autofree char *left = th_format_time_left (request->grace);
  /* Translators: %s is the name of an app */
  g_autofree char *title = g_strdup_printf (_("Token of %s"), request->name);
  g_autofree char *detail =
      request->grace > 0
          /* Translators: %s is a span of time such as "24 h" */
          ? g_strdup_printf (_("Copy it now: it cannot be shown again. The old one works for %s "
                               "more."),
                             left)
          : g_strdup (_("Copy it now: it cannot be shown again."));
  th_account_group_show_once (request->group->accounts, title, detail, token);
}

static void
on_added (GObject *apps, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) token = th_app_tokens_add_finish (TH_APP_TOKENS (apps), result, &error);
  if (!request->group->engine)
    return; /* the window is gone */
  if (!token)
    {
      th_account_group_failed (request->group->accounts, error->message);
      return;
    }
  th_account_group_added (request->group->accounts);
  show_token (request, token);
}

static void
on_accounts_add (ThAppGroup *self, const char *name)
{
  th_app_tokens_add_async (th_engine_get_app_tokens (self->engine), name, NULL, on_added,
                           request_new (self, name, 0));
}

static void
on_replaced (GObject *apps, GAsyncResult *result, gpointer data)
{
  g_autoptr (Request) request = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) token =
      th_app_tokens_replace_finish (TH_APP_TOKENS (apps), result, &error);
  if (!request->group->engine)
    return; /* the window is gone */
  if (token)
    show_token (request, token);
  else
    say (request->group, error->message);
}

static void
on_row_replace (ThAppGroup *self, ThAccountRow *row)
{
  const char *name = th_account_row_get_name (row);
  gint64 grace = th_settings_get_integer (th_engine_get_settings (self->engine),
                                          TH_SETTING_CREDENTIALS_GRACE);
  th_app_tokens_replace_async (th_engine_get_app_tokens (self->engine), name, grace, NULL,
                               on_replaced, request_new (self, name, grace));
}

static void
on_removed (GObject *apps, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThAppGroup) self = data;
  g_autoptr (GError) error = NULL;
  if (!th_app_tokens_remove_finish (TH_APP_TOKENS (apps), result, &error))
    say (self, error->message);
}

static void
on_removal_confirmed (gpointer row)
{
  ThAppGroup *self = TH_APP_GROUP (gtk_widget_get_ancestor (row, TH_TYPE_APP_GROUP));
  if (self) /* it is still there */
    th_app_tokens_remove_async (th_engine_get_app_tokens (self->engine),
                                th_account_row_get_name (row), NULL, on_removed,
                                g_object_ref (self));
}

static void
on_row_remove (ThAppGroup *self, ThAccountRow *row)
{
  /* Translators: %s is the name of an app */
  g_autofree char *heading = g_strdup_printf (_("Remove %s?"), th_account_row_get_name (row));
  th_compat_confirm (GTK_WIDGET (self), heading,
                     _("Its token opens nothing any more. Credentials that it was given work until "
                       "they end."),
                     _("Remove"), on_removal_confirmed, row);
}

static GtkWidget *
create_row (gpointer item, gpointer data)
{
  ThAppGroup *self = data;
  GtkWidget *row = th_account_row_new (item, th_app_token_get_name (item),
                                       th_app_token_is_configured (item) ? NULL : self->menu);
  g_signal_connect_object (row, "replace", G_CALLBACK (on_row_replace), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (row, "remove", G_CALLBACK (on_row_remove), self, G_CONNECT_SWAPPED);
  show_app (TH_ACCOUNT_ROW (row), self);
  return row;
}

static void
th_app_group_dispose (GObject *object)
{
  g_clear_object (&TH_APP_GROUP (object)->engine);
  G_OBJECT_CLASS (th_app_group_parent_class)->dispose (object);
}

static void
th_app_group_class_init (ThAppGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_app_group_dispose;
  g_type_ensure (TH_TYPE_ACCOUNT_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/app-group.ui");
  gtk_widget_class_bind_template_child (widget_class, ThAppGroup, accounts);
  gtk_widget_class_bind_template_child (widget_class, ThAppGroup, menu);
  gtk_widget_class_bind_template_callback (widget_class, on_accounts_add);
}

static void
th_app_group_init (ThAppGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_app_group_set_engine (ThAppGroup *self, ThEngine *engine, ThTicker *ticker)
{
  g_return_if_fail (TH_IS_APP_GROUP (self) && !self->engine);
  self->engine = g_object_ref (engine);
  th_account_group_set_model (self->accounts, G_LIST_MODEL (th_engine_get_app_tokens (engine)),
                              create_row, self);
  g_signal_connect_object (ticker, "tick", G_CALLBACK (on_ticker_tick), self, G_CONNECT_SWAPPED);
}
