/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathSteps: two lines of a grid for each step that there was; the second only where there is
 * something to say.
 */
#include "panel/widgets/path-steps.h"

#include <glib/gi18n.h>

#include "panel/format.h"
#include "panel/widgets/stage-cell.h"

enum {
  COLUMN_NAME,
  COLUMN_STATE,
  COLUMN_TIME,
  COLUMN_CODE,
  N_COLUMNS
};

typedef struct {
  GtkLabel *cells[N_COLUMNS];
  GtkLabel *note; /* below them */
} Step;

struct _ThPathSteps {
  AdwPreferencesRow parent_instance;
  GtkLabel *name;
  GtkLabel *url;
  GtkGrid *grid;
  GtkLabel *server;
  ThIcePath *path;
  Step steps[TH_ICE_N_STAGES];
};

G_DEFINE_FINAL_TYPE (ThPathSteps, th_path_steps, ADW_TYPE_PREFERENCES_ROW)

static char *
describe_code (ThIceStage *stage)
{
  guint code = th_ice_stage_get_code (stage);

  /* Translators: %u is an error code of the protocol, such as 401 */
  return code > 0 ? g_strdup_printf (_("code %u"), code) : g_strdup ("");
}

static char *
describe_time (ThIceStage *stage)
{
  if (th_ice_stage_get_took (stage) == 0)
    return g_strdup ("");
  return th_format_milliseconds (th_ice_stage_get_took (stage) / 1000.0);
}

/* What was seen, and what went wrong. */
static char *
describe_result (ThIceStage *stage)
{
  const char *seen = th_ice_stage_get_observed (stage);
  const char *cause = th_ice_stage_get_cause (stage);

  return g_strconcat (seen, *seen && *cause ? "\n" : "", cause, NULL);
}

static void
show_step (Step *step, ThIceStage *stage)
{
  ThIceStageState state = th_ice_stage_get_state (stage);
  g_autofree char *code = describe_code (stage), *time = describe_time (stage);
  g_autofree char *note = describe_result (stage);

  gtk_label_set_label (step->cells[COLUMN_STATE], th_stage_cell_name_state (state));
  gtk_label_set_label (step->cells[COLUMN_TIME], time);
  gtk_label_set_label (step->cells[COLUMN_CODE], code);
  gtk_label_set_label (step->note, note);
  gtk_widget_set_visible (GTK_WIDGET (step->note), *note);
  for (guint i = 0; i < N_COLUMNS; i++)
    gtk_widget_set_visible (GTK_WIDGET (step->cells[i]),
                            *note || state != TH_ICE_STAGE_SKIPPED);
}

/* "turnhouse 0.1.0 · TLS 1.3 · certificate of turn.example.org by R3, valid until 1.2.2027" */
static char *
describe_server (ThIcePath *path)
{
  const ThIceCertificate *certificate = th_ice_path_get_certificate (path);
  const char *software = th_ice_path_get_software (path);
  g_autoptr (GPtrArray) parts = g_ptr_array_new_with_free_func (g_free);

  if (software)
    g_ptr_array_add (parts, g_strdup (software));
  if (certificate && certificate->protocol)
    g_ptr_array_add (parts, g_strdup (certificate->protocol));
  if (certificate)
    {
      g_autoptr (GDateTime) end = g_date_time_new_from_unix_local (certificate->not_after);
      g_autofree char *day = end ? g_date_time_format (end, "%x") : g_strdup ("–");
      /* Translators: %1$s are names, %2$s is who made the certificate, %3$s a day */
      g_ptr_array_add (parts, g_strdup_printf (_("certificate for %1$s by %2$s, until %3$s"),
                                               certificate->names, certificate->issuer, day));
    }
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void
on_stage_changed (ThIceStage *stage, GParamSpec *pspec, ThPathSteps *self)
{
  show_step (&self->steps[th_ice_stage_get_kind (stage)], stage);
}

static void
on_path_changed (ThPathSteps *self)
{
  g_autofree char *server = describe_server (self->path);

  gtk_label_set_label (self->server, server);
  gtk_widget_set_visible (GTK_WIDGET (self->server), *server);
}

static GtkLabel *
add_label (ThPathSteps *self, int column, int row, int width)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "numeric");
  gtk_grid_attach (self->grid, label, column, row, width, 1);
  return GTK_LABEL (label);
}

static void
add_step (ThPathSteps *self, ThIceStage *stage)
{
  guint kind = th_ice_stage_get_kind (stage);
  Step *step = &self->steps[kind];

  for (int i = 0; i < N_COLUMNS; i++)
    step->cells[i] = add_label (self, i, 2 * (int) kind, 1);
  gtk_label_set_label (step->cells[COLUMN_NAME], th_ice_stage_get_name (stage));
  gtk_widget_set_hexpand (GTK_WIDGET (step->cells[COLUMN_CODE]), TRUE);
  step->note = add_label (self, COLUMN_STATE, 2 * (int) kind + 1, N_COLUMNS - 1);
  gtk_label_set_wrap (step->note, TRUE);
  gtk_label_set_wrap_mode (step->note, PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (step->note, TRUE);
  gtk_widget_add_css_class (GTK_WIDGET (step->note), "caption");
  gtk_widget_add_css_class (GTK_WIDGET (step->note), "dim-label");
  g_signal_connect_object (stage, "notify::state", G_CALLBACK (on_stage_changed), self, 0);
  show_step (step, stage);
}

static void
th_path_steps_dispose (GObject *object)
{
  g_clear_object (&TH_PATH_STEPS (object)->path);
  G_OBJECT_CLASS (th_path_steps_parent_class)->dispose (object);
}

static void
th_path_steps_class_init (ThPathStepsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = th_path_steps_dispose;

  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/path-steps.ui");
  gtk_widget_class_bind_template_child (widget_class, ThPathSteps, name);
  gtk_widget_class_bind_template_child (widget_class, ThPathSteps, url);
  gtk_widget_class_bind_template_child (widget_class, ThPathSteps, grid);
  gtk_widget_class_bind_template_child (widget_class, ThPathSteps, server);
}

static void
th_path_steps_init (ThPathSteps *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_path_steps_new (ThIcePath *path)
{
  ThPathSteps *self = g_object_new (TH_TYPE_PATH_STEPS, NULL);

  self->path = g_object_ref (path);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), th_ice_path_get_label (path));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  th_ice_path_get_label (path), -1);
  gtk_label_set_label (self->name, th_ice_path_get_label (path));
  gtk_label_set_label (self->url, th_ice_path_get_server (path)->url);
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    add_step (self, th_ice_path_get_stage (path, i));
  g_signal_connect_object (path, "notify::running", G_CALLBACK (on_path_changed), self,
                           G_CONNECT_SWAPPED);
  on_path_changed (self);
  return GTK_WIDGET (self);
}
