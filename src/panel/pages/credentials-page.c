/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialsPage: hands the engine's objects to the groups on it.
 */
#include "panel/pages/credentials-page.h"

#include "panel/ticker.h"
#include "panel/widgets/credential-form.h"
#include "panel/widgets/secret-group.h"

struct _ThCredentialsPage {
  AdwBin parent_instance;
  ThSecretGroup *shared_secret;
  ThSecretGroup *api_key;
  ThCredentialForm *credential_form;

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

  g_type_ensure (TH_TYPE_CREDENTIAL_FORM);
  g_type_ensure (TH_TYPE_SECRET_GROUP);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/credentials-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, shared_secret);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, api_key);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialsPage, credential_form);
}

static void
th_credentials_page_init (ThCredentialsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->ticker = th_ticker_new ();
}

void
th_credentials_page_set_engine (ThCredentialsPage *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_CREDENTIALS_PAGE (self));
  th_secret_group_set_engine (self->shared_secret, engine, TH_RING_SECRET, self->ticker);
  th_secret_group_set_engine (self->api_key, engine, TH_RING_API, self->ticker);
  th_credential_form_set_engine (self->credential_form, engine);
}

void
th_credentials_page_set_shown (ThCredentialsPage *self, gboolean shown)
{
  g_return_if_fail (TH_IS_CREDENTIALS_PAGE (self));
  th_ticker_set_active (self->ticker, shown);
}
