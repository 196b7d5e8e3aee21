/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The actions that findings name, as actions of the window and of the page ICE Test.
 */
#include "panel/finding-remedy.h"

#include <glib/gi18n.h>
#include <string.h>

#include "settings/table.h"

#define PREFERENCES "preferences:"

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

/* @target: (nullable) */
static void
offer (GtkButton *button, const char *label, const char *action, const char *target)
{
  gtk_button_set_label (button, label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  gtk_actionable_set_action_target_value (GTK_ACTIONABLE (button),
                                          target ? g_variant_new_string (target) : NULL);
}

char *
th_finding_remedy_describe (ThIceFinding *finding)
{
  const char *cause = th_ice_finding_get_cause (finding);
  const char *remedy = th_ice_finding_get_remedy (finding);

  return g_strconcat (cause, *cause && *remedy ? " " : "", remedy, NULL);
}

/* What no button can do is told in words alone. */
void
th_finding_remedy_offer (ThIceFinding *finding, gboolean own_relay, GtkButton *button)
{
  const char *action = finding && own_relay ? th_ice_finding_get_action (finding) : NULL;
  const char *setting = action && g_str_has_prefix (action, PREFERENCES)
                            ? find_setting (action + strlen (PREFERENCES))
                            : NULL;
  gboolean credentials = g_strcmp0 (action, "credentials") == 0;
  gboolean phone = g_strcmp0 (action, "phone") == 0;

  gtk_widget_set_visible (GTK_WIDGET (button), setting || credentials || phone);
  if (credentials)
    offer (button, _("Show Credentials"), "win.page", "credentials");
  else if (phone)
    offer (button, _("Test from Phone"), "ice.phone", NULL);
  else if (setting)
    offer (button, _("Change Setting"), "win.preference", setting);
}
