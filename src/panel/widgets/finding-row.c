/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThFindingRow: shows a ThIceFinding, which never changes.
 */
#include "panel/widgets/finding-row.h"

#include <glib/gi18n.h>
#include <string.h>

#include "panel/widgets/flow-layout.h"
#include "settings/table.h"

#define PREFERENCES "preferences:"

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

/* Why, and what to do: sentences of their own. */
static void
show_detail (ThFindingRow *self, ThIceFinding *finding)
{
  const char *cause = th_ice_finding_get_cause (finding);
  const char *remedy = th_ice_finding_get_remedy (finding);
  g_autofree char *detail =
      g_strconcat (cause, *cause && *remedy ? " " : "", remedy, NULL);

  show_text (self->detail, detail);
}

/* (nullable): the name of the setting that "GROUP/KEY" is */
static const char *
find_setting (const char *place)
{
  g_auto (GStrv) parts = g_strsplit (place, "/", 2);
  ThSetting setting;

  if (g_strv_length (parts) < 2 || !th_setting_find (parts[0], parts[1], &setting))
    return NULL;
  return th_setting_get_row (setting)->name;
}

/* What no button can do is told in words alone. */
static void
show_action (ThFindingRow *self, const char *action)
{
  GtkActionable *button = GTK_ACTIONABLE (self->action_button);
  const char *setting = action && g_str_has_prefix (action, PREFERENCES)
                            ? find_setting (action + strlen (PREFERENCES))
                            : NULL;

  gtk_widget_set_visible (GTK_WIDGET (button), TRUE);
  if (g_strcmp0 (action, "credentials") == 0)
    {
      gtk_button_set_label (self->action_button, _("Show Credentials"));
      gtk_actionable_set_action_name (button, "win.page");
      gtk_actionable_set_action_target (button, "s", "credentials");
    }
  else if (g_strcmp0 (action, "phone") == 0)
    {
      gtk_button_set_label (self->action_button, _("Test from Phone"));
      gtk_actionable_set_action_name (button, "ice.phone"); /* of the page */
    }
  else if (setting)
    {
      gtk_button_set_label (self->action_button, _("Change Setting"));
      gtk_actionable_set_action_name (button, "win.preference");
      gtk_actionable_set_action_target (button, "s", setting);
    }
  else
    gtk_widget_set_visible (GTK_WIDGET (button), FALSE);
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

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), what);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, what, -1);
  gtk_label_set_label (self->what, what);
  show_detail (self, finding);
  show_text (self->evidence, th_ice_finding_get_evidence (finding));
  show_severity (self, th_ice_finding_get_severity (finding));
  show_action (self, own_relay ? th_ice_finding_get_action (finding) : NULL);
  return GTK_WIDGET (self);
}
