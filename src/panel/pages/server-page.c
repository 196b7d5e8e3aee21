/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThServerPage: hands the engine's objects to the cards on it.
 */
#include "panel/pages/server-page.h"

#include <glib/gi18n.h>

#include "app/connect-url.h"
#include "panel/problem-remedy.h"
#include "panel/restart-question.h"
#include "panel/traffic-meter.h"
#include "panel/widgets/connect-row.h"
#include "panel/widgets/copy-row.h"
#include "panel/widgets/health-list.h"
#include "panel/widgets/listener-list.h"
#include "panel/widgets/problem-list.h"
#include "panel/widgets/relay-hero.h"
#include "panel/widgets/traffic-card.h"
#include "panel/widgets/welcome-card.h"

struct _ThServerPage {
  AdwBin parent_instance;
  ThRelayHero *hero;
  ThWelcomeCard *welcome;
  ThProblemList *problems;
  GtkListBox *urls;
  GtkLabel *no_urls;
  ThTrafficCard *traffic;
  ThListenerList *listeners;
  ThHealthList *health;

  ThEngine *engine; /* NULL until it is set */
  ThProblem *asked_about; /* whether to end calls for it; nullable */
  ThPanelState *state;
  ThTrafficMeter *meter;
};

G_DEFINE_FINAL_TYPE (ThServerPage, th_server_page, ADW_TYPE_BIN)

static GtkWidget *
create_connect_row (ThEngine *engine)
{
  GtkWidget *row = g_object_new (TH_TYPE_CONNECT_ROW, NULL);
  th_connect_row_set_engine (TH_CONNECT_ROW (row), engine);
  return row;
}

/* @item: an address, or the engine for the row below them */
static GtkWidget *
create_row (gpointer item, gpointer user_data)
{
  if (TH_IS_ENGINE (item))
    return create_connect_row (item);

  const char *label = th_connect_url_get_label (item);
  /* Translators: what the copy button does; %s is the kind of address, such as "TURN over TCP" */
  g_autofree char *copy = g_strdup_printf (_("Copy %s address"), label);
  /* Translators: what a button does; %s is the kind of address, such as "TURN over TCP" */
  g_autofree char *qr = g_strdup_printf (_("Show %s address as QR code"), label);
  GtkWidget *row = g_object_new (TH_TYPE_COPY_ROW, "title", label, "copy-label", copy, "qr-label",
                                 qr, NULL);
  th_copy_row_set_text (TH_COPY_ROW (row), th_connect_url_get_url (item));
  return row;
}

/* The addresses, and below them what to do with them. */
static void
show_urls (ThServerPage *self, ThEngine *engine, GListModel *urls)
{
  g_autoptr (GListStore) last = g_list_store_new (TH_TYPE_ENGINE);
  GListStore *parts = g_list_store_new (G_TYPE_LIST_MODEL);
  g_autoptr (GtkFlattenListModel) all = gtk_flatten_list_model_new (G_LIST_MODEL (parts));

  g_list_store_append (last, engine);
  g_list_store_append (parts, urls);
  g_list_store_append (parts, last);
  gtk_list_box_bind_model (self->urls, G_LIST_MODEL (all), create_row, NULL, NULL);
}

static void
on_urls_changed (ThServerPage *self, guint position, guint removed, guint added, GListModel *urls)
{
  gboolean any = g_list_model_get_n_items (urls) > 0;
  gtk_widget_set_visible (GTK_WIDGET (self->urls), any);
  gtk_widget_set_visible (GTK_WIDGET (self->no_urls), !any);
}

static void
do_remedy (ThServerPage *self, ThProblem *problem, const ThRemedy *remedy)
{
  if (th_remedy_apply (remedy, self->engine, problem))
    return;
  if (remedy->kind == TH_REMEDY_SETTING)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.preference", "s",
                                th_setting_get_row (remedy->setting)->name);
  else if (remedy->kind == TH_REMEDY_PLAN)
    th_traffic_card_show_plan (self->traffic);
  else if (remedy->kind == TH_REMEDY_COMMAND)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", remedy->command);
}

static void
on_remedy_confirmed (gpointer data)
{
  ThServerPage *self = data;
  g_autoptr (ThProblem) problem = g_steal_pointer (&self->asked_about);
  if (!problem)
    return;
  g_autoptr (ThRemedy) remedy = th_remedy_new (problem);
  do_remedy (self, problem, remedy);
}

static void
on_resolve (ThServerPage *self, ThProblem *problem)
{
  g_autoptr (ThRemedy) remedy = th_remedy_new (problem);
  g_set_object (&self->asked_about, problem);
  if (remedy->ends_calls)
    th_restart_or_ask (GTK_WIDGET (self), self->engine, on_remedy_confirmed, self);
  else
    on_remedy_confirmed (self);
}

static void
on_welcome_dismissed (ThServerPage *self)
{
  self->state->welcomed = TRUE;
  gtk_widget_set_visible (GTK_WIDGET (self->welcome), FALSE);
}

static void
on_traffic_unit_changed (ThServerPage *self)
{
  g_object_get (self->traffic, "bytes", &self->state->traffic_in_bytes, NULL);
}

static void
th_server_page_dispose (GObject *object)
{
  ThServerPage *self = TH_SERVER_PAGE (object);
  if (self->meter)
    th_traffic_meter_set_active (self->meter, FALSE);
  g_clear_object (&self->meter);
  g_clear_object (&self->asked_about);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_server_page_parent_class)->dispose (object);
}

static void
th_server_page_class_init (ThServerPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_server_page_dispose;

  g_type_ensure (TH_TYPE_RELAY_HERO);
  g_type_ensure (TH_TYPE_WELCOME_CARD);
  g_type_ensure (TH_TYPE_PROBLEM_LIST);
  g_type_ensure (TH_TYPE_TRAFFIC_CARD);
  g_type_ensure (TH_TYPE_LISTENER_LIST);
  g_type_ensure (TH_TYPE_HEALTH_LIST);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/server-page.ui");
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, hero);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, welcome);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, problems);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, urls);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, no_urls);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, traffic);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, listeners);
  gtk_widget_class_bind_template_child (widget_class, ThServerPage, health);
  gtk_widget_class_bind_template_callback (widget_class, on_welcome_dismissed);
}

static void
th_server_page_init (ThServerPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
th_server_page_set_engine (ThServerPage *self, ThEngine *engine, ThPanelState *state)
{
  g_return_if_fail (TH_IS_SERVER_PAGE (self) && !self->meter);
  ThRelay *relay = th_engine_get_relay (engine);
  GListModel *urls = th_engine_get_urls (engine);

  self->engine = g_object_ref (engine);
  self->state = state;
  self->meter = th_traffic_meter_new (relay, th_engine_get_traffic (engine));
  th_relay_hero_set_engine (self->hero, engine, self->meter);
  th_problem_list_set_model (self->problems, th_engine_get_problems (engine));
  g_signal_connect_object (self->problems, "resolve", G_CALLBACK (on_resolve), self,
                           G_CONNECT_SWAPPED);
  show_urls (self, engine, urls);
  g_signal_connect_object (urls, "items-changed", G_CALLBACK (on_urls_changed), self,
                           G_CONNECT_SWAPPED);
  on_urls_changed (self, 0, 0, 0, urls);
  th_traffic_card_set_engine (self->traffic, engine, self->meter);
  g_object_set (self->traffic, "bytes", state->traffic_in_bytes, NULL);
  g_signal_connect_object (self->traffic, "notify::bytes", G_CALLBACK (on_traffic_unit_changed),
                           self, G_CONNECT_SWAPPED);
  th_health_list_set_engine (self->health, engine, self->meter);
  th_listener_list_set_model (self->listeners, th_relay_get_listeners (relay));
  th_welcome_card_set_settings (self->welcome, th_engine_get_settings (engine));
  gtk_widget_set_visible (GTK_WIDGET (self->welcome), !state->welcomed);
}

void
th_server_page_set_shown (ThServerPage *self, gboolean shown)
{
  g_return_if_fail (TH_IS_SERVER_PAGE (self));
  if (self->meter)
    th_traffic_meter_set_active (self->meter, shown);
}
