/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathRow: a cell for each stage that says something of its own, and what went wrong in words.
 */
#include "panel/widgets/path-row.h"

#include "panel/widgets/flow-layout.h"
#include "panel/widgets/stage-cell.h"

struct _ThPathRow {
  AdwPreferencesRow parent_instance;
  GtkLabel *name;
  GtkLabel *url;
  GtkFlowBox *stages;
  GtkLabel *cause;
  ThIcePath *path;
};

G_DEFINE_FINAL_TYPE (ThPathRow, th_path_row, ADW_TYPE_PREFERENCES_ROW)

/* Of Permission and Channel nobody has heard; they are shown only where they fail. */
static gboolean
is_of_interest (const ThIceServer *server, ThIceStageKind kind)
{
  switch (kind)
    {
    case TH_ICE_STAGE_DNS:
      return TRUE;
    case TH_ICE_STAGE_CONNECT:
      return !th_ice_transport_is_datagram (server->transport);
    case TH_ICE_STAGE_TLS:
      return th_ice_transport_is_secure (server->transport);
    case TH_ICE_STAGE_BINDING:
      return th_ice_transport_is_datagram (server->transport) || server->kind == TH_ICE_STUN;
    case TH_ICE_STAGE_ALLOCATE:
    case TH_ICE_STAGE_ECHO:
      return server->kind == TH_ICE_TURN;
    default:
      return FALSE;
    }
}

/* Visible for as long as there is something to be said; and cells only for what is of interest. */
static void
show_stage (GtkWidget *child, ThIceStage *stage, const ThIceServer *server)
{
  gtk_widget_set_visible (child, is_of_interest (server, th_ice_stage_get_kind (stage)) ||
                                     th_ice_stage_get_state (stage) == TH_ICE_STAGE_FAILED);
}

static void
on_stage_changed (ThPathRow *self)
{
  const ThIceServer *server = th_ice_path_get_server (self->path);
  ThIceStage *failure = th_ice_path_get_failure (self->path);
  const char *cause = "";

  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      ThIceStage *stage = th_ice_path_get_stage (self->path, i);
      show_stage (GTK_WIDGET (gtk_flow_box_get_child_at_index (self->stages, (int) i)), stage,
                  server);
    }
  if (failure)
    cause = th_ice_stage_get_cause (failure);
  else if (!th_ice_path_is_running (self->path))
    cause = th_ice_stage_get_cause (th_ice_path_get_stage (self->path, TH_ICE_STAGE_DNS));
  gtk_label_set_label (self->cause, cause);
  gtk_widget_set_visible (GTK_WIDGET (self->cause), *cause);
}

static void
add_stages (ThPathRow *self)
{
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      ThIceStage *stage = th_ice_path_get_stage (self->path, i);
      GtkWidget *child = gtk_flow_box_child_new ();

      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), th_stage_cell_new (stage));
      gtk_flow_box_append (self->stages, child);
      g_signal_connect_object (stage, "notify::state", G_CALLBACK (on_stage_changed), self,
                               G_CONNECT_SWAPPED);
    }
}

static void
th_path_row_dispose (GObject *object)
{
  g_clear_object (&TH_PATH_ROW (object)->path);
  G_OBJECT_CLASS (th_path_row_parent_class)->dispose (object);
}

static void
th_path_row_class_init (ThPathRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_path_row_dispose;

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/path-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPathRow, name);
  gtk_widget_class_bind_template_child (widget_class, ThPathRow, url);
  gtk_widget_class_bind_template_child (widget_class, ThPathRow, stages);
  gtk_widget_class_bind_template_child (widget_class, ThPathRow, cause);
}

static void
th_path_row_init (ThPathRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_path_row_new (ThIcePath *path)
{
  ThPathRow *self = g_object_new (TH_TYPE_PATH_ROW, NULL);
  const ThIceServer *server = th_ice_path_get_server (path);

  self->path = g_object_ref (path);
  gtk_label_set_label (self->name, th_ice_path_get_label (path));
  gtk_label_set_label (self->url, server->url);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->url), server->url);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), th_ice_path_get_label (path));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  th_ice_path_get_label (path), -1);
  add_stages (self);
  g_signal_connect_object (path, "notify::running", G_CALLBACK (on_stage_changed), self,
                           G_CONNECT_SWAPPED);
  on_stage_changed (self);
  return GTK_WIDGET (self);
}
