/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventRow: what and why in sentences, and below them what is short.
 */
#include "panel/widgets/event-row.h"

#include <glib/gi18n.h>

#include "panel/format.h"

struct _ThEventRow {
  AdwBin parent_instance;
  GtkImage *icon;
  GtkLabel *what, *why, *when, *who;
  ThEvent *event; /* nullable */
};

G_DEFINE_FINAL_TYPE (ThEventRow, th_event_row, ADW_TYPE_BIN)

typedef struct {
  const char *icon, *word, *style;
} Look;

static const Look looks[] = {
  [TH_EVENT_INFO] = { "turnhouse-info-symbolic", NC_ ("severity", "Information"), "dim-label" },
  [TH_EVENT_WARNING] = { "turnhouse-warning-symbolic", NC_ ("severity", "Warning"), "warning" },
  [TH_EVENT_ERROR] = { "turnhouse-error-symbolic", NC_ ("severity", "Error"), "error" },
};

static const char *
severity_word (ThEventSeverity severity)
{
  return g_dpgettext2 (NULL, "severity", looks[severity].word);
}

/* Severity, time and number are one line, who it was the next. */
static char *
when_text (ThEvent *event)
{
  const char *severity = severity_word (th_event_get_severity (event));
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *ago = th_format_ago (MAX (now - th_event_get_last_time (event), 0));
  guint count = th_event_get_count (event);
  g_autofree char *times = NULL;

  if (count == 1)
    return g_strdup_printf ("%s · %s", severity, ago);
  times = g_strdup_printf (ngettext ("%'u time", "%'u times", count), count);
  return g_strdup_printf ("%s · %s · %s", severity, ago, times);
}

/* Names and addresses keep their own direction (Unicode's isolates), and their parts together. */
static char *
who_text (ThEvent *event)
{
  const char *user = th_event_get_user (event);
  const char *client = th_event_get_client (event);

  if (!client)
    return g_strdup ("");
  if (!user)
    return g_strdup_printf ("\u2068%s\u00A0%s\u2069", th_event_get_transport (event), client);
  return g_strdup_printf ("\u2068%s\u2069 · \u2068%s\u00A0%s\u2069", user,
                          th_event_get_transport (event), client);
}

static char *
moments_text (ThEvent *event)
{
  g_autofree char *first = th_format_moment (th_event_get_time (event));
  g_autofree char *last = th_format_moment (th_event_get_last_time (event));
  if (th_event_get_count (event) == 1)
    return g_steal_pointer (&first);
  /* Translators: two moments, each with date and time of day */
  return g_strdup_printf (_("First %s, last %s"), first, last);
}

static void
show_look (ThEventRow *self, ThEventSeverity severity)
{
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->icon), looks[i].style);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), looks[severity].style);
  gtk_image_set_from_icon_name (self->icon, looks[severity].icon);
}

static void
show_event (ThEventRow *self)
{
  g_autofree char *moments = moments_text (self->event);
  g_autofree char *who = who_text (self->event);
  const char *why = th_event_get_why (self->event);

  gtk_label_set_label (self->what, th_event_get_what (self->event));
  gtk_label_set_label (self->why, why ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->why), why != NULL);
  gtk_label_set_label (self->who, who);
  gtk_widget_set_visible (GTK_WIDGET (self->who), *who);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->when), moments);
  th_event_row_update_time (self);
}

static void
th_event_row_dispose (GObject *object)
{
  th_event_row_set_event (TH_EVENT_ROW (object), NULL);
  G_OBJECT_CLASS (th_event_row_parent_class)->dispose (object);
}

static void
th_event_row_class_init (ThEventRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_event_row_dispose;
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/event-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThEventRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ThEventRow, what);
  gtk_widget_class_bind_template_child (widget_class, ThEventRow, why);
  gtk_widget_class_bind_template_child (widget_class, ThEventRow, when);
  gtk_widget_class_bind_template_child (widget_class, ThEventRow, who);
}

static void
th_event_row_init (ThEventRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_event_row_new (void)
{
  return g_object_new (TH_TYPE_EVENT_ROW, NULL);
}

void
th_event_row_set_event (ThEventRow *self, ThEvent *event)
{
  g_return_if_fail (TH_IS_EVENT_ROW (self));
  if (self->event)
    g_signal_handlers_disconnect_by_func (self->event, show_event, self);
  g_set_object (&self->event, event);
  if (!event)
    return;
  g_signal_connect_object (event, "notify::count", G_CALLBACK (show_event), self,
                           G_CONNECT_SWAPPED);
  show_look (self, th_event_get_severity (event));
  show_event (self);
}

void
th_event_row_update_time (ThEventRow *self)
{
  g_return_if_fail (TH_IS_EVENT_ROW (self) && self->event);
  g_autofree char *when = when_text (self->event);
  gtk_label_set_label (self->when, when);
}
