/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialForm: asks the secret ring for a credential.
 */
#include "panel/widgets/credential-form.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/whole-text.h"
#include "panel/widgets/credential-result.h"

#define HOUR 3600

/* In the order of the rows' choices. */
typedef enum {
  LIFETIME_HOUR,
  LIFETIME_DAY,
  LIFETIME_WEEK,
  LIFETIME_CUSTOM,
} Lifetime;

typedef enum {
  SCHEME_REST,
  SCHEME_JWT,
  SCHEME_LIVEKIT,
} Scheme;

struct _ThCredentialForm {
  AdwBin parent_instance;
  AdwEntryRow *user_row;
  AdwComboRow *scheme_row;
  AdwComboRow *lifetime_row;
  GtkWidget *hours_row;
  GtkSpinButton *hours;
  ThCredentialResult *result;

  ThEngine *engine;
};

G_DEFINE_FINAL_TYPE (ThCredentialForm, th_credential_form, ADW_TYPE_BIN)

static gint64
chosen_lifetime (ThCredentialForm *self)
{
  switch ((Lifetime) adw_combo_row_get_selected (self->lifetime_row))
    {
    case LIFETIME_HOUR:
      return HOUR;
    case LIFETIME_WEEK:
      return 7 * 24 * HOUR;
    case LIFETIME_CUSTOM:
      return gtk_spin_button_get_value_as_int (self->hours) * (gint64) HOUR;
    case LIFETIME_DAY:
    default:
      return 24 * HOUR;
    }
}

static ThCredential *
mint (ThCredentialForm *self, const char *user, GError **error)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  switch ((Scheme) adw_combo_row_get_selected (self->scheme_row))
    {
    case SCHEME_JWT:
      return th_secret_ring_mint_jwt (ring, user, now, error);
    case SCHEME_LIVEKIT:
      return th_secret_ring_mint_livekit (ring, user, chosen_lifetime (self), now, error);
    case SCHEME_REST:
    default:
      return th_secret_ring_mint (ring, user, chosen_lifetime (self), now, error);
    }
}

static char *
scheme_text (ThCredentialForm *self, Scheme scheme)
{
  if (scheme != SCHEME_JWT)
    return g_strdup (scheme == SCHEME_LIVEKIT ? _("From the API secret")
                                              : _("From the shared secret"));
  gint64 ttl =
      th_settings_get_integer (th_engine_get_settings (self->engine), TH_SETTING_CREDENTIALS_TTL);
  g_autofree char *span = th_format_time_left (ttl);
  /* Translators: %s is a lifetime such as "24 h" */
  return g_strdup_printf (_("From the API secret, for %s"), span);
}

/* A token lives as long as the settings say; for the other schemes there is a choice. */
static void
show_choices (ThCredentialForm *self)
{
  if (!self->engine)
    return;
  Scheme scheme = adw_combo_row_get_selected (self->scheme_row);
  gboolean custom = adw_combo_row_get_selected (self->lifetime_row) == LIFETIME_CUSTOM;
  g_autofree char *text = scheme_text (self, scheme);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->scheme_row), text);
  gtk_widget_set_visible (GTK_WIDGET (self->lifetime_row), scheme != SCHEME_JWT);
  gtk_widget_set_visible (self->hours_row, scheme != SCHEME_JWT && custom);
}

static void
on_user_row_changed (ThCredentialForm *self)
{
  gtk_widget_remove_css_class (GTK_WIDGET (self->user_row), "error");
}

static void
on_create_activated (ThCredentialForm *self)
{
  const char *user = gtk_editable_get_text (GTK_EDITABLE (self->user_row));
  g_autoptr (GError) error = NULL;
  g_autoptr (ThCredential) credential = mint (self, user, &error);
  if (!credential)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->user_row), "error");
      gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s",
                                  _(error->message)); /* marked where it is made */
      return;
    }
  th_credential_result_set (self->result, user, credential, th_engine_get_urls (self->engine));
  gtk_widget_set_visible (GTK_WIDGET (self->result), TRUE);
}

/* Which is when it has a label. */
static void
on_choice_mapped (GtkWidget *row)
{
  th_whole_text (row, FALSE);
}

static void
th_credential_form_dispose (GObject *object)
{
  g_clear_object (&TH_CREDENTIAL_FORM (object)->engine);
  G_OBJECT_CLASS (th_credential_form_parent_class)->dispose (object);
}

static void
th_credential_form_class_init (ThCredentialFormClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_credential_form_dispose;

  g_type_ensure (TH_TYPE_CREDENTIAL_RESULT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/credential-form.ui");
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, user_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, scheme_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, lifetime_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, hours_row);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, hours);
  gtk_widget_class_bind_template_child (widget_class, ThCredentialForm, result);
  gtk_widget_class_bind_template_callback (widget_class, show_choices);
  gtk_widget_class_bind_template_callback (widget_class, on_user_row_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_create_activated);
}

static void
th_credential_form_init (ThCredentialForm *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (self->scheme_row, "map", G_CALLBACK (on_choice_mapped), NULL);
  g_signal_connect (self->lifetime_row, "map", G_CALLBACK (on_choice_mapped), NULL);
}

void
th_credential_form_set_engine (ThCredentialForm *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_CREDENTIAL_FORM (self) && !self->engine);
  self->engine = g_object_ref (engine);
  g_signal_connect_object (th_engine_get_settings (engine), "changed::credentials-ttl",
                           G_CALLBACK (show_choices), self, G_CONNECT_SWAPPED);
  show_choices (self);
}
