/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThKeyringPage: a status page, and below it either a spinner or the button to go on with.
 */
#include "panel/pages/keyring-page.h"

#include <glib/gi18n.h>

#include "credentials/ring.h"

struct _ThKeyringPage {
  AdwBin parent_instance;
  AdwStatusPage *status;
  GtkSpinner *spinner;
  GtkButton *button;
};

G_DEFINE_FINAL_TYPE (ThKeyringPage, th_keyring_page, ADW_TYPE_BIN)

static void
th_keyring_page_class_init (ThKeyringPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/keyring-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ThKeyringPage, status);
  gtk_widget_class_bind_template_child (widget_class, ThKeyringPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, ThKeyringPage, button);
}

static void
th_keyring_page_init (ThKeyringPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  th_keyring_page_set_waiting (self);
}

static void
show (ThKeyringPage *self, const char *title, const char *description, const char *button)
{
  g_autofree char *escaped = g_markup_escape_text (description, -1);
  adw_status_page_set_title (self->status, title);
  adw_status_page_set_description (self->status, escaped);
  gtk_spinner_set_spinning (self->spinner, !button);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), !button);
  gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
  if (!button)
    return;
  gtk_button_set_label (self->button, button);
  gtk_widget_grab_focus (GTK_WIDGET (self->button));
}

GtkWidget *
th_keyring_page_new (void)
{
  return g_object_new (TH_TYPE_KEYRING_PAGE, NULL);
}

void
th_keyring_page_set_waiting (ThKeyringPage *self)
{
  show (self, _("Waiting for the Keyring"),
        _("The secrets of your relay are in the system keyring. The relay starts as soon as the "
          "keyring is unlocked."),
        NULL);
}

void
th_keyring_page_set_error (ThKeyringPage *self, const GError *error)
{
  if (g_error_matches (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED))
    show (self, _("Keyring Is Locked"),
          _("The secrets of your relay are in the system keyring. Unlock it to start the relay."),
          _("Unlock"));
  else
    show (self, _("Keyring Cannot Be Used"), error->message, _("Try Again"));
}
