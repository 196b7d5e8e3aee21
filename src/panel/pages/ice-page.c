/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePage: starts what the bar of options says, and hands the lists of the test to the widgets; or
 * what was found in a text from a browser.
 */
#include "panel/pages/ice-page.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "ice/ice-report.h"
#include "panel/widgets/bar-layout.h"
#include "panel/widgets/candidate-table.h"
#include "panel/widgets/device-section.h"
#include "panel/widgets/finding-row.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/measurements.h"
#include "panel/widgets/pair-table.h"
#include "panel/widgets/paste-entry.h"
#include "panel/widgets/path-row.h"
#include "panel/widgets/run-list.h"
#include "panel/widgets/server-entry.h"
#include "panel/widgets/tested-list.h"
#include "panel/widgets/verdict-card.h"

typedef enum {
  TARGET_OWN_RELAY,
  TARGET_SERVERS,
  TARGET_PASTE,
} Target;

struct _ThIcePage {
  AdwBin parent_instance;
  GtkDropDown *target;
  GtkWidget *options;
  GtkToggleButton *udp, *tcp, *tls;
  GtkToggleButton *relay_only;
  GtkButton *start_button;
  ThServerEntry *servers;
  ThPasteEntry *paste;
  GtkWidget *nothing;
  ThVerdictCard *verdict;
  AdwPreferencesGroup *findings_group;
  GtkListBox *findings;
  GtkWidget *network_group;
  AdwActionRow *network;
  GtkWidget *paths_group;
  GtkListBox *paths;
  ThCandidateTable *candidates;
  ThPairTable *pairs;
  ThMeasurements *measurements;
  ThTestedList *tested;
  GtkWidget *report;
  ThRunList *history;
  ThDeviceSection *devices;

  ThEngine *engine; /* NULL until it is set */
  ThIceRuns *runs;  /* of the engine */
  ThIceTest *test;  /* the last one; nullable */
  gboolean own_relay; /* what @test is about */
  gboolean shows_paste; /* and not @test */
  GtkSliceListModel *more_findings; /* of @test: without the one that the card tells of; nullable */
};

G_DEFINE_FINAL_TYPE (ThIcePage, th_ice_page, ADW_TYPE_BIN)

static Target
get_target (ThIcePage *self)
{
  return gtk_drop_down_get_selected (self->target);
}

static gboolean
is_running (ThIcePage *self)
{
  return self->test && th_ice_test_is_running (self->test);
}

/* Bits of ThIceTransport; all of them are 0, which has DTLS in it as well. */
static guint
get_transports (ThIcePage *self, gboolean *any)
{
  gboolean udp = gtk_toggle_button_get_active (self->udp);
  gboolean tcp = gtk_toggle_button_get_active (self->tcp);
  gboolean tls = gtk_toggle_button_get_active (self->tls);

  *any = udp || tcp || tls;
  if (udp && tcp && tls)
    return 0;
  return (udp ? 1u << TH_ICE_UDP : 0) | (tcp ? 1u << TH_ICE_TCP : 0) |
         (tls ? 1u << TH_ICE_TLS | 1u << TH_ICE_DTLS : 0);
}

static void
say (ThIcePage *self, const char *text)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "win.say", "s", text);
}

static GtkWidget *
create_path_row (gpointer item, gpointer user_data)
{
  return th_path_row_new (item);
}

static GtkWidget *
create_finding_row (gpointer item, gpointer user_data)
{
  return th_finding_row_new (item, TH_ICE_PAGE (user_data)->own_relay);
}

static gboolean
is_any (gpointer list)
{
  return list && g_list_model_get_n_items (list) > 0;
}

/* What the router does, in words. */
static void
show_network (ThIcePage *self)
{
  const char *nat = self->shows_paste || !self->test ? "" : th_ice_test_describe_nat (self->test);

  adw_action_row_set_subtitle (self->network, nat);
  gtk_widget_set_visible (self->network_group, *nat);
}

/* What widgets do not know by themselves. */
static void
on_lists_changed (ThIcePage *self)
{
  ThIceTest *test = self->shows_paste ? NULL : self->test;
  ThIceVerdict verdict = test ? th_ice_test_get_verdict (test) : TH_ICE_VERDICT_NONE;
  gboolean told = verdict == TH_ICE_VERDICT_LIMITED || verdict == TH_ICE_VERDICT_BAD;

  if (self->more_findings)
    gtk_slice_list_model_set_offset (self->more_findings, told ? 1 : 0);
  adw_preferences_group_set_title (self->findings_group, told ? _("Also Found") : _("Findings"));
  gtk_widget_set_visible (GTK_WIDGET (self->findings_group), is_any (self->more_findings));
  gtk_widget_set_visible (self->paths_group, test && is_any (th_ice_test_get_paths (test)));
  gtk_widget_set_visible (self->report, test && verdict != TH_ICE_VERDICT_NONE);
  show_network (self);
}

/* The button says what it will do. */
static void
show_start_button (ThIcePage *self)
{
  GtkWidget *button = GTK_WIDGET (self->start_button);
  gboolean any;

  get_transports (self, &any);
  gtk_button_set_label (self->start_button, is_running (self) ? _("Stop") : _("Start"));
  if (is_running (self))
    gtk_widget_remove_css_class (button, "suggested-action");
  else
    gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_sensitive (button, self->runs && (any || is_running (self)));
}

static void
watch (ThIcePage *self, gpointer object, const char *signal, GCallback callback)
{
  g_signal_connect_object (object, signal, callback, self, G_CONNECT_SWAPPED);
}

static void
forget_test (ThIcePage *self)
{
  if (!self->test)
    return;
  g_signal_handlers_disconnect_by_data (self->test, self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_paths (self->test), self);
  g_clear_object (&self->test);
}

static GListModel *
get_findings (ThIcePage *self)
{
  return self->more_findings ? G_LIST_MODEL (self->more_findings) : NULL;
}

/* @test: (nullable): NULL leaves nothing of any */
static void
hand_out (ThIcePage *self, ThIceTest *test)
{
  GListModel *paths = test ? th_ice_test_get_paths (test) : NULL;

  g_clear_object (&self->more_findings);
  if (test)
    self->more_findings = gtk_slice_list_model_new (
        g_object_ref (th_ice_test_get_findings (test)), 0, G_MAXUINT);
  gtk_list_box_bind_model (self->findings, get_findings (self), create_finding_row, self, NULL);
  gtk_list_box_bind_model (self->paths, paths, create_path_row, NULL, NULL);
  th_verdict_card_set_test (self->verdict, test, self->own_relay);
  th_candidate_table_set_model (self->candidates, test ? th_ice_test_get_candidates (test) : NULL);
  th_pair_table_set_model (self->pairs, test ? th_ice_test_get_pairs (test) : NULL);
  th_measurements_set_test (self->measurements, test);
  th_tested_list_set_model (self->tested, paths);
  gtk_widget_set_visible (self->nothing, !test && get_target (self) != TARGET_PASTE);
  on_lists_changed (self);
}

static void
on_running_changed (ThIcePage *self)
{
  on_lists_changed (self);
  show_start_button (self);
}

static void
on_test_changed (ThIcePage *self)
{
  forget_test (self);
  self->shows_paste = FALSE;
  self->test = g_object_ref (th_ice_runs_get_test (self->runs));
  hand_out (self, self->test);
  watch (self, th_ice_test_get_paths (self->test), "items-changed", G_CALLBACK (on_lists_changed));
  watch (self, self->test, "notify::running", G_CALLBACK (on_running_changed));
  watch (self, self->test, "event", G_CALLBACK (show_network));
  show_start_button (self);
}

static void
on_paste_read (ThIcePage *self, GListModel *candidates, GListModel *pairs)
{
  self->shows_paste = TRUE;
  hand_out (self, NULL);
  th_candidate_table_set_model (self->candidates, candidates);
  th_pair_table_set_model (self->pairs, pairs);
}

/* Whoever goes back from a text sees the last test again. */
static void
on_target_changed (ThIcePage *self)
{
  Target target = get_target (self);

  gtk_widget_set_visible (GTK_WIDGET (self->servers), target == TARGET_SERVERS);
  gtk_widget_set_visible (GTK_WIDGET (self->paste), target == TARGET_PASTE);
  gtk_widget_set_visible (self->options, target != TARGET_PASTE);
  gtk_widget_set_visible (GTK_WIDGET (self->start_button), target != TARGET_PASTE);
  gtk_widget_set_visible (self->nothing, !self->test && target != TARGET_PASTE);
  if (target == TARGET_PASTE || !self->shows_paste)
    return;
  self->shows_paste = FALSE;
  hand_out (self, self->test);
}

static void
start (ThIcePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) servers = NULL;
  ThIceTestOptions options = { 0 };
  gboolean own_relay = self->own_relay;
  gboolean any;

  options.relay_only = gtk_toggle_button_get_active (self->relay_only);
  options.transports = get_transports (self, &any);
  if (get_target (self) == TARGET_SERVERS)
    servers = th_server_entry_fill (self->servers, &options);
  self->own_relay = !servers;
  if (th_ice_runs_start (self->runs, &options, &error))
    return;
  self->own_relay = own_relay;
  say (self, error->message);
}

static void
on_start_button_clicked (ThIcePage *self)
{
  if (is_running (self))
    th_ice_runs_stop (self->runs);
  else
    start (self);
}

static void
on_copy_report_clicked (ThIcePage *self)
{
  g_autofree char *report = th_ice_report_markdown (self->test);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", report);
}

static void
on_copy_json_clicked (ThIcePage *self)
{
  g_autofree char *report = th_ice_report_json (self->test);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", report);
}

static void
on_action_phone (GtkWidget *widget, const char *action_name, GVariant *parameter)
{
  th_device_section_begin (TH_ICE_PAGE (widget)->devices);
}

static void
th_ice_page_dispose (GObject *object)
{
  ThIcePage *self = TH_ICE_PAGE (object);

  if (self->paths)
    gtk_list_box_bind_model (self->paths, NULL, NULL, NULL, NULL);
  if (self->findings)
    gtk_list_box_bind_model (self->findings, NULL, NULL, NULL, NULL);
  forget_test (self);
  g_clear_object (&self->more_findings);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_ice_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, target);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, options);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, udp);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, tcp);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, tls);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, relay_only);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, servers);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, paste);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, nothing);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, verdict);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, findings_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, findings);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, network_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, network);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, paths_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, paths);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, candidates);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, pairs);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, measurements);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, tested);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, report);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, history);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, devices);
}

static void
th_ice_page_class_init (ThIcePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_ice_page_dispose;

  g_type_ensure (TH_TYPE_BAR_LAYOUT);
  g_type_ensure (TH_TYPE_CANDIDATE_TABLE);
  g_type_ensure (TH_TYPE_DEVICE_SECTION);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  g_type_ensure (TH_TYPE_MEASUREMENTS);
  g_type_ensure (TH_TYPE_PAIR_TABLE);
  g_type_ensure (TH_TYPE_PASTE_ENTRY);
  g_type_ensure (TH_TYPE_RUN_LIST);
  g_type_ensure (TH_TYPE_SERVER_ENTRY);
  g_type_ensure (TH_TYPE_TESTED_LIST);
  g_type_ensure (TH_TYPE_VERDICT_CARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/ice-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "ice.phone", NULL, on_action_phone);
  gtk_widget_class_bind_template_callback (widget_class, show_start_button);
  gtk_widget_class_bind_template_callback (widget_class, on_target_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_start_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_paste_read);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_report_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_json_clicked);
}

static void
th_ice_page_init (ThIcePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->network), FALSE);
  show_start_button (self);
}

void
th_ice_page_set_engine (ThIcePage *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_ICE_PAGE (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->runs = th_engine_get_ice_runs (engine);
  th_run_list_set_runs (self->history, self->runs);
  th_device_section_set_engine (self->devices, engine);
  g_signal_connect_object (self->runs, "notify::test", G_CALLBACK (on_test_changed), self,
                           G_CONNECT_SWAPPED);
  show_start_button (self);
}
