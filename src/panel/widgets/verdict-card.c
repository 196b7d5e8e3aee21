/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThVerdictCard: looks at a test's verdict, and while there is none at its last step. How far it is
 * tells a bar, which screen readers follow; its beginning and its end they are told in words.
 */
#include "panel/widgets/verdict-card.h"

#include <glib/gi18n.h>

#include "panel/compat.h"
#include "panel/finding-remedy.h"
#include "panel/verdict-look.h"
#include "panel/widgets/flow-layout.h"

#define STEP_EVERY (G_USEC_PER_SEC / 2) /* microseconds for which a step is shown at least */

/* How much of a test the paths are; the rest is the call, which has about so many samples. */
#define PATHS_SHARE 0.6
#define SAMPLES     9.0

struct _ThVerdictCard {
  AdwBin parent_instance;
  GtkWidget *card;
  GtkWidget *badge;
  GtkStack *marks;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *title;
  GtkLabel *detail;
  GtkLabel *evidence;
  GtkLabel *subtitle;
  GtkProgressBar *progress;
  GtkButton *action_button;
  ThIceTest *test; /* nullable */
  gboolean own_relay;
  gint64 stepped_at; /* monotonic: when the last step was shown */
};

G_DEFINE_FINAL_TYPE (ThVerdictCard, th_verdict_card, ADW_TYPE_BIN)

/* Of a test without a verdict. */
#define NO_VERDICT "stopped"

static void
set_style (GtkWidget *widget, const char *style)
{
  for (int i = TH_ICE_VERDICT_NONE; i <= TH_ICE_VERDICT_BAD; i++)
    {
      const char *other = th_verdict_look_get (i)->style;
      gtk_widget_remove_css_class (widget, other ? other : NO_VERDICT);
    }
  gtk_widget_add_css_class (widget, style ? style : NO_VERDICT);
}

static void
show_look (ThVerdictCard *self, ThIceVerdict verdict, gboolean running)
{
  const ThVerdictLook *look = th_verdict_look_get (verdict);

  set_style (self->badge, look->style);
  set_style (self->card, look->style);
  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->marks, running ? GTK_WIDGET (self->spinner)
                                                    : GTK_WIDGET (self->icon));
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text);
}

/* The worst, where the verdict is not good: the title has it already, in short. */
static void
show_finding (ThVerdictCard *self, ThIceVerdict verdict)
{
  gboolean good = verdict == TH_ICE_VERDICT_NONE || verdict == TH_ICE_VERDICT_GOOD;
  g_autoptr (ThIceFinding) worst =
      good ? NULL : g_list_model_get_item (th_ice_test_get_findings (self->test), 0);
  g_autofree char *detail = worst ? th_finding_remedy_describe (worst) : g_strdup ("");

  show_text (self->detail, detail);
  show_text (self->evidence, worst ? th_ice_finding_get_evidence (worst) : "");
  th_finding_remedy_offer (worst, self->own_relay, self->action_button);
}

static char *
describe_end (ThIceTest *test)
{
  /* Translators: how long a test took, in seconds: "Took 2.4 s" */
  return g_strdup_printf (_("Took %.1f s"),
                          th_ice_test_get_took (test) / (double) G_USEC_PER_SEC);
}

static const char *
describe_state (ThVerdictCard *self, ThIceVerdict verdict, gboolean running)
{
  if (running)
    return _("Testing…");
  return verdict == TH_ICE_VERDICT_NONE ? _("Test stopped") : th_ice_test_get_headline (self->test);
}

static void
on_state_changed (ThVerdictCard *self)
{
  gboolean running = th_ice_test_is_running (self->test);
  ThIceVerdict verdict = running ? TH_ICE_VERDICT_NONE : th_ice_test_get_verdict (self->test);
  g_autofree char *subtitle = running ? g_strdup ("") : describe_end (self->test);
  const char *title = describe_state (self, verdict, running);

  show_look (self, verdict, running);
  show_finding (self, verdict);
  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->subtitle, subtitle);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  th_compat_announce (GTK_WIDGET (self->title), title);
}

/* Which part of the steps of all paths is behind us. */
static double
share_of_steps (ThIceTest *test)
{
  GListModel *paths = th_ice_test_get_paths (test);
  guint n = g_list_model_get_n_items (paths), done = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);
      for (guint j = 0; j < TH_ICE_N_STAGES; j++)
        done += th_ice_stage_get_state (th_ice_path_get_stage (path, j)) > TH_ICE_STAGE_RUNNING;
    }
  return n > 0 ? (double) done / (n * TH_ICE_N_STAGES) : 0;
}

/* Never back, even where an endpoint brings more paths. */
static void
show_progress (ThVerdictCard *self)
{
  guint samples = g_list_model_get_n_items (th_ice_test_get_samples (self->test));
  double share = PATHS_SHARE * share_of_steps (self->test) +
                 (1 - PATHS_SHARE) * MIN (samples / SAMPLES, 1);

  gtk_progress_bar_set_fraction (self->progress,
                                 MAX (gtk_progress_bar_get_fraction (self->progress), share));
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
  show_progress (self);
}

static void
forget_test (ThVerdictCard *self)
{
  if (!self->test)
    return;
  g_signal_handlers_disconnect_by_data (self->test, self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_samples (self->test), self);
  g_clear_object (&self->test);
}

static void
th_verdict_card_dispose (GObject *object)
{
  forget_test (TH_VERDICT_CARD (object));
  G_OBJECT_CLASS (th_verdict_card_parent_class)->dispose (object);
}

static void
th_verdict_card_class_init (ThVerdictCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_verdict_card_dispose;

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/verdict-card.ui");
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, card);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, badge);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, marks);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, icon);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, spinner);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, title);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, detail);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, evidence);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, progress);
  gtk_widget_class_bind_template_child (widget_class, ThVerdictCard, action_button);
}

static void
th_verdict_card_init (ThVerdictCard *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_verdict_card_set_test (ThVerdictCard *self, ThIceTest *test, gboolean own_relay)
{
  g_return_if_fail (TH_IS_VERDICT_CARD (self));
  forget_test (self);
  gtk_widget_set_visible (GTK_WIDGET (self), test != NULL);
  if (!test)
    return;
  self->test = g_object_ref (test);
  self->own_relay = own_relay;
  self->stepped_at = 0;
  gtk_progress_bar_set_fraction (self->progress, 0);
  g_signal_connect_object (test, "notify::running", G_CALLBACK (on_state_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (test, "event", G_CALLBACK (on_event), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (th_ice_test_get_samples (test), "items-changed",
                           G_CALLBACK (show_progress), self, G_CONNECT_SWAPPED);
  on_state_changed (self);
}
