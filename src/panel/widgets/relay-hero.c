/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayHero: shows the engine's state; starts and stops it. Stopping asks first where calls
 * would end.
 */
#include "panel/widgets/relay-hero.h"

#include <glib/gi18n.h>

#include "panel/compat.h"
#include "panel/format.h"
#include "panel/restart-question.h"
#include "panel/self-test-text.h"
#include "panel/verdict-look.h"
#include "panel/widgets/flow-layout.h"

#define TEST_FRESH_FOR (2 * TH_ICE_RUNS_INTERVAL) /* seconds: an older test says nothing of now */

struct _ThRelayHero {
  AdwBin parent_instance;
  GtkWidget *card;
  GtkWidget *box;
  AdwBin *badge;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *subtitle;
  GtkWidget *test;
  GtkImage *test_icon;
  GtkLabel *test_text;
  GtkButton *start_button;
  GtkSwitch *relay_switch;

  ThEngine *engine;
  ThTrafficMeter *meter;
  gint64 running_since; /* microseconds, of the monotonic clock */
  gboolean showing;     /* the switch is being moved by us and not by the user */
};

G_DEFINE_FINAL_TYPE (ThRelayHero, th_relay_hero, ADW_TYPE_BIN)

typedef struct {
  const char *icon_name;
  const char *css_class;
  const char *title;
  const char *button; /* nullable */
} Look;

static Look
look_of (ThEngineState state)
{
  switch (state)
    {
    case TH_ENGINE_RUNNING:
      return (Look){ "turnhouse-running-symbolic", "success", _("Relay is running"), NULL };
    case TH_ENGINE_FAILED:
      return (Look){ "turnhouse-failed-symbolic", "error", _("Relay cannot run"),
                     _("Try Again") };
    case TH_ENGINE_STOPPED:
    default:
      return (Look){ "turnhouse-stopped-symbolic", "stopped", _("Relay is stopped"),
                     _("Start Relay") };
    }
}

/* "3 calls through it · 12.4 Mbit/s · running for 3 days" */
static char *
running_text (ThRelayHero *self)
{
  guint calls = th_calls_count (self->engine);
  GString *text = g_string_new (NULL);
  if (calls == 0)
    {
      g_string_append (text, _("No one is connected"));
    }
  else
    {
      g_autofree char *rate = th_format_rate (th_traffic_meter_get_rate (self->meter));
      g_string_append_printf (text, ngettext ("%u call through it", "%u calls through it", calls),
                              calls);
      g_string_append_printf (text, " · %s", rate);
    }

  gint64 age = (g_get_monotonic_time () - self->running_since) / G_USEC_PER_SEC;
  g_autofree char *span = th_format_span (age);
  if (span)
    {
      /* Translators: %s is a span of time such as "3 days" */
      g_autofree char *running = g_strdup_printf (_("running for %s"), span);
      g_string_append_printf (text, " · %s", running);
    }
  return g_string_free (text, FALSE);
}

static char *
subtitle_text (ThRelayHero *self)
{
  switch (th_engine_get_state (self->engine))
    {
    case TH_ENGINE_RUNNING:
      return running_text (self);
    case TH_ENGINE_FAILED:
      return g_strdup (_("Apps cannot use it until the problem below is solved"));
    case TH_ENGINE_STOPPED:
    default:
      return g_strdup (_("Apps cannot use it until it is started"));
    }
}

static void
update_subtitle (ThRelayHero *self)
{
  g_autofree char *text = subtitle_text (self);
  gtk_label_set_label (self->subtitle, text);
}

/* (transfer full) (nullable): what can be said of the relay as it runs now */
static ThIceRun *
find_fresh_test (ThRelayHero *self)
{
  g_autoptr (ThIceRun) run = NULL;

  if (th_engine_get_state (self->engine) == TH_ENGINE_RUNNING)
    run = th_ice_runs_find_last (th_engine_get_ice_runs (self->engine));
  if (run && g_get_real_time () / G_USEC_PER_SEC - th_ice_run_get_values (run)->time >
                 TEST_FRESH_FOR)
    return NULL;
  return g_steal_pointer (&run);
}

static void
update_test (ThRelayHero *self)
{
  g_autoptr (ThIceRun) run = find_fresh_test (self);

  gtk_widget_set_visible (self->test, run != NULL);
  if (!run)
    return;
  const ThVerdictLook *look = th_verdict_look_get (th_ice_run_get_values (run)->verdict);
  g_autofree char *text = th_self_test_describe (run);
  gtk_image_set_from_icon_name (self->test_icon, look->icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->test_icon),
                              (const char *[]){ look->style, NULL });
  gtk_label_set_label (self->test_text, text);
}

/* What goes through it, and how old its test is. */
static void
on_sampled (ThRelayHero *self)
{
  update_subtitle (self);
  update_test (self);
}

/* When it started, exactly; nothing while it does not run. */
static void
update_tooltip (ThRelayHero *self, ThEngineState state)
{
  if (state != TH_ENGINE_RUNNING)
    {
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), NULL);
      return;
    }
  g_autofree char *moment = th_format_moment (g_get_real_time () / G_USEC_PER_SEC);
  /* Translators: %s is a date with the time of day */
  g_autofree char *text = g_strdup_printf (_("Running since %s"), moment);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->subtitle), text);
}

/* A row, or, when it is stopped, all that the page is about. */
static void
update_layout (ThRelayHero *self, gboolean stopped)
{
  GtkWidget *button = GTK_WIDGET (self->start_button);
  gboolean had_focus = gtk_widget_has_focus (GTK_WIDGET (self->relay_switch));
  float xalign = stopped ? 0.5 : 0;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->box), stopped
                                                                  ? GTK_ORIENTATION_VERTICAL
                                                                  : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_css_classes (self->card,
                              (const char *[]){ "card", "hero", stopped ? "stopped" : NULL, NULL });
  gtk_image_set_pixel_size (self->icon, stopped ? 48 : 32);
  gtk_label_set_xalign (self->title, xalign);
  gtk_label_set_justify (self->title, stopped ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
  gtk_widget_set_css_classes (GTK_WIDGET (self->title),
                              (const char *[]){ stopped ? "title-1" : "title-2", NULL });
  gtk_label_set_xalign (self->subtitle, xalign);
  gtk_label_set_justify (self->subtitle, stopped ? GTK_JUSTIFY_CENTER : GTK_JUSTIFY_LEFT);
  gtk_widget_set_margin_top (button, stopped ? 18 : 9);
  gtk_widget_set_halign (button, stopped ? GTK_ALIGN_CENTER : GTK_ALIGN_START);
  gtk_widget_set_css_classes (
      button, (const char *[]){ "text-button", "suggested-action", stopped ? "pill" : NULL, NULL });
  gtk_widget_set_visible (GTK_WIDGET (self->relay_switch), !stopped);
  if (had_focus && stopped)
    gtk_widget_grab_focus (button);
}

/* On is what was asked for; the colour of the switch tells whether it came true. */
static void
update_switch (ThRelayHero *self, ThEngineState state)
{
  self->showing = TRUE;
  gtk_switch_set_state (self->relay_switch, state == TH_ENGINE_RUNNING);
  gtk_switch_set_active (self->relay_switch, state != TH_ENGINE_STOPPED);
  self->showing = FALSE;
}

static void
update_state (ThRelayHero *self)
{
  ThEngineState state = th_engine_get_state (self->engine);
  Look look = look_of (state);

  if (state == TH_ENGINE_RUNNING)
    self->running_since = g_get_monotonic_time ();
  gtk_image_set_from_icon_name (self->icon, look.icon_name);
  gtk_widget_set_css_classes (GTK_WIDGET (self->badge),
                              (const char *[]){ "state-badge", look.css_class, NULL });
  gtk_label_set_label (self->title, look.title);
  gtk_widget_set_visible (GTK_WIDGET (self->start_button), look.button != NULL);
  if (look.button)
    gtk_button_set_label (self->start_button, look.button);
  update_switch (self, state);
  update_layout (self, state == TH_ENGINE_STOPPED);
  update_tooltip (self, state);
  update_subtitle (self);
  update_test (self);
}

/* Once GTK is through with its own part of the switch's change. */
static gboolean
on_idle_restore_switch (gpointer data)
{
  ThRelayHero *self = data;
  if (self->engine)
    update_switch (self, th_engine_get_state (self->engine));
  return G_SOURCE_REMOVE;
}

static void
on_stop_confirmed (gpointer data)
{
  ThRelayHero *self = data;
  th_engine_stop (self->engine);
}

static void
stop_or_ask (ThRelayHero *self)
{
  guint calls = th_calls_count (self->engine);
  if (calls == 0)
    {
      th_engine_stop (self->engine);
      return;
    }
  g_autofree char *body = g_strdup_printf (ngettext ("%u call that goes through it ends.",
                                                     "%u calls that go through it end.", calls),
                                           calls);
  th_compat_confirm (GTK_WIDGET (self), _("Stop the relay?"), body, _("Stop Relay"),
                     on_stop_confirmed, self);
  g_idle_add_full (G_PRIORITY_DEFAULT, on_idle_restore_switch, g_object_ref (self), g_object_unref);
}

static gboolean
on_relay_switch_state_set (ThRelayHero *self, gboolean wanted)
{
  if (self->showing)
    return TRUE;
  if (wanted)
    th_engine_start (self->engine, NULL);
  else
    stop_or_ask (self);
  return TRUE;
}

static void
on_start_button_clicked (ThRelayHero *self)
{
  /* The button goes when the relay runs; the keyboard stays with what takes its place. */
  if (th_engine_start (self->engine, NULL))
    gtk_widget_grab_focus (GTK_WIDGET (self->relay_switch));
}

static void
th_relay_hero_dispose (GObject *object)
{
  ThRelayHero *self = TH_RELAY_HERO (object);
  g_clear_object (&self->engine);
  g_clear_object (&self->meter);
  G_OBJECT_CLASS (th_relay_hero_parent_class)->dispose (object);
}

static void
th_relay_hero_class_init (ThRelayHeroClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_relay_hero_dispose;
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/relay-hero.ui");
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, card);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, box);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, badge);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, icon);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, title);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, subtitle);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, test);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, test_icon);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, test_text);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, start_button);
  gtk_widget_class_bind_template_child (widget_class, ThRelayHero, relay_switch);
  gtk_widget_class_bind_template_callback (widget_class, on_start_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_relay_switch_state_set);
}

static void
th_relay_hero_init (ThRelayHero *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_relay_hero_set_engine (ThRelayHero *self, ThEngine *engine, ThTrafficMeter *meter)
{
  g_return_if_fail (TH_IS_RELAY_HERO (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->meter = g_object_ref (meter);
  g_signal_connect_object (engine, "notify::state", G_CALLBACK (update_state), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (th_engine_get_relay (engine), "notify::session-count",
                           G_CALLBACK (update_subtitle), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (meter, "sampled", G_CALLBACK (on_sampled), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (th_ice_runs_get_history (th_engine_get_ice_runs (engine)),
                           "items-changed", G_CALLBACK (update_test), self, G_CONNECT_SWAPPED);
  update_state (self);
}
