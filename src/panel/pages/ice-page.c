/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePage: starts what the row of options says, and hands the lists of the test to the widgets.
 */
#include "panel/pages/ice-page.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "ice/ice-report.h"
#include "panel/widgets/candidate-table.h"
#include "panel/widgets/device-section.h"
#include "panel/widgets/finding-row.h"
#include "panel/widgets/flow-layout.h"
#include "panel/widgets/path-row.h"
#include "panel/widgets/run-list.h"
#include "panel/widgets/verdict-card.h"

/* Of the list of targets */
#define TARGET_OWN_RELAY 0

struct _ThIcePage {
  AdwBin parent_instance;
  GtkDropDown *target;
  GtkToggleButton *udp, *tcp, *tls;
  GtkToggleButton *relay_only;
  GtkButton *start_button;
  GtkWidget *others;
  GtkTextView *servers;
  GtkEditable *user_name, *password, *secret;
  ThVerdictCard *verdict;
  GtkWidget *nothing;
  GtkWidget *results;
  GtkWidget *findings_group, *paths_group, *candidates_group;
  GtkListBox *findings;
  GtkListBox *paths;
  ThCandidateTable *candidates;
  ThRunList *history;
  ThDeviceSection *devices;

  ThEngine *engine; /* NULL until it is set */
  ThIceRuns *runs;  /* of the engine */
  ThIceTest *test;  /* shown; nullable */
  gboolean own_relay; /* what @test is about */
};

G_DEFINE_FINAL_TYPE (ThIcePage, th_ice_page, ADW_TYPE_BIN)

static gboolean
wants_own_relay (ThIcePage *self)
{
  return gtk_drop_down_get_selected (self->target) == TARGET_OWN_RELAY;
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

/* (transfer full): may have passwords in it; wipe it after use */
static char *
get_servers (ThIcePage *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->servers);
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  return gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
}

/* (nullable): NULL where nothing is entered */
static const char *
get_text (GtkEditable *entry)
{
  const char *text = gtk_editable_get_text (entry);
  return *text ? text : NULL;
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

static void
show_if_any (GtkWidget *widget, GListModel *list)
{
  gtk_widget_set_visible (widget, g_list_model_get_n_items (list) > 0);
}

static void
on_lists_changed (ThIcePage *self)
{
  show_if_any (self->findings_group, th_ice_test_get_findings (self->test));
  show_if_any (self->paths_group, th_ice_test_get_paths (self->test));
  show_if_any (self->candidates_group, th_ice_test_get_candidates (self->test));
}

static void
on_options_changed (ThIcePage *self)
{
  gboolean running = self->test && th_ice_test_is_running (self->test);
  gboolean any;

  get_transports (self, &any);
  gtk_widget_set_visible (self->others, !wants_own_relay (self));
  gtk_widget_set_sensitive (GTK_WIDGET (self->start_button), self->runs && (any || running));
}

static void
on_running_changed (ThIcePage *self)
{
  gboolean running = self->test && th_ice_test_is_running (self->test);
  GtkWidget *button = GTK_WIDGET (self->start_button);

  gtk_button_set_label (self->start_button, running ? _("Stop") : _("Start"));
  if (running)
    gtk_widget_remove_css_class (button, "suggested-action");
  else
    gtk_widget_add_css_class (button, "suggested-action");
  on_options_changed (self);
}

static void
watch_list (ThIcePage *self, GListModel *list)
{
  g_signal_connect_object (list, "items-changed", G_CALLBACK (on_lists_changed), self,
                           G_CONNECT_SWAPPED);
}

static void
forget_test (ThIcePage *self)
{
  if (!self->test)
    return;
  g_signal_handlers_disconnect_by_data (self->test, self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_paths (self->test), self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_candidates (self->test), self);
  g_signal_handlers_disconnect_by_data (th_ice_test_get_findings (self->test), self);
  g_clear_object (&self->test);
}

static void
show_test (ThIcePage *self)
{
  ThIceTest *test = th_ice_runs_get_test (self->runs);

  forget_test (self);
  self->test = g_object_ref (test);
  gtk_list_box_bind_model (self->paths, th_ice_test_get_paths (test), create_path_row, NULL, NULL);
  gtk_list_box_bind_model (self->findings, th_ice_test_get_findings (test), create_finding_row,
                           self, NULL);
  th_candidate_table_set_model (self->candidates, th_ice_test_get_candidates (test));
  th_verdict_card_set_test (self->verdict, test);
  watch_list (self, th_ice_test_get_paths (test));
  watch_list (self, th_ice_test_get_candidates (test));
  watch_list (self, th_ice_test_get_findings (test));
  g_signal_connect_object (test, "notify::running", G_CALLBACK (on_running_changed), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->nothing, FALSE);
  gtk_widget_set_visible (self->results, TRUE);
  on_lists_changed (self);
  on_running_changed (self);
}

static void
start (ThIcePage *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSecretText) servers = wants_own_relay (self) ? NULL : get_servers (self);
  ThIceTestOptions options = { .text = servers };
  gboolean any;

  options.relay_only = gtk_toggle_button_get_active (self->relay_only);
  options.transports = get_transports (self, &any);
  if (servers)
    {
      options.username = get_text (self->user_name);
      options.password = get_text (self->password);
      options.secret = get_text (self->secret);
    }
  self->own_relay = !servers;
  if (!th_ice_runs_start (self->runs, &options, &error))
    say (self, error->message);
}

static void
on_start_button_clicked (ThIcePage *self)
{
  if (self->test && th_ice_test_is_running (self->test))
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
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_ice_page_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, target);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, udp);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, tcp);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, tls);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, relay_only);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, start_button);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, others);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, servers);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, user_name);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, password);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, secret);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, verdict);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, nothing);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, results);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, findings_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, paths_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, candidates_group);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, findings);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, paths);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, candidates);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, history);
  gtk_widget_class_bind_template_child (widget_class, ThIcePage, devices);
}

static void
th_ice_page_class_init (ThIcePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_ice_page_dispose;

  g_type_ensure (TH_TYPE_CANDIDATE_TABLE);
  g_type_ensure (TH_TYPE_DEVICE_SECTION);
  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  g_type_ensure (TH_TYPE_RUN_LIST);
  g_type_ensure (TH_TYPE_VERDICT_CARD);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/pages/ice-page.ui");
  bind_children (widget_class);
  gtk_widget_class_install_action (widget_class, "ice.phone", NULL, on_action_phone);
  gtk_widget_class_bind_template_callback (widget_class, on_options_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_start_button_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_report_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_json_clicked);
}

static void
th_ice_page_init (ThIcePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  on_options_changed (self);
}

void
th_ice_page_set_engine (ThIcePage *self, ThEngine *engine)
{
  g_return_if_fail (TH_IS_ICE_PAGE (self) && !self->engine);
  self->engine = g_object_ref (engine);
  self->runs = th_engine_get_ice_runs (engine);
  th_run_list_set_runs (self->history, self->runs);
  th_device_section_set_engine (self->devices, engine);
  g_signal_connect_object (self->runs, "notify::test", G_CALLBACK (show_test), self,
                           G_CONNECT_SWAPPED);
  on_options_changed (self);
}
