/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThStageCell: an icon, or a spinner, and words.
 */
#include "panel/widgets/stage-cell.h"

#include <glib/gi18n.h>

struct _ThStageCell {
  AdwBin parent_instance;
  GtkStack *marks;
  GtkImage *icon;
  GtkSpinner *spinner;
  GtkLabel *text;
  ThIceStage *stage;
};

G_DEFINE_FINAL_TYPE (ThStageCell, th_stage_cell, ADW_TYPE_BIN)

typedef struct {
  const char *icon; /* nullable: none; of what runs, the spinner */
  const char *style;
  const char *word; /* for who does not see the icon */
} Look;

static const Look looks[] = {
  [TH_ICE_STAGE_WAITING] = { NULL, NULL, NC_ ("stage", "waiting") },
  [TH_ICE_STAGE_RUNNING] = { NULL, NULL, NC_ ("stage", "running") },
  [TH_ICE_STAGE_OK] = { "turnhouse-ok-symbolic", "success", NC_ ("stage", "done") },
  [TH_ICE_STAGE_FAILED] = { "turnhouse-error-symbolic", "error", NC_ ("stage", "failed") },
  [TH_ICE_STAGE_SKIPPED] = { NULL, NULL, NC_ ("stage", "skipped") },
};

/* "DNS 2 ms" once it is done */
static char *
describe (ThIceStage *stage)
{
  const char *name = th_ice_stage_get_name (stage);
  double milliseconds = th_ice_stage_get_took (stage) / 1000.0;

  if (th_ice_stage_get_state (stage) != TH_ICE_STAGE_OK)
    return g_strdup (name);
  if (milliseconds < 1)
    /* Translators: %s is a step such as DNS, which took less than a thousandth of a second */
    return g_strdup_printf (_("%s < 1 ms"), name);
  /* Translators: %1$s is a step such as DNS; %2$.0f is how many milliseconds it took */
  return g_strdup_printf (_("%1$s %2$.0f ms"), name, milliseconds);
}

static void
show_look (ThStageCell *self, const Look *look, gboolean running)
{
  GtkWidget *icon = GTK_WIDGET (self->icon);

  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      if (looks[i].style)
        gtk_widget_remove_css_class (icon, looks[i].style);
    }
  if (look->style)
    gtk_widget_add_css_class (icon, look->style);
  if (look->icon || running)
    gtk_widget_remove_css_class (GTK_WIDGET (self->text), "dim-label");
  else
    gtk_widget_add_css_class (GTK_WIDGET (self->text), "dim-label");
  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_spinner_set_spinning (self->spinner, running);
  gtk_stack_set_visible_child (self->marks, running ? GTK_WIDGET (self->spinner) : icon);
}

static void
on_stage_changed (ThStageCell *self)
{
  ThIceStageState state = th_ice_stage_get_state (self->stage);
  const Look *look = &looks[state];
  g_autofree char *text = describe (self->stage);
  /* Translators: %1$s is a step such as "DNS 2 ms", %2$s how that went: "done", "failed" */
  g_autofree char *spoken =
      g_strdup_printf (_("%1$s: %2$s"), text, th_stage_cell_name_state (state));
  const char *cause = th_ice_stage_get_cause (self->stage);
  const char *observed = th_ice_stage_get_observed (self->stage);

  show_look (self, look, state == TH_ICE_STAGE_RUNNING);
  gtk_label_set_label (self->text, text);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), *cause ? cause : *observed ? observed : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->text), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken, -1);
}

static void
th_stage_cell_dispose (GObject *object)
{
  g_clear_object (&TH_STAGE_CELL (object)->stage);
  G_OBJECT_CLASS (th_stage_cell_parent_class)->dispose (object);
}

static void
th_stage_cell_class_init (ThStageCellClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_stage_cell_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/stage-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, ThStageCell, marks);
  gtk_widget_class_bind_template_child (widget_class, ThStageCell, icon);
  gtk_widget_class_bind_template_child (widget_class, ThStageCell, spinner);
  gtk_widget_class_bind_template_child (widget_class, ThStageCell, text);
}

static void
th_stage_cell_init (ThStageCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_stage_cell_new (ThIceStage *stage)
{
  ThStageCell *self = g_object_new (TH_TYPE_STAGE_CELL, NULL);

  self->stage = g_object_ref (stage);
  g_signal_connect_object (stage, "notify::state", G_CALLBACK (on_stage_changed), self,
                           G_CONNECT_SWAPPED);
  on_stage_changed (self);
  return GTK_WIDGET (self);
}

const char *
th_stage_cell_name_state (ThIceStageState state)
{
  return g_dpgettext2 (NULL, "stage", looks[state].word);
}
