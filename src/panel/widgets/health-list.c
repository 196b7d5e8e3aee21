/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHealthList: a fixed set of rows. Those of causes show once there was such a drop; figures are
 * read only while the list is open.
 */
#include "panel/widgets/health-list.h"

#include <glib/gi18n.h>

#include "app/loss-watch.h"
#include "endpoint/process-facts.h"
#include "panel/format.h"
#include "panel/widgets/self-test-row.h"

/* Percent of the open files there may be, from which on it is said. */
#define MANY_FILES 80

typedef struct {
  const char *title, *detail;
  gsize offset; /* of the count in ThRelayStatistics */
  gboolean of_data; /* calls may suffer from it */
} Cause;

#define COUNT(member) G_STRUCT_OFFSET (ThRelayStatistics, member)

/* clang-format off */
static const Cause causes[] = {
  { N_("Lost: receive buffer full"),
    N_("Packets came faster than they could be read"),
    COUNT (dropped_receive_buffer), TRUE },
  { N_("Lost: app read too slowly"),
    N_("Data for apps on TCP came faster than they took it"),
    COUNT (dropped_queue_full), TRUE },
  { N_("Lost: could not be sent"),
    N_("A network was full or gone"),
    COUNT (dropped_send_error), TRUE },
  { N_("Dropped: no permission"),
    N_("To or from an address that the app had not allowed; some are normal when a call starts"),
    COUNT (dropped_no_permission), FALSE },
  { N_("Dropped: no session"),
    N_("Data of apps whose session had ended"),
    COUNT (dropped_no_allocation), FALSE },
  { N_("Dropped: not for a relay"),
    N_("Neither STUN nor TURN; strangers try this on every open port"),
    COUNT (malformed), FALSE },
};
/* clang-format on */

typedef struct {
  GtkWidget *row;
  GtkLabel *value;
} Row;

struct _ThHealthList {
  AdwBin parent_instance;
  AdwExpanderRow *expander;
  ThSelfTestRow *self_test;
  Row files, buffers, processor, memory;
  Row drops[G_N_ELEMENTS (causes)];

  ThEngine *engine; /* NULL until it is set */
  double cpu_seconds; /* when it was shown last */
  gint64 shown_at;    /* monotonic; 0: it was closed since */
};

G_DEFINE_FINAL_TYPE (ThHealthList, th_health_list, ADW_TYPE_BIN)

static guint64
count_of (const ThRelayStatistics *statistics, const Cause *cause)
{
  return G_STRUCT_MEMBER (guint64, statistics, cause->offset);
}

/* A label without text is told to screen readers by the name of its type, so that there is none. */
static void
show_value (const Row *row, const char *text)
{
  gtk_label_set_label (row->value, text);
  gtk_widget_set_visible (GTK_WIDGET (row->value), *text != '\0');
}

static Row
add_row (ThHealthList *self, const char *title, const char *subtitle)
{
  Row row = { adw_action_row_new (), GTK_LABEL (gtk_label_new (NULL)) };
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row.row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row.row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row.row), subtitle);
  gtk_widget_add_css_class (GTK_WIDGET (row.value), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (row.value), "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row.row), GTK_WIDGET (row.value));
  adw_expander_row_add_row (self->expander, row.row);
  show_value (&row, "");
  return row;
}

static void
show_files (ThHealthList *self, const ThProcessFacts *facts)
{
  g_autofree char *open = th_format_count (facts->open_files);
  g_autofree char *most = th_format_count (facts->files_max);
  g_autofree char *text =
      facts->files_max > 0
          /* Translators: how many files are open, and how many may be */
          ? g_strdup_printf (_("%1$s of %2$s"), open, most)
          : g_strdup (open);
  gboolean many =
      facts->files_max > 0 && facts->open_files * 100.0 / facts->files_max >= MANY_FILES;
  show_value (&self->files, text);
  adw_action_row_set_subtitle (
      ADW_ACTION_ROW (self->files.row),
      many ? _("Nearly used up: raise the limit of open files (LimitNOFILE, ulimit -n)")
           : _("Each session and each TCP connection takes one"));
}

static void
show_buffers (ThHealthList *self)
{
  guint64 most = th_loss_read_rmem_max ();
  g_autofree char *size = th_format_size (MIN (most, TH_RECEIVE_BUFFER_WANTED));
  g_autofree char *advice = th_loss_advice (most);
  gboolean small = most > 0 && most < TH_RECEIVE_BUFFER_WANTED;
  gtk_widget_set_visible (self->buffers.row, most > 0);
  show_value (&self->buffers, size);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->buffers.row),
                               small ? advice : _("As large as the relay wants them"));
}

static void
show_use (ThHealthList *self, const ThProcessFacts *facts)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *memory = th_format_size (facts->resident_bytes);
  gtk_widget_set_visible (self->memory.row, facts->resident_bytes > 0);
  show_value (&self->memory, memory);
  if (self->shown_at > 0 && now > self->shown_at)
    {
      double share = (facts->cpu_seconds - self->cpu_seconds) * G_USEC_PER_SEC /
                     (double) (now - self->shown_at);
      /* Translators: a share of one processor */
      g_autofree char *text = g_strdup_printf (_("%.1f %%"), share * 100);
      show_value (&self->processor, text);
    }
  self->cpu_seconds = facts->cpu_seconds;
  self->shown_at = now;
}

static void
show_drops (ThHealthList *self, const ThRelayStatistics *statistics)
{
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    {
      guint64 n = count_of (statistics, &causes[i]);
      g_autofree char *text = th_format_count (n);
      gtk_widget_set_visible (self->drops[i].row, n > 0);
      show_value (&self->drops[i], text);
    }
}

/* Of the drops that calls can suffer from; the others are daily life. */
static void
show_summary (ThHealthList *self, const ThRelayStatistics *statistics)
{
  guint64 n = 0;
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    n += causes[i].of_data ? count_of (statistics, &causes[i]) : 0;
  g_autofree char *count = th_format_count (n);
  g_autofree char *text =
      n == 0 ? g_strdup (_("No packet of a call was lost here"))
             /* Translators: %s is a number */
             : g_strdup_printf (ngettext ("%s packet was lost here since the relay started",
                                          "%s packets were lost here since the relay started", n),
                                count);
  adw_expander_row_set_subtitle (self->expander, text);
}

static void
show (ThHealthList *self)
{
  ThRelayStatistics statistics;
  ThProcessFacts facts;
  th_relay_get_statistics (th_engine_get_relay (self->engine), &statistics);
  show_summary (self, &statistics);
  if (!adw_expander_row_get_expanded (self->expander))
    return;
  th_process_facts_read (&facts);
  th_self_test_row_show (self->self_test, th_engine_get_ice_runs (self->engine));
  show_files (self, &facts);
  show_buffers (self);
  show_use (self, &facts);
  show_drops (self, &statistics);
}

static void
on_expanded (ThHealthList *self)
{
  self->shown_at = 0;
  show_value (&self->processor, "");
  if (self->engine)
    show (self);
}

static void
th_health_list_dispose (GObject *object)
{
  g_clear_object (&TH_HEALTH_LIST (object)->engine);
  G_OBJECT_CLASS (th_health_list_parent_class)->dispose (object);
}

static void
th_health_list_class_init (ThHealthListClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_health_list_dispose;
  g_type_ensure (TH_TYPE_SELF_TEST_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/health-list.ui");
  gtk_widget_class_bind_template_child (widget_class, ThHealthList, expander);
  gtk_widget_class_bind_template_child (widget_class, ThHealthList, self_test);
  gtk_widget_class_bind_template_callback (widget_class, on_expanded);
}

static void
th_health_list_init (ThHealthList *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->buffers = add_row (self, _("Receive buffers"), "");
  self->files = add_row (self, _("Open files"), "");
  self->processor =
      add_row (self, _("Processor"), _("Of one processor, for the relay and this window"));
  self->memory = add_row (self, _("Memory"), _("For the relay and this window"));
  for (guint i = 0; i < G_N_ELEMENTS (causes); i++)
    self->drops[i] = add_row (self, _(causes[i].title), _(causes[i].detail));
}

void
th_health_list_set_engine (ThHealthList *self, ThEngine *engine, ThTrafficMeter *meter)
{
  g_return_if_fail (TH_IS_HEALTH_LIST (self) && !self->engine);
  self->engine = g_object_ref (engine);
  g_signal_connect_object (meter, "sampled", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
}
