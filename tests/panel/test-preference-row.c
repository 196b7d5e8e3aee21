/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the rows of preferences with an engine that was not started, and with settings that an
 * administrator locked.
 */
#define G_SETTINGS_ENABLE_BACKEND
#include <adwaita.h>
#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>

#include "panel/preferences/control.h"
#include "panel/preferences/preference-row.h"

#define PATH "/io/github/turnhouse/Turnhouse/"

typedef struct {
  char *folder;
  ThSettings *settings;
  ThEngine *engine;
  GtkWidget *row; /* as show_row() made it */
} Fixture;

static void
write_file (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

/* A key file of its own, and in its folder what the administrator says. */
static GSettings *
make_gsettings (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "keyfile", NULL);
  g_autofree char *locks = g_build_filename (folder, "locks", NULL);
  g_autoptr (GSettingsBackend) first = g_keyfile_settings_backend_new (path, "/", NULL);
  g_autoptr (GSettingsBackend) backend = NULL;

  write_file (folder, "locks", PATH "relay-realm\n");
  /* Only by its type can it be told where to look for the administrator's files. */
  backend = g_object_new (G_OBJECT_TYPE (first), "filename", path, "root-path", "/",
                          "defaults-dir", folder, NULL);
  return g_settings_new_with_backend (TH_APPLICATION_ID, backend);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSettings) gsettings = NULL;

  fixture->folder = g_dir_make_tmp ("turnhouse-rows-XXXXXX", &error);
  g_assert_no_error (error);
  gsettings = make_gsettings (fixture->folder);
  fixture->settings = th_settings_new_from_gsettings (gsettings, &error);
  g_assert_no_error (error);
  fixture->engine = th_engine_new (fixture->settings, fixture->folder, &error);
  g_assert_no_error (error);
}

static void
remove_folder (const char *folder)
{
  g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
  const char *name;
  while ((name = g_dir_read_name (files)))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_remove (path);
    }
  g_rmdir (folder);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->row);
  g_object_unref (fixture->engine);
  g_object_unref (fixture->settings);
  remove_folder (fixture->folder);
  g_free (fixture->folder);
}

static const ThPreference *
preference_of (ThSetting setting)
{
  for (guint i = 0; i < th_preferences_get_n (); i++)
    if (th_preferences_get (i)->setting == setting)
      return th_preferences_get (i);
  g_assert_not_reached ();
}

static void
show_row (Fixture *fixture, ThSetting setting)
{
  g_clear_object (&fixture->row);
  fixture->row = g_object_ref_sink (
      th_preference_row_new (preference_of (setting), fixture->engine, TRUE));
}

/* The @nth widget of @type below @root, in the order of their making. */
static gpointer
find_nth (GtkWidget *root, GType type, guint *nth)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type) && (*nth)-- == 0)
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      gpointer found = find_nth (child, type, nth);
      if (found)
        return found;
    }
  return NULL;
}

static gpointer
find (Fixture *fixture, GType type, guint nth)
{
  gpointer found = find_nth (fixture->row, type, &nth);
  g_assert_nonnull (found);
  return found;
}

static void
type_and_enter (Fixture *fixture, guint nth, const char *text)
{
  GtkEditable *editable = find (fixture, GTK_TYPE_TEXT, nth);
  gtk_editable_set_text (editable, text);
  g_signal_emit_by_name (editable, "activate");
}

/* Whether one of the labels below @root that can be seen says @text */
static gboolean
is_said (GtkWidget *root, const char *text)
{
  if (!gtk_widget_get_visible (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && g_str_equal (gtk_label_get_label (GTK_LABEL (root)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    if (is_said (child, text))
      return TRUE;
  return FALSE;
}

static GtkWidget *
reset_button (Fixture *fixture)
{
  return find (fixture, GTK_TYPE_BUTTON, 0);
}

static void
test_every_preference_makes_a_row (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      ThSetting setting = th_preferences_get (i)->setting;
      ThControl *control;
      g_autofree char *text = NULL;
      g_autoptr (GError) error = NULL;

      show_row (fixture, setting);
      control = find (fixture, TH_TYPE_CONTROL, 0);
      text = th_control_read (control, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (text, ==, th_settings_get_string (fixture->settings, setting));
      g_assert_false (th_control_is_edited (control));
      g_assert_cmpstr (adw_action_row_get_subtitle (ADW_ACTION_ROW (fixture->row)), ==,
                       preference_of (setting)->help);
    }
}

static void
test_what_does_not_fit_stays_and_is_told (Fixture *fixture, gconstpointer data)
{
  static const struct {
    ThSetting setting;
    const char *text;
    const char *problem;
  } rows[] = {
    { TH_SETTING_RELAY_PORT, "x", "\"x\" does not fit; allowed: a port from 1 to 65535, or 0 (off)" },
    { TH_SETTING_RELAY_SERVER_NAME, "a b",
      "\"a b\" does not fit; allowed: a DNS name such as turn.example.org" },
    { TH_SETTING_LIMITS_PERMISSIONS, "2000",
      "\"2000\" does not fit; allowed: a whole number from 1 to 1024" },
    { TH_SETTING_LIMITS_PERMISSIONS, "",
      "\"\" does not fit; allowed: a whole number from 1 to 1024" },
    { TH_SETTING_RELAY_DENY_PEERS, "10.0.0.1/8",
      "\"10.0.0.1/8\" does not fit; allowed: networks such as 192.0.2.0/24, no bits set after the "
      "prefix, or addresses" },
    { TH_SETTING_ENDPOINT_CORS_ORIGINS, "app",
      "\"app\" does not fit; allowed: origins such as https://app.example.org, with no path, or *" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      show_row (fixture, rows[i].setting);
      type_and_enter (fixture, 0, rows[i].text);
      if (!is_said (fixture->row, rows[i].problem))
        g_error ("Nothing says: %s", rows[i].problem);
      g_assert_cmpstr (gtk_editable_get_text (find (fixture, GTK_TYPE_TEXT, 0)), ==, rows[i].text);
      g_assert_false (th_settings_is_set (fixture->settings, rows[i].setting));
    }
}

static void
test_a_problem_goes_as_soon_as_it_is_solved (Fixture *fixture, gconstpointer data)
{
  const char *problem = "\"70000\" does not fit; allowed: a port from 1 to 65535, or 0 (off)";
  GtkEditable *editable;

  show_row (fixture, TH_SETTING_RELAY_PORT);
  editable = find (fixture, GTK_TYPE_TEXT, 0);
  gtk_editable_set_text (editable, "70000");
  g_assert_false (is_said (fixture->row, problem)); /* one may be typing */
  g_signal_emit_by_name (editable, "activate");
  g_assert_true (is_said (fixture->row, problem));
  gtk_editable_set_text (editable, "7000");
  g_assert_false (is_said (fixture->row, problem));
  g_assert_cmpint (th_settings_get_integer (fixture->settings, TH_SETTING_RELAY_PORT), ==, 3478);
  g_signal_emit_by_name (editable, "activate");
  g_assert_cmpint (th_settings_get_integer (fixture->settings, TH_SETTING_RELAY_PORT), ==, 7000);
}

static void
test_a_range_needs_both_ends (Fixture *fixture, gconstpointer data)
{
  show_row (fixture, TH_SETTING_RELAY_RELAY_PORTS);
  type_and_enter (fixture, 1, "100");
  g_assert_true (is_said (fixture->row, "\"49152-100\" does not fit; allowed: FIRST-LAST, two ports "
                                        "from 1 to 65535, the lower one first"));
  type_and_enter (fixture, 0, "50");
  g_assert_cmpstr (th_settings_get_string (fixture->settings, TH_SETTING_RELAY_RELAY_PORTS), ==,
                   "50-100");
}

static void
test_a_span_counts_in_its_unit (Fixture *fixture, gconstpointer data)
{
  ThSetting setting = TH_SETTING_CREDENTIALS_TTL;

  show_row (fixture, setting);
  g_assert_cmpstr (gtk_editable_get_text (find (fixture, GTK_TYPE_TEXT, 0)), ==, "1");
  gtk_drop_down_set_selected (find (fixture, GTK_TYPE_DROP_DOWN, 0), 2);
  g_assert_cmpint (th_settings_get_integer (fixture->settings, setting), ==, 3600);
  type_and_enter (fixture, 0, "48");
  g_assert_cmpint (th_settings_get_integer (fixture->settings, setting), ==, 48 * 3600);
  g_assert_cmpstr (gtk_editable_get_text (find (fixture, GTK_TYPE_TEXT, 0)), ==, "48");
  g_assert_true (th_settings_set_text (fixture->settings, setting, "90", NULL));
  g_assert_cmpstr (gtk_editable_get_text (find (fixture, GTK_TYPE_TEXT, 0)), ==, "90");
  g_assert_cmpuint (gtk_drop_down_get_selected (find (fixture, GTK_TYPE_DROP_DOWN, 0)), ==, 0);
}

static void
test_a_number_may_be_automatic (Fixture *fixture, gconstpointer data)
{
  ThSetting setting = TH_SETTING_RELAY_WORKERS;

  show_row (fixture, setting);
  gtk_drop_down_set_selected (find (fixture, GTK_TYPE_DROP_DOWN, 0), 1);
  g_assert_cmpint (th_settings_get_integer (fixture->settings, setting), ==,
                   g_get_num_processors ());
  gtk_drop_down_set_selected (find (fixture, GTK_TYPE_DROP_DOWN, 0), 0);
  g_assert_cmpint (th_settings_get_integer (fixture->settings, setting), ==, -1);
}

static void
test_a_list_takes_what_is_pasted (Fixture *fixture, gconstpointer data)
{
  ThSetting setting = TH_SETTING_RELAY_DENY_PEERS;

  show_row (fixture, setting);
  g_assert_true (is_said (fixture->row, preference_of (setting)->nothing));
  type_and_enter (fixture, 0, " 192.0.2.0/24; 192.0.2.0/24 ::1,\t");
  g_assert_cmpstr (th_settings_get_string (fixture->settings, setting), ==,
                   "192.0.2.0/24,::1");
  type_and_enter (fixture, 0, "::1"); /* it is there already */
  g_assert_cmpstr (th_settings_get_string (fixture->settings, setting), ==,
                   "192.0.2.0/24,::1");
}

static void
test_the_last_item_stays_where_one_is_needed (Fixture *fixture, gconstpointer data)
{
  show_row (fixture, TH_SETTING_ENDPOINT_LISTEN);
  g_signal_emit_by_name (find (fixture, GTK_TYPE_BUTTON, 1), "clicked"); /* 0: reset */
  g_assert_true (is_said (fixture->row, "0 values do not fit; allowed: 1 to 1024 of them"));
  g_assert_true (is_said (fixture->row, "127.0.0.1"));
}

static void
test_reset_is_for_what_differs (Fixture *fixture, gconstpointer data)
{
  show_row (fixture, TH_SETTING_ENDPOINT_METRICS);
  g_assert_false (gtk_widget_get_visible (reset_button (fixture)));
  gtk_switch_set_active (find (fixture, GTK_TYPE_SWITCH, 0), FALSE);
  g_assert_false (th_settings_get_boolean (fixture->settings, TH_SETTING_ENDPOINT_METRICS));
  g_assert_true (gtk_widget_get_visible (reset_button (fixture)));
  g_signal_emit_by_name (reset_button (fixture), "clicked");
  g_assert_true (gtk_switch_get_active (find (fixture, GTK_TYPE_SWITCH, 0)));
  g_assert_false (th_settings_is_set (fixture->settings, TH_SETTING_ENDPOINT_METRICS));
  g_assert_false (gtk_widget_get_visible (reset_button (fixture)));
}

static void
test_others_changes_are_shown (Fixture *fixture, gconstpointer data)
{
  show_row (fixture, TH_SETTING_RELAY_PORT);
  type_and_enter (fixture, 0, "wrong");
  g_assert_true (th_settings_set_text (fixture->settings, TH_SETTING_RELAY_PORT, "443", NULL));
  g_assert_cmpstr (gtk_editable_get_text (find (fixture, GTK_TYPE_TEXT, 0)), ==, "443");
}

static void
test_what_is_locked_cannot_be_changed (Fixture *fixture, gconstpointer data)
{
  const char *reason = "Locked by the administrator of this desktop";

  g_assert_false (th_settings_is_writable (fixture->settings, TH_SETTING_RELAY_REALM));
  show_row (fixture, TH_SETTING_RELAY_REALM);
  g_assert_false (gtk_widget_get_sensitive (find (fixture, TH_TYPE_CONTROL, 0)));
  g_assert_cmpstr (gtk_widget_get_tooltip_text (fixture->row), ==, reason);
  g_assert_true (is_said (fixture->row, reason));

  show_row (fixture, TH_SETTING_RELAY_PORT);
  g_assert_true (gtk_widget_get_sensitive (find (fixture, TH_TYPE_CONTROL, 0)));
  g_assert_null (gtk_widget_get_tooltip_text (fixture->row));
}

int
main (int argc, char **argv)
{
  static const struct {
    const char *name;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "every-preference-makes-a-row", test_every_preference_makes_a_row },
    { "what-does-not-fit-stays-and-is-told", test_what_does_not_fit_stays_and_is_told },
    { "a-problem-goes-as-soon-as-it-is-solved", test_a_problem_goes_as_soon_as_it_is_solved },
    { "a-range-needs-both-ends", test_a_range_needs_both_ends },
    { "a-span-counts-in-its-unit", test_a_span_counts_in_its_unit },
    { "a-number-may-be-automatic", test_a_number_may_be_automatic },
    { "a-list-takes-what-is-pasted", test_a_list_takes_what_is_pasted },
    { "the-last-item-stays-where-one-is-needed", test_the_last_item_stays_where_one_is_needed },
    { "reset-is-for-what-differs", test_reset_is_for_what_differs },
    { "others-changes-are-shown", test_others_changes_are_shown },
    { "what-is-locked-cannot-be-changed", test_what_is_locked_cannot_be_changed },
  };

  g_test_init (&argc, &argv, NULL);
  adw_init ();
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/preference-row/", tests[i].name, NULL);
      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  return g_test_run ();
}
