/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialsPage: hands the engine's objects to the groups on it.
 */
#include "panel/pages/credentials-page.h"

#include "panel/ticker.h"
#include "panel/widgets/app-group.h"
#include "panel/widgets/connect-row.h"
#include "panel/widgets/credential-form.h"
#include "panel/widgets/history-group.h"
#include "panel/widgets/secret-group.h"
#include "panel/widgets/storage-row.h"
#include "panel/widgets/user-group.h"

struct _ThCredentialsPage {
  AdwBin parent_instance;
  ThSecretGroup *shared_secret;
  ThSecretGroup *api_key;
  ThConnectRow *connect;
  ThCredentialForm *credential_form;
  ThAppGroup *apps;
  ThUserGroup *users;
  ThStorageRow *storage;
  ThHistoryGroup *history;

  ThTicker *ticker;
};

G_DEFINE_FINAL_TYPE (ThCredentialsPage, th_credentials_page, ADW_TYPE_BIN)

static void
th_credentials_page_dispose (GObject *object)
{
  ThCredentialsPage *self = TH_CREDENTIALS_PAGE (object);
  if (self->ticker)
    th_ticker_set_active (self->ticker, FALSE);
  g_clear_object (&self->ticker);
  G_OBJECT_CLASS (th_credentials_page_parent_class)->dispose (object);
}

static void
th_credentials_page_class_init (ThCredentialsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_credentials_page_dispose;

  g_type_ensure (TH_TYPE_APP_GROUP);
  g_type_ensure (TH_TYPE_CONNECT_ROW);
  g_type_ensure (TH_TYPE_CREDENTIAL_FORM);
  g_type_ensure (TH_TYPE_HISTORY_GROUP);
  g_type_ensure (TH_TYPE_SECRET_GROUP);
  g_type_ensure (TH_TYPE_STORAGE_ROW);
  g_type_ensure (TH_TYPE_USER_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/credentials-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, shared_secret);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, api_key);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, connect);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, credential_form);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, apps);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, users);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, storage);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, history);
}

static void
th_credentials_page_init (ThCredentialsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->ticker = th_ticker_new ();
}

void
th_credentials_page_set_engine (ThCredentialsPage *self,
                                ThEngine *engine,
                                const char *state_directory)
{
  g_return_if_fail (TH_IS_CREDENTIALS_PAGE (self));
  th_secret_group_set_engine (self->shared_secret, engine, TH_RING_SECRET, self->ticker);
  th_secret_group_set_engine (self->api_key, engine, TH_RING_API, self->ticker);
  th_connect_row_set_engine (self->connect, engine);
  th_credential_form_set_engine (self->credential_form, engine);
  th_app_group_set_engine (self->apps, engine, self->ticker);
  th_user_group_set_engine (self->users, engine, self->ticker);
  th_storage_row_set_directory (self->storage, state_directory);
  th_history_group_set_engine (self->history, engine, self->ticker);
}

void
th_credentials_page_set_shown (ThCredentialsPage *self, gboolean shown)
{
  g_return_if_fail (TH_IS_CREDENTIALS_PAGE (self));
  th_ticker_set_active (self->ticker, shown);
}
