/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThWelcomeCard: three lines and a button.
 */
#include "panel/widgets/welcome-card.h"

#include <glib/gi18n.h>

struct _ThWelcomeCard {
  AdwBin parent_instance;
  GtkLabel *router_line;
};

G_DEFINE_FINAL_TYPE (ThWelcomeCard, th_welcome_card, ADW_TYPE_BIN)

enum {
  SIGNAL_DISMISSED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
on_dismiss_button_clicked (ThWelcomeCard *self)
{
  g_signal_emit (self, signals[SIGNAL_DISMISSED], 0);
}

static void
th_welcome_card_class_init (ThWelcomeCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  signals[SIGNAL_DISMISSED] = g_signal_new ("dismissed", TH_TYPE_WELCOME_CARD, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/welcome-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThWelcomeCard, router_line);
  gtk_widget_class_bind_template_callback (widget_class, on_dismiss_button_clicked);
}

static void
th_welcome_card_init (ThWelcomeCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_welcome_card_set_settings (ThWelcomeCard *self, ThSettings *settings)
{
  int port = (int) th_settings_get_integer (settings, TH_SETTING_RELAY_PORT);
  int tls_port = (int) th_settings_get_integer (settings, TH_SETTING_RELAY_TLS_PORT);
  const char *calls = th_settings_get_string (settings, TH_SETTING_RELAY_RELAY_PORTS);
  g_autofree char *text = NULL;

  if (tls_port == 0)
    /* Translators: %1$d is a port, %2$s a range of ports such as "49152-65535" */
    text = g_strdup_printf (_("For calls from outside your network, let your router forward port "
                              "%1$d (UDP and TCP) and ports %2$s (UDP) to this machine."),
                            port, calls);
  else
    /* Translators: %1$d and %2$d are ports, %3$s is a range of ports such as "49152-65535" */
    text = g_strdup_printf (_("For calls from outside your network, let your router forward ports "
                              "%1$d and %2$d (UDP and TCP) and ports %3$s (UDP) to this machine."),
                            port, tls_port, calls);
  gtk_label_set_label (self->router_line, text);
}
