/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse-server.conf(5), from the settings table
 */
#include "app/relay-settings.h"
#include "manual/pages.h"
#include "manual/roff.h"
#include "settings/check.h"

static void
print_allowed (ThSetting setting, const ThSettingRow *row)
{
  g_autofree char *allowed = th_setting_describe_allowed (row);
  g_autoptr (GString) text = g_string_new ("Allowed: ");

  g_string_append (text, allowed);
  if (th_setting_row_is_list (row) && row->type != TH_SETTING_TYPE_EXTERNAL_LIST)
    g_string_append_printf (text, "; a list, of at most %u",
                            row->maximum != 0 ? (guint) row->maximum : TH_SETTING_ITEMS_MAX);
  g_string_append (text, ".");
  if (*row->fallback != '\0')
    g_string_append_printf (text, " Default: %s.", row->fallback);
  if (th_relay_setting_needs_restart (setting))
    g_string_append (text, " A change takes effect after a restart.");
  th_roff_more (text->str);
}

static void
print_setting (ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autofree char *help = g_strconcat (row->help, ".", NULL);

  th_roff_term (row->key, NULL);
  th_roff_text (help);
  print_allowed (setting, row);
}

static void
print_settings (void)
{
  const char *group = "";

  th_roff_section ("SETTINGS");
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    {
      const ThSettingRow *row = th_setting_get_row (i);
      g_autofree char *title = g_strdup_printf ("[%s]", row->group);

      if (!g_str_equal (row->group, group))
        th_roff_subsection (title);
      group = row->group;
      print_setting (i);
    }
}

static void
print_description (void)
{
  th_roff_section ("DESCRIPTION");
  th_roff_text ("Settings stand in groups, one key=value a line. A line that begins with # is a "
                "comment. Lists are separated by commas, or by semicolons; with a backslash "
                "before it, a separator belongs to an item, and a backslash itself is written "
                "\\\\. The file is text in UTF-8. A mistake in it is answered with one line that "
                "names the file, the line and what is allowed.");
  th_roff_paragraph ("turnhouse-server --init writes such a file, with every setting and its "
                     "default explained. Without --config, turnhouse-server reads "
                     "$XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf, else "
                     "/etc/turnhouse/turnhouse-server.conf.");
  th_roff_paragraph ("SIGHUP has a running server read it again. What can change at once does, and "
                     "no call ends; the log names what waits for a restart.");
  th_roff_paragraph ("It holds secrets: nobody but its owner should be able to read it (mode "
                     "0600). In their place, a file with the secret may be named.");
}

void
th_page_of_settings (void)
{
  static const char *const others[] = { "turnhouse-server(1)", "turnhouse(1)", NULL };

  th_roff_begin ("turnhouse-server.conf", 5, "configuration of turnhouse-server");
  print_description ();
  print_settings ();
  th_roff_section ("EXAMPLES");
  th_roff_text ("A relay behind a router, for one website:");
  th_roff_example ("[relay]\n"
                   "external-address=203.0.113.7/192.168.1.20\n"
                   "server-name=turn.example.org\n"
                   "\n"
                   "[endpoint]\n"
                   "listen=0.0.0.0\n"
                   "cors-origins=https://app.example.org");
  th_roff_see_also (others);
}
