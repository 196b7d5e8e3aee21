/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialResult: rows that copy. What holds the password stays out of sight until someone
 * asks to see it.
 */
#include "panel/widgets/credential-result.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "panel/credential-text.h"
#include "panel/format.h"
#include "panel/widgets/copy-row.h"
#include "panel/widgets/qr-code.h"

struct _ThCredentialResult {
  AdwPreferencesGroup parent_instance;
  ThCopyRow *user_row;
  ThCopyRow *password_row;
  ThCopyRow *json_row;
  ThCopyRow *web_row;
  ThCopyRow *url_row;
  AdwExpanderRow *qr_row;
  ThQrCode *qr_code;
};

G_DEFINE_FINAL_TYPE (ThCredentialResult, th_credential_result, ADW_TYPE_PREFERENCES_GROUP)

/* Without addresses there is no such form. */
static void
show_form (ThCopyRow *row, const char *text)
{
  gtk_widget_set_visible (GTK_WIDGET (row), text != NULL);
  if (text)
    th_copy_row_set_text (row, text);
}

static void
show_heading (ThCredentialResult *self, const char *user, const ThCredential *credential)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (self);
  g_autofree char *moment = th_format_moment (credential->expires_at);
  /* Translators: %s is a name */
  g_autofree char *title = g_markup_printf_escaped (_("Credential of %s"), user);
  /* Translators: %s is a date and time of day */
  g_autofree char *description = g_strdup_printf (_("Works until %s"), moment);
  adw_preferences_group_set_title (group, title);
  adw_preferences_group_set_description (group, description);
}

static void
th_credential_result_class_init (ThCredentialResultClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  g_type_ensure (TH_TYPE_COPY_ROW);
  g_type_ensure (TH_TYPE_QR_CODE);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/credential-result.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, user_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, password_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, json_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, web_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, url_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, qr_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialResult, qr_code);
}

static void
th_credential_result_init (ThCredentialResult *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_credential_result_set (ThCredentialResult *self,
                          const char *user,
                          const ThCredential *credential,
                          GListModel *urls)
{
  g_return_if_fail (TH_IS_CREDENTIAL_RESULT (self));
  g_autoptr (ThSecretText) json = th_credential_text_json (urls, credential, FALSE);
  g_autoptr (ThSecretText) short_json = th_credential_text_json (urls, credential, TRUE);
  g_autoptr (ThSecretText) web = th_credential_text_web (urls, credential);
  g_autoptr (ThSecretText) url = th_credential_text_url (urls, credential);

  show_heading (self, user, credential);
  th_copy_row_set_text (self->user_row, credential->username);
  th_copy_row_set_text (self->password_row, credential->password);
  show_form (self->json_row, json);
  show_form (self->web_row, web);
  show_form (self->url_row, url);
  adw_expander_row_set_expanded (self->qr_row, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->qr_row),
                          th_qr_code_set_text (self->qr_code, short_json));
}
