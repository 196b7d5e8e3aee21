/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Builds the window of preferences from the map. Whether a change needs a restart comes from the
 * engine's own rule: a group where all rows do says so once, for all of them.
 */
#include "panel/preferences/preferences.h"

#include <glib/gi18n.h>

#include "app/relay-settings.h"
#include "panel/compat.h"
#include "panel/preferences/preference-map.h"
#include "panel/preferences/preference-row.h"
#include "panel/preferences/reset-row.h"
#include "panel/preferences/restart-bar.h"

/* The end of the group that begins at @first. */
static guint
group_end (guint first)
{
  const ThPreference *leader = th_preferences_get (first);
  guint end = first + 1;
  while (end < th_preferences_get_n () && th_preferences_get (end)->page == leader->page &&
         g_str_equal (th_preferences_get (end)->group, leader->group))
    end++;
  return end;
}

static gboolean
all_need_restart (guint first, guint end)
{
  for (guint i = first; i < end; i++)
    if (!th_relay_setting_needs_restart (th_preferences_get (i)->setting))
      return FALSE;
  return TRUE;
}

static AdwPreferencesGroup *
group_new (ThEngine *engine, guint first, guint end)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  gboolean restart = all_need_restart (first, end);

  adw_preferences_group_set_title (group,
                                   th_preference_translate (th_preferences_get (first)->group));
  if (restart)
    adw_preferences_group_set_description (group, _("Takes effect after the relay restarts"));
  for (guint i = first; i < end; i++)
    adw_preferences_group_add (group,
                               th_preference_row_new (th_preferences_get (i), engine, !restart));
  return group;
}

static AdwPreferencesPage *
page_new (ThPreferencePage page)
{
  const ThPreferencePageInfo *info = th_preference_page_get_info (page);
  return g_object_new (ADW_TYPE_PREFERENCES_PAGE, "title", th_preference_translate (info->title),
                       "icon-name", info->icon_name, NULL);
}

static void
add_reset_row (AdwPreferencesPage *page, ThEngine *engine)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  adw_preferences_group_add (group, th_reset_row_new (th_engine_get_settings (engine)));
  adw_preferences_page_add (page, group);
}

static GtkWidget *
desktop_row_new (const char *title, const char *subtitle, const char *action)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *control = gtk_switch_new ();

  gtk_widget_set_valign (control, GTK_ALIGN_CENTER);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (control), action);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), control);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), control);
  return row;
}

/* What is of this program rather than of the relay: actions of the application. */
static AdwPreferencesGroup *
desktop_group_new (void)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());

  adw_preferences_group_set_title (group, _("This Computer"));
  adw_preferences_group_add (group, desktop_row_new (_("Run in the Background"),
                                                     _("The relay goes on when the window is closed"),
                                                     "app.background"));
  adw_preferences_group_add (group, desktop_row_new (_("Start with the Session"),
                                                     _("When you log in, without a window"),
                                                     "app.autostart"));
  adw_preferences_group_add (group, desktop_row_new (_("Stay Awake During Calls"),
                                                     _("No sleep while anyone is connected"),
                                                     "app.keep-awake"));
  return group;
}

/* (nullable) */
static GtkWidget *
find_row (GtkWidget *root, ThSetting setting)
{
  if (TH_IS_PREFERENCE_ROW (root))
    return th_preference_row_get_setting (TH_PREFERENCE_ROW (root)) == setting ? root : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, setting);
      if (found)
        return found;
    }
  return NULL;
}

/* What scrolls to it needs to know where it is. */
static gboolean
on_tick_focus_row (GtkWidget *row, GdkFrameClock *clock, gpointer data)
{
  if (gtk_widget_get_height (row) == 0)
    return G_SOURCE_CONTINUE;
  gtk_widget_child_focus (row, GTK_DIR_TAB_FORWARD);
  gtk_window_set_focus_visible (GTK_WINDOW (gtk_widget_get_root (row)), TRUE);
  return G_SOURCE_REMOVE;
}

GtkWidget *
th_preferences_new (ThEngine *engine)
{
  GtkWidget *window = th_compat_preferences_new ();
  GApplication *application = g_application_get_default (); /* none in tests of widgets */
  AdwPreferencesPage *pages[TH_N_PREFERENCE_PAGES];
  guint end;

  if (application)
    gtk_widget_insert_action_group (window, "app", G_ACTION_GROUP (application));
  for (guint i = 0; i < TH_N_PREFERENCE_PAGES; i++)
    {
      pages[i] = page_new (i);
      th_compat_preferences_add (window, pages[i]);
    }
  for (guint first = 0; first < th_preferences_get_n (); first = end)
    {
      end = group_end (first);
      adw_preferences_page_add (pages[th_preferences_get (first)->page],
                                group_new (engine, first, end));
    }
  adw_preferences_page_add (pages[0], desktop_group_new ());
  add_reset_row (pages[0], engine);
  th_compat_preferences_set_bottom (window, th_restart_bar_new (engine));
  return window;
}

void
th_preferences_show_setting (GtkWidget *preferences, ThSetting setting)
{
  GtkWidget *row = find_row (preferences, setting);
  g_return_if_fail (row);
  GtkWidget *page = gtk_widget_get_ancestor (row, ADW_TYPE_PREFERENCES_PAGE);
  th_compat_preferences_show_page (preferences, ADW_PREFERENCES_PAGE (page));
  gtk_widget_add_tick_callback (row, on_tick_focus_row, NULL, NULL);
}
