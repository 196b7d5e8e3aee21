/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionDetails: facts follow the model's updates; peers and the timeline are made anew only
 * when something has happened.
 */
#include "panel/widgets/session-details.h"

#include <glib/gi18n.h>

#include "credentials/ring-state.h"
#include "panel/compat.h"
#include "panel/connection-text.h"
#include "panel/format.h"
#include "panel/widgets/chart.h"
#include "panel/widgets/fact-row.h"
#include "panel/widgets/peer-row.h"

#define CHART_SAMPLES 130 /* a minute, twice a second */

struct _ThSessionDetails {
  AdwBin parent_instance;
  GtkLabel *name;
  ThFactRow *state, *transport, *client, *relayed, *credential, *lifetime;
  ThFactRow *to_peers, *to_client, *dropped;
  AdwBin *chart;
  GtkLabel *peers_label;
  GtkListBox *peers;
  GtkGrid *timeline;
  GtkWidget *end_button, *filter_button;

  ThEngine *engine;
  ThConnections *connections;
  ThSession *session; /* NULL: none is selected */
  ThSeries *up, *down;
};

G_DEFINE_FINAL_TYPE (ThSessionDetails, th_session_details, ADW_TYPE_BIN)

/* (transfer full) (nullable): what the peer is called if it is another client of this relay */
static char *
name_of_peer (ThSessionDetails *self, const ThAddress *peer)
{
  ThSession *other = th_connections_find_relayed (self->connections, peer);
  return other ? th_connection_user (other) : NULL;
}

/* ---- facts ---- */

static const char *
words_for_secret (ThSessionDetails *self, guint generation)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      GListModel *secrets = th_secret_ring_get_secrets (ring, kind);
      for (guint i = 0; i < g_list_model_get_n_items (secrets); i++)
        {
          g_autoptr (ThSecretInfo) secret = g_list_model_get_item (secrets, i);
          if (th_secret_info_get_generation (secret) == generation)
            return th_secret_info_is_current (secret) ? _("newest secret") : _("former secret");
        }
    }
  return generation == 0 || (generation >= TH_RING_GENERATION_END &&
                             generation < TH_RING_API_GENERATIONS)
             ? _("user with a password")
             : _("secret that is no longer accepted");
}

static char *
words_for_credential (ThSessionDetails *self, const ThTurnRecord *record)
{
  const char *secret = words_for_secret (self, record->secret);
  gint64 left = record->expires_at - g_get_real_time () / G_USEC_PER_SEC;
  if (record->expires_at == 0)
    return g_strdup (secret);
  if (left <= 0)
    /* Translators: %s is "newest secret" or the like */
    return g_strdup_printf (_("%s, has run out"), secret);
  g_autofree char *span = th_format_time_left (left);
  /* Translators: "newest secret" or the like, and a span of time */
  return g_strdup_printf (_("%s, %s left"), secret, span);
}

static char *
words_for_lifetime (ThSession *session)
{
  gint64 until = (gint64) th_counter_read (&th_session_get_record (session)->lives_until);
  gint64 left = (until - g_get_monotonic_time ()) / G_USEC_PER_SEC;
  if (th_session_has_ended (session))
    return g_strdup (_("none"));
  g_autofree char *span = th_format_time_left (MAX (left, 0));
  /* Translators: %s is a span of time. The app asks again before it is over */
  return g_strdup_printf (_("%s, unless renewed"), span);
}

static char *
words_for_dropped (const ThTurnRecord *record)
{
  guint64 all = th_counter_read (&record->dropped);
  guint64 forbidden = th_counter_read (&record->dropped_no_permission);
  g_autofree char *count = g_strdup_printf (
      ngettext ("%u packet", "%u packets", (gulong) MIN (all, G_MAXUINT)), (guint) all);
  if (all == 0)
    return g_steal_pointer (&count);
  if (forbidden == all)
    /* Translators: %s is "12 packets"; they went to or came from a peer that is not allowed */
    return g_strdup_printf (_("%s, peer not permitted"), count);
  if (forbidden == 0)
    /* Translators: %s is "12 packets" */
    return g_strdup_printf (_("%s, damaged"), count);
  /* Translators: %1$s is "12 packets", then how many of them for which reason */
  return g_strdup_printf (_("%1$s: %2$u peer not permitted, %3$u damaged"), count, (guint) forbidden,
                          (guint) (all - forbidden));
}

static void
show_flow (ThFactRow *row, double rate, const guint64 *bytes)
{
  g_autofree char *speed = th_format_rate (rate);
  g_autofree char *size = th_format_size (th_counter_read (bytes));
  g_autofree char *text = g_strdup_printf ("%s · %s", speed, size);
  th_fact_row_set_value (row, text);
}

static void
show_changing (ThSessionDetails *self)
{
  const ThTurnRecord *record = th_session_get_record (self->session);
  g_autofree char *state = th_connection_state (self->session);
  g_autofree char *credential = words_for_credential (self, record);
  g_autofree char *lifetime = words_for_lifetime (self->session);
  g_autofree char *dropped = words_for_dropped (record);
  gint64 now = g_get_monotonic_time ();

  th_fact_row_set_value (self->state, state);
  th_fact_row_set_value (self->credential, credential);
  th_fact_row_set_value (self->lifetime, lifetime);
  th_fact_row_set_value (self->dropped, dropped);
  show_flow (self->to_peers, th_session_get_rate_up (self->session), &record->bytes_up);
  show_flow (self->to_client, th_session_get_rate_down (self->session), &record->bytes_down);
  gtk_widget_set_visible (self->end_button, !th_session_has_ended (self->session));
  th_series_add (self->up, now, th_session_get_rate_up (self->session));
  th_series_add (self->down, now, th_session_get_rate_down (self->session));
}

static void
show_fixed (ThSessionDetails *self)
{
  g_autofree char *transport =
      g_strdup_printf ("%s, %s", th_session_get_transport (self->session),
                       th_address_is_ipv6 (th_session_get_address (self->session)) ? "IPv6" : "IPv4");
  g_autofree char *user = th_connection_user (self->session);
  g_autofree char *relayed = NULL;

  g_object_get (self->session, "relayed", &relayed, NULL);
  gtk_label_set_label (self->name, user);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->name), user);
  th_fact_row_set_value (self->transport, transport);
  th_fact_row_set_value (self->client, th_session_get_client (self->session));
  th_fact_row_set_value (self->relayed, relayed);
}

/* ---- peers and timeline ---- */

static void
show_peers (ThSessionDetails *self)
{
  guint n;
  const ThSessionPeer *peers = th_session_get_peers (self->session, &n);
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->peers, 0)))
    gtk_list_box_remove (self->peers, GTK_WIDGET (row));
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = name_of_peer (self, &peers[i].address);
      gtk_list_box_append (self->peers, th_peer_row_new (&peers[i], name,
                                                         th_engine_get_settings (self->engine)));
    }
  gtk_widget_set_visible (GTK_WIDGET (self->peers), n > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->peers_label), n > 0);
}

static GtkWidget *
timeline_label (const char *text, gboolean time)
{
  GtkWidget *label = gtk_label_new (text);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_label_set_wrap (GTK_LABEL (label), !time);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, "numeric");
  if (time)
    gtk_widget_add_css_class (label, "dim-label");
  return label;
}

static void
show_note (ThSessionDetails *self, const ThSessionNote *note, guint row)
{
  g_autoptr (GDateTime) moment = g_date_time_new_from_unix_local (note->time);
  g_autofree char *time = moment ? g_date_time_format (moment, "%X") : g_strdup ("");
  g_autofree char *exact = th_format_moment (note->time);
  g_autofree char *peer = name_of_peer (self, &note->peer);
  g_autofree char *text = th_connection_note (note, self->session, peer);
  GtkWidget *label = timeline_label (time, TRUE);

  gtk_widget_set_tooltip_text (label, exact);
  gtk_grid_attach (self->timeline, label, 0, (int) row, 1, 1);
  gtk_grid_attach (self->timeline, timeline_label (text, FALSE), 1, (int) row, 1, 1);
}

static void
show_timeline (ThSessionDetails *self)
{
  const ThSessionLog *log = th_session_get_log (self->session);
  GtkWidget *child;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->timeline))))
    gtk_grid_remove (self->timeline, child);
  for (guint i = 0; log->notes && i < log->notes->len; i++)
    show_note (self, &g_array_index (log->notes, ThSessionNote, i), i);
}

static void
on_session_noted (ThSessionDetails *self)
{
  show_timeline (self);
  show_peers (self);
}

static void
new_chart (ThSessionDetails *self)
{
  GtkWidget *chart = th_chart_new ();
  g_set_object (&self->up, NULL);
  g_set_object (&self->down, NULL);
  self->up = th_series_new (CHART_SAMPLES);
  self->down = th_series_new (CHART_SAMPLES);
  th_chart_add_line (TH_CHART (chart), self->up, _("to peers"), "to_peers_color");
  th_chart_add_line (TH_CHART (chart), self->down, _("to client"), "to_clients_color");
  adw_bin_set_child (self->chart, chart);
}

static void
on_selected_changed (ThSessionDetails *self)
{
  ThSession *selected = th_connections_get_selected (self->connections);
  if (self->session)
    g_signal_handlers_disconnect_by_func (self->session, on_session_noted, self);
  g_set_object (&self->session, selected);
  gtk_widget_set_visible (GTK_WIDGET (self), selected != NULL);
  if (!selected)
    return;
  new_chart (self);
  show_fixed (self);
  show_changing (self);
  show_timeline (self);
  show_peers (self);
  g_signal_connect_object (selected, "notify::notes", G_CALLBACK (on_session_noted), self,
                           G_CONNECT_SWAPPED);
}

static void
on_updated (ThSessionDetails *self)
{
  if (self->session && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_changing (self);
}

/* ---- deeds ---- */

static void
on_copy_clicked (ThSessionDetails *self)
{
  g_autofree char *text = th_connection_summary (self->session);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.copy", "s", text);
}

static void
on_close_clicked (ThSessionDetails *self)
{
  th_connections_select (self->connections, NULL);
}

static void
on_filter_clicked (ThSessionDetails *self)
{
  th_connections_set_search (self->connections, th_session_get_user (self->session));
}

static void
on_events_clicked (ThSessionDetails *self)
{
  g_autofree char *user = th_connection_user (self->session);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.session-events", "(ts)",
                              th_session_get_id (self->session), user);
}

static void
on_end_accepted (gpointer data)
{
  ThSessionDetails *self = data;
  if (self->session)
    th_relay_end_session (th_engine_get_relay (self->engine), th_session_get_id (self->session));
}

static void
on_end_clicked (ThSessionDetails *self)
{
  g_autofree char *user = th_connection_user (self->session);
  /* Translators: %s is the name of a user */
  g_autofree char *body = g_strdup_printf (
      _("1 call of %s stops. The app may connect again while its credential is good."), user);
  th_compat_confirm (GTK_WIDGET (self), _("End this session?"), body, _("End Session"),
                     on_end_accepted, self);
}

static void
th_session_details_dispose (GObject *object)
{
  ThSessionDetails *self = TH_SESSION_DETAILS (object);
  g_clear_object (&self->session);
  g_clear_object (&self->up);
  g_clear_object (&self->down);
  g_clear_object (&self->connections);
  g_clear_object (&self->engine);
  G_OBJECT_CLASS (th_session_details_parent_class)->dispose (object);
}

static void
bind_children (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, name);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, state);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, transport);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, client);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, relayed);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, credential);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, lifetime);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, to_peers);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, to_client);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, dropped);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, chart);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, peers_label);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, peers);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, timeline);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, end_button);
  gtk_widget_class_bind_template_child (widget_class, ThSessionDetails, filter_button);
}

static void
th_session_details_class_init (ThSessionDetailsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_session_details_dispose;

  g_type_ensure (TH_TYPE_FACT_ROW);
  gtk_widget_class_set_css_name (widget_class, "sessiondetails");
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/session-details.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_close_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_events_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_end_clicked);
}

/* Two buttons beside one another are wider than a phone in some languages. */
static void
let_wrap (GtkWidget *button)
{
  GtkLabel *label = GTK_LABEL (gtk_button_get_child (GTK_BUTTON (button)));
  gtk_label_set_wrap (label, TRUE);
  gtk_label_set_justify (label, GTK_JUSTIFY_CENTER);
}

static void
th_session_details_init (ThSessionDetails *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  let_wrap (self->filter_button);
  let_wrap (self->end_button);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}

void
th_session_details_set_connections (ThSessionDetails *self,
                                    ThEngine *engine,
                                    ThConnections *connections)
{
  g_return_if_fail (TH_IS_SESSION_DETAILS (self) && !self->connections);
  self->engine = g_object_ref (engine);
  self->connections = g_object_ref (connections);
  g_signal_connect_object (connections, "updated", G_CALLBACK (on_updated), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (connections, "notify::selected", G_CALLBACK (on_selected_changed), self,
                           G_CONNECT_SWAPPED);
  on_selected_changed (self);
}
