/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThOnceCard: forgets what it showed as soon as it is closed.
 */
#include "panel/widgets/once-card.h"

#include "credentials/secret.h"

struct _ThOnceCard {
  AdwBin parent_instance;
  GtkLabel *title;
  GtkLabel *detail;
  GtkLabel *text;
  GtkWidget *copy_button;
  char *secret; /* nullable */
};

G_DEFINE_FINAL_TYPE (ThOnceCard, th_once_card, ADW_TYPE_BIN)

static void
on_copy_button_clicked (ThOnceCard *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", self->secret);
}

static void
on_done_button_clicked (ThOnceCard *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  gtk_label_set_label (self->text, "");
  g_clear_pointer (&self->secret, th_secret_free);
}

static void
th_once_card_finalize (GObject *object)
{
  g_clear_pointer (&TH_ONCE_CARD (object)->secret, th_secret_free);
  G_OBJECT_CLASS (th_once_card_parent_class)->finalize (object);
}

static void
th_once_card_class_init (ThOnceCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_once_card_finalize;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/once-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThOnceCard, title);
  gtk_widget_class_bind_template_child (widget_class, ThOnceCard, detail);
  gtk_widget_class_bind_template_child (widget_class, ThOnceCard, text);
  gtk_widget_class_bind_template_child (widget_class, ThOnceCard, copy_button);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_done_button_clicked);
}

static void
th_once_card_init (ThOnceCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_once_card_show (ThOnceCard *self, const char *title, const char *detail, const char *secret)
{
  g_return_if_fail (TH_IS_ONCE_CARD (self) && secret);
  th_secret_free (self->secret);
  self->secret = g_strdup (secret);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->detail, detail);
  gtk_label_set_label (self->text, secret);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  gtk_widget_grab_focus (self->copy_button);
}
