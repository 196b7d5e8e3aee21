/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHistoryRow: an event of the secret ring, in words.
 */
#include "panel/widgets/history-row.h"

#include <glib/gi18n.h>

#include "app/event-words.h"
#include "panel/format.h"

struct _ThHistoryRow {
  AdwActionRow parent_instance;
  GtkLabel *ago;
  gint64 time; /* seconds since 1970, UTC */
};

G_DEFINE_FINAL_TYPE (ThHistoryRow, th_history_row, ADW_TYPE_ACTION_ROW)

static const char *
deed_text (ThRingKind kind, ThRingDeed deed)
{
  gboolean api = kind == TH_RING_API;
  switch (deed)
    {
    case TH_RING_DEED_REVOKED:
      return api ? _("Old API secrets revoked") : _("Old shared secrets revoked");
    case TH_RING_DEED_UNDONE:
      return api ? _("API secret rotated back") : _("Shared secret rotated back");
    case TH_RING_DEED_CONFIGURED:
      return api ? _("API secret set") : _("Shared secret set");
    case TH_RING_DEED_ROTATED:
    default:
      return api ? _("API secret rotated") : _("Shared secret rotated");
    }
}

static void
th_history_row_class_init (ThHistoryRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/history-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThHistoryRow, ago);
}

static void
th_history_row_init (ThHistoryRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_history_row_new (ThRingEvent *event)
{
  ThHistoryRow *self = g_object_new (TH_TYPE_HISTORY_ROW, NULL);
  self->time = th_ring_event_get_time (event);
  g_autofree char *moment = th_format_moment (self->time);
  adw_preferences_row_set_title (
      ADW_PREFERENCES_ROW (self),
      deed_text (th_ring_event_get_kind (event), th_ring_event_get_deed (event)));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self),
                               th_words_for_author (th_ring_event_get_by (event)));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->ago), moment);
  th_history_row_update (self);
  return GTK_WIDGET (self);
}

void
th_history_row_update (ThHistoryRow *self)
{
  g_autofree char *ago = th_format_ago (g_get_real_time () / G_USEC_PER_SEC - self->time);
  gtk_label_set_label (self->ago, ago);
}
