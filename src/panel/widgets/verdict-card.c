/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThVerdictCard: looks at a test's verdict, and while there is none at its last step.
 */
#include "panel/widgets/verdict-card.h"

#include <glib/gi18n.h>

#define STEP_EVERY (G_USEC_PER_SEC / 2) /* microseconds for which a step is shown at least */

struct _ThVerdictCard {
  AdwBin parent_instance;
  GtkWidget *badge;
  GtkStack *marks;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *title;
  GtkLabel *subtitle;
  ThIceTest *test;    /* nullable */
  gint64 stepped_at;  /* monotonic: when the last step was shown */
};

G_DEFINE_FINAL_TYPE (ThVerdictCard, th_verdict_card, ADW_TYPE_BIN)

typedef struct {
  const char *icon, *style;
} Look;

static const Look looks[] = {
  [TH_ICE_VERDICT_NONE] = { "turnhouse-stopped-symbolic", "stopped" },
  [TH_ICE_VERDICT_GOOD] = { "turnhouse-ok-symbolic", "success" },
  [TH_ICE_VERDICT_LIMITED] = { "turnhouse-warning-symbolic", "warning" },
  [TH_ICE_VERDICT_BAD] = { "turnhouse-error-symbolic", "error" },
};

static void
show_look (ThVerdictCard *self, ThIceVerdict verdict, gboolean running)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (self->badge, looks[i].style);
  gtk_widget_add_css_class (self->badge, looks[verdict].style);
  gtk_image_set_from_icon_name (self->icon, looks[verdict].icon);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->marks, running ? GTK_WIDGET (self->spinner)
                                                    : GTK_WIDGET (self->icon));
}

/* How long it took, and how the router treats UDP. */
static char *
describe_end (ThIceTest *test)
{
  const char *nat = th_ice_test_describe_nat (test);
  /* Translators: how long a test took, in seconds: "Took 2.4 s" */
  g_autofree char *took =
      g_strdup_printf (_("Took %.1f s"), th_ice_test_get_took (test) / (double) G_USEC_PER_SEC);

  return *nat ? g_strdup_printf ("%s · %s", took, nat) : g_steal_pointer (&took);
}

static void
on_state_changed (ThVerdictCard *self)
{
  gboolean running = th_ice_test_is_running (self->test);
  ThIceVerdict verdict = th_ice_test_get_verdict (self->test);
  g_autofree char *subtitle = running ? g_strdup ("") : describe_end (self->test);

  show_look (self, verdict, running);
  if (running)
    gtk_label_set_label (self->title, _("Testing…"));
  else
    gtk_label_set_label (self->title, verdict == TH_ICE_VERDICT_NONE
                                          ? _("Test stopped")
                                          : th_ice_test_get_headline (self->test));
  gtk_label_set_label (self->subtitle, subtitle);
}

/* Steps come by the dozen; some of them are enough to see that it goes on. */
static void
on_event (ThVerdictCard *self, gint64 time, const char *text)
{
  gint64 now = g_get_monotonic_time ();

  if (!th_ice_test_is_running (self->test) || now - self->stepped_at < STEP_EVERY)
    return;
  self->stepped_at = now;
  gtk_label_set_label (self->subtitle, text);
}

static void
th_verdict_card_dispose (GObject *object)
{
  ThVerdictCard *self = TH_VERDICT_CARD (object);
  if (self->test)
    g_signal_handlers_disconnect_by_data (self->test, self);
  g_clear_object (&self->test);
  G_OBJECT_CLASS (th_verdict_card_parent_class)->dispose (object);
}

static void
th_verdict_card_class_init (ThVerdictCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_verdict_card_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/verdict-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, badge);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, marks);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, icon);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, spinner);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, title);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, subtitle);
}

static void
th_verdict_card_init (ThVerdictCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_verdict_card_set_test (ThVerdictCard *self, ThIceTest *test)
{
  g_return_if_fail (TH_IS_VERDICT_CARD (self));
  if (self->test)
    g_signal_handlers_disconnect_by_data (self->test, self);
  g_set_object (&self->test, test);
  gtk_widget_set_visible (GTK_WIDGET (self), test != NULL);
  if (!test)
    return;
  self->stepped_at = 0;
  g_signal_connect_object (test, "notify::running", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (test, "notify::headline", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (test, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  on_state_changed (self);
}
