/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The map of the preferences against the settings table: nothing is forgotten, nothing is without
 * words.
 */
#include "panel/preferences/preference-map.h"

#include <string.h>

static guint
count_places (ThSetting setting)
{
  guint n = 0;
  for (guint i = 0; i < th_preferences_get_n (); i++)
    n += th_preferences_get (i)->setting == setting;
  return n;
}

static void
test_every_setting_has_one_place_or_a_reason (void)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      guint places = count_places (i);
      const char *why = th_preference_why_left_out (i);
      if (places != (why ? 0 : 1))
        g_error ("%s has %u places in the map and %s", th_setting_get_row (i)->name, places,
                 why ? "a reason to be left out" : "no reason to be left out");
      g_assert_true (!why || *why);
    }
}

/* Left out for having nothing to choose, it has to come in once there is. */
static void
test_what_could_be_chosen_is_left_out_only_around_secrets (void)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      gboolean one_value =
          row->type == TH_SETTING_TYPE_INTEGER && row->minimum == row->maximum;
      if (th_preference_why_left_out (i))
        g_assert_true (row->secret || row->type == TH_SETTING_TYPE_PATH || one_value);
      else
        g_assert_false (row->secret || one_value);
    }
}

static void
assert_words (const char *text)
{
  g_assert_nonnull (text);
  g_assert_cmpstr (text, !=, "");
  g_assert_false (g_ascii_isspace (text[0]));
  g_assert_null (strchr (text, '!'));
  g_assert_cmpstr (th_preference_translate (text), ==, text); /* there is no catalogue here */
}

static void
test_all_have_words (void)
{
  for (guint i = 0; i < TH_N_PREFERENCE_PAGES; i++)
    assert_words (th_preference_page_get_info (i)->title);
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      const ThPreference *preference = th_preferences_get (i);
      assert_words (preference->title);
      assert_words (preference->help);
      assert_words (preference->group);
      g_assert_true (g_str_is_ascii (preference->title) &&
                     g_ascii_isupper (preference->title[0]));
    }
}

static void
test_titles_differ (void)
{
  g_autoptr (GHashTable) titles = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < th_preferences_get_n (); i++)
    g_assert_true (g_hash_table_add (titles, (char *) th_preferences_get (i)->title));
}

static void
test_widgets_fit_types (void)
{
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      const ThPreference *preference = th_preferences_get (i);
      const ThSettingRow *row = th_setting_get_row (preference->setting);
      ThPreferenceWidget widget = th_preference_get_widget (preference);

      g_assert_cmpint (widget, !=, TH_PREFERENCE_WIDGET_NONE);
      g_assert_cmpint (widget == TH_PREFERENCE_WIDGET_LIST, ==, th_setting_row_is_list (row));
      g_assert_cmpint (preference->nothing != NULL, ==, th_setting_row_is_list (row));
      g_assert_true (widget == TH_PREFERENCE_WIDGET_NUMBER ||
                     (!preference->unit && !preference->duration));
      if (row->choices)
        g_assert_cmpuint (g_strv_length ((char **) row->choices), ==,
                          g_strv_length ((char **) preference->choices));
    }
}

static void
test_groups_stand_together (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  const char *last = NULL;
  for (guint i = 0; i < th_preferences_get_n (); i++)
    {
      const char *group = th_preferences_get (i)->group;
      if (g_strcmp0 (group, last) != 0)
        g_assert_true (g_hash_table_add (seen, (char *) group));
      last = group;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/preference-map/every-setting-has-one-place-or-a-reason",
                   test_every_setting_has_one_place_or_a_reason);
  g_test_add_func ("/preference-map/what-could-be-chosen-is-left-out-only-around-secrets",
                   test_what_could_be_chosen_is_left_out_only_around_secrets);
  g_test_add_func ("/preference-map/all-have-words", test_all_have_words);
  g_test_add_func ("/preference-map/titles-differ", test_titles_differ);
  g_test_add_func ("/preference-map/widgets-fit-types", test_widgets_fit_types);
  g_test_add_func ("/preference-map/groups-stand-together", test_groups_stand_together);
  return g_test_run ();
}
