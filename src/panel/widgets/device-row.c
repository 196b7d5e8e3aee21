/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThDeviceRow: follows a ThTestVisit, and shows what changed at most twice a second.
 */
#include "panel/widgets/device-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/test-words.h"
#include "panel/format.h"
#include "panel/widgets/candidate-table.h"
#include "panel/widgets/fact-row.h"

#define UPDATE_EVERY 500 /* milliseconds */

struct _ThDeviceRow {
  AdwExpanderRow parent_instance;
  GtkStack *marks;
  GtkImage *icon;
  GtkSpinner *spinner;
  ThFactRow *ways[TH_TEST_N_WAYS];
  ThFactRow *rtt, *jitter, *loss, *throughput;
  ThFactRow *pair, *found, *address, *began;
  GtkLabel *problems;
  ThCandidateTable *candidates;

  ThTestVisit *visit;
  guint update; /* source: something changed */
};

G_DEFINE_FINAL_TYPE (ThDeviceRow, th_device_row, ADW_TYPE_EXPANDER_ROW)

typedef struct {
  const char *icon, *style;
} Look;

static const Look looks[] = {
  [TH_ICE_VERDICT_NONE] = { "turnhouse-stopped-symbolic", "dim-label" },
  [TH_ICE_VERDICT_GOOD] = { "turnhouse-ok-symbolic", "success" },
  [TH_ICE_VERDICT_LIMITED] = { "turnhouse-warning-symbolic", "warning" },
  [TH_ICE_VERDICT_BAD] = { "turnhouse-error-symbolic", "error" },
};

static void
show_look (ThDeviceRow *self)
{
  gboolean running = th_test_visit_get_state (self->visit) == TH_TEST_VISIT_RUNNING;
  const Look *look = &looks[th_test_visit_get_verdict (self->visit)];

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].style);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), look->style);
  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->marks, running ? GTK_WIDGET (self->spinner)
                                                    : GTK_WIDGET (self->icon));
}

/* (transfer full): "12.3 ms"; "–" where nothing was measured */
static char *
format_time (double milliseconds)
{
  return milliseconds < 0 ? g_strdup ("–") : th_format_milliseconds (milliseconds);
}

static char *
format_loss (double loss)
{
  return loss < 0 ? g_strdup ("–") : th_format_percent (loss * 100);
}

static char *
format_round_trip (const ThTestFigures *figures)
{
  g_autofree char *median = format_time (figures->rtt);
  g_autofree char *most = format_time (figures->rtt_p95);

  if (figures->rtt_p95 < 0)
    return g_steal_pointer (&median);
  /* Translators: of round trips; both are times such as "12.3 ms", and %1$s is the middle one */
  return g_strdup_printf (_("%1$s, 95 %% of them within %2$s"), median, most);
}

/* (transfer full) (nullable): the three that matter, in a line; NULL before they are there */
static char *
summarize (const ThTestFigures *figures)
{
  g_autofree char *rtt = format_time (figures->rtt);
  g_autofree char *loss = format_loss (figures->loss);
  g_autofree char *rate = th_format_rate (MAX (figures->throughput, 0));

  if (figures->rtt < 0)
    return NULL;
  if (figures->throughput < 0)
    /* Translators: %1$s is a round trip such as "12.3 ms", %2$s a share such as "0.5 %" */
    return g_strdup_printf (_("%1$s · %2$s lost"), rtt, loss);
  /* Translators: the same, and %3$s is a rate such as "45 Mbit/s" */
  return g_strdup_printf (_("%1$s · %2$s lost · %3$s"), rtt, loss, rate);
}

static char *
format_place (ThIceCandidate *candidate)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
  const char *type = th_ice_candidate_type_get_name (values->type);

  if (!*values->address)
    return g_strdup (type);
  return g_strdup_printf (strchr (values->address, ':') ? "[%s]:%u (%s)" : "%s:%u (%s)",
                          values->address, values->port, type);
}

static char *
format_pair (ThIcePair *pair)
{
  if (!pair)
    return g_strdup ("–");

  g_autofree char *local = format_place (th_ice_pair_get_local (pair));
  g_autofree char *remote = format_place (th_ice_pair_get_remote (pair));
  return g_strdup_printf ("%s ↔ %s", local, remote);
}

static char *
format_address (ThTestVisit *visit)
{
  const ThAddress *address = th_test_visit_get_address (visit);
  char text[TH_ADDRESS_STRING_SIZE];

  if (!th_address_is_set (address))
    return g_strdup ("–");
  th_address_format_host (address, text);
  if (th_test_visit_is_outside (visit))
    /* Translators: %s is an IP address */
    return g_strdup_printf (_("%s, outside this network"), text);
  if (th_address_is_loopback (address))
    /* Translators: %s is an IP address */
    return g_strdup_printf (_("%s, this machine or a proxy on it"), text);
  return g_strdup (text);
}

static void
show_figures (ThDeviceRow *self)
{
  const ThTestFigures *figures = th_test_visit_get_figures (self->visit);
  g_autofree char *rtt = format_round_trip (figures);
  g_autofree char *jitter = format_time (figures->jitter);
  g_autofree char *loss = format_loss (figures->loss);
  g_autofree char *rate =
      figures->throughput < 0 ? g_strdup ("–") : th_format_rate (figures->throughput);
  g_autofree char *pair = format_pair (th_test_visit_get_selected_pair (self->visit));

  th_fact_row_set_value (self->rtt, rtt);
  th_fact_row_set_value (self->jitter, jitter);
  th_fact_row_set_value (self->loss, loss);
  th_fact_row_set_value (self->throughput, rate);
  th_fact_row_set_value (self->pair, pair);
  for (guint way = 0; way < TH_TEST_N_WAYS; way++)
    {
      g_autofree char *words = th_test_words_for_way (self->visit, way);
      th_fact_row_set_value (self->ways[way], words);
    }
}

static void
show_found (ThDeviceRow *self)
{
  guint n = g_list_model_get_n_items (th_test_visit_get_candidates (self->visit));
  gboolean more = !th_test_visit_has_gathered (self->visit) &&
                  th_test_visit_get_state (self->visit) == TH_TEST_VISIT_RUNNING;
  /* Translators: how many addresses */
  g_autofree char *count = g_strdup_printf (ngettext ("%u found", "%u found", n), n);
  /* Translators: %s is "3 found" */
  g_autofree char *found = more ? g_strdup_printf (_("%s, looking for more…"), count)
                                : g_steal_pointer (&count);
  g_autofree char *problems =
      g_strjoinv ("\n", (char **) th_test_visit_get_problems (self->visit));

  th_fact_row_set_value (self->found, found);
  gtk_label_set_label (self->problems, problems);
  gtk_widget_set_visible (GTK_WIDGET (self->problems), *problems);
}

static void
show_all (ThDeviceRow *self)
{
  g_autofree char *words = th_test_words_for_visit (self->visit);
  g_autofree char *figures = summarize (th_test_visit_get_figures (self->visit));
  g_autofree char *subtitle = figures ? g_strdup_printf ("%s\n%s", words, figures)
                                      : g_steal_pointer (&words);

  adw_expander_row_set_subtitle (ADW_EXPANDER_ROW (self), subtitle);
  show_look (self);
  show_figures (self);
  show_found (self);
}

static gboolean
on_time (gpointer data)
{
  ThDeviceRow *self = data;

  self->update = 0;
  show_all (self);
  return G_SOURCE_REMOVE;
}

/* Messages come by the dozen. */
static void
on_visit_changed (ThDeviceRow *self)
{
  if (self->update == 0)
    self->update = g_timeout_add (UPDATE_EVERY, on_time, self);
}

static void
on_visit_state_changed (ThDeviceRow *self)
{
  g_clear_handle_id (&self->update, g_source_remove);
  show_all (self);
}

static void
th_device_row_dispose (GObject *object)
{
  ThDeviceRow *self = TH_DEVICE_ROW (object);

  g_clear_handle_id (&self->update, g_source_remove);
  g_clear_object (&self->visit);
  G_OBJECT_CLASS (th_device_row_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, marks);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, spinner);
  gtk_widget_class_bind_template_child_full (widget_class, "udp", FALSE,
                                             G_STRUCT_OFFSET (ThDeviceRow, ways[TH_TEST_WAY_UDP]));
  gtk_widget_class_bind_template_child_full (widget_class, "tcp", FALSE,
                                             G_STRUCT_OFFSET (ThDeviceRow, ways[TH_TEST_WAY_TCP]));
  gtk_widget_class_bind_template_child_full (widget_class, "tls", FALSE,
                                             G_STRUCT_OFFSET (ThDeviceRow, ways[TH_TEST_WAY_TLS]));
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, rtt);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, jitter);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, loss);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, throughput);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, pair);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, found);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, address);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, began);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, problems);
  gtk_widget_class_bind_template_child (widget_class, ThDeviceRow, candidates);
}

static void
th_device_row_class_init (ThDeviceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_device_row_dispose;

  g_type_ensure (TH_TYPE_CANDIDATE_TABLE);
  g_type_ensure (TH_TYPE_FACT_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/device-row.ui");
  bind_children (widget_class);
}

static void
th_device_row_init (ThDeviceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_device_row_new (ThTestVisit *visit)
{
  ThDeviceRow *self = g_object_new (TH_TYPE_DEVICE_ROW, NULL);
  const char *name = th_test_visit_get_name (visit);
  g_autofree char *began = th_format_moment (th_test_visit_get_began (visit) / G_USEC_PER_SEC);
  g_autofree char *address = format_address (visit);

  self->visit = g_object_ref (visit);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  th_fact_row_set_value (self->began, began);
  th_fact_row_set_value (self->address, address);
  th_candidate_table_set_model (self->candidates, th_test_visit_get_candidates (visit));
  g_signal_connect_object (visit, "changed", G_CALLBACK (on_visit_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (th_test_visit_get_candidates (visit), "items-changed",
                           G_CALLBACK (on_visit_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (visit, "notify::state", G_CALLBACK (on_visit_state_changed), self,
                           G_CONNECT_SWAPPED);
  show_all (self);
  return GTK_WIDGET (self);
}
