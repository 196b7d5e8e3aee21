/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFindingRow: shows a ThIceFinding, which never changes.
 */
#include "panel/widgets/finding-row.h"

#include <glib/gi18n.h>

#include "panel/finding-remedy.h"
#include "panel/widgets/flow-layout.h"

struct _ThFindingRow {
  AdwPreferencesRow parent_instance;
  GtkImage *icon;
  GtkLabel *what;
  GtkLabel *detail;
  GtkLabel *evidence;
  GtkButton *action_button;
};

G_DEFINE_FINAL_TYPE (ThFindingRow, th_finding_row, ADW_TYPE_PREFERENCES_ROW)

typedef struct {
  const char *icon, *style, *word;
} Look;

static const Look looks[] = {
  [TH_ICE_NOTE] = { "turnhouse-info-symbolic", "dim-label", NC_ ("severity", "Information") },
  [TH_ICE_WARNING] = { "turnhouse-warning-symbolic", "warning", NC_ ("severity", "Warning") },
  [TH_ICE_PROBLEM] = { "turnhouse-error-symbolic", "error", NC_ ("severity", "Error") },
};

static void
show_severity (ThFindingRow *self, ThIceSeverity severity)
{
  const Look *look = &looks[severity];

  gtk_image_set_from_icon_name (self->icon, look->icon);
  gtk_widget_add_css_class (GTK_WIDGET (self->icon), look->style);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  g_dpgettext2 (NULL, "severity", look->word), -1);
}

static void
show_text (GtkLabel *label, const char *text)
{
  gtk_label_set_label (label, text);
  gtk_widget_set_visible (GTK_WIDGET (label), *text);
}

static void
th_finding_row_class_init (ThFindingRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  g_type_ensure (TH_TYPE_FLOW_LAYOUT);
  gtk_widget_class_set_template_from_resource (
      widget_class, "/io/github/turnhouse/Turnhouse/widgets/finding-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ThFindingRow, icon);
  gtk_widget_class_bind_template_child (widget_class, ThFindingRow, what);
  gtk_widget_class_bind_template_child (widget_class, ThFindingRow, detail);
  gtk_widget_class_bind_template_child (widget_class, ThFindingRow, evidence);
  gtk_widget_class_bind_template_child (widget_class, ThFindingRow, action_button);
}

static void
th_finding_row_init (ThFindingRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
th_finding_row_new (ThIceFinding *finding, gboolean own_relay)
{
  ThFindingRow *self = g_object_new (TH_TYPE_FINDING_ROW, NULL);
  const char *what = th_ice_finding_get_what (finding);
  g_autofree char *detail = th_finding_remedy_describe (finding);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_label_set_label (self->what, what);
  show_text (self->detail, detail);
  show_text (self->evidence, th_ice_finding_get_evidence (finding));
  show_severity (self, th_ice_finding_get_severity (finding));
  th_finding_remedy_offer (finding, own_relay, self->action_button);
  return GTK_WIDGET (self);
}
