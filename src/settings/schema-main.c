/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tool of the build: prints the GSettings schema of the panel, made from the settings table.
 */
#include <stdio.h>

#include "settings/variant.h"

static void
print_default (const ThSettingRow *row)
{
  ThSettingValue value;
  g_autoptr (GVariant) variant = NULL;
  g_autofree char *printed = NULL, *escaped = NULL;

  th_setting_value_parse_default (&value, row);
  variant = g_variant_ref_sink (th_setting_value_to_variant (&value, row));
  printed = g_variant_print (variant, FALSE);
  escaped = g_markup_escape_text (printed, -1);
  printf ("      <default>%s</default>\n", escaped);
  th_setting_value_clear (&value);
}

static void
print_choices (const ThSettingRow *row)
{
  printf ("      <choices>\n");
  for (const char *const *choice = row->choices; *choice != NULL; choice++)
    printf ("        <choice value=\"%s\"/>\n", *choice);
  printf ("      </choices>\n");
}

static void
print_key (const ThSettingRow *row)
{
  const char *type = th_setting_row_get_variant_type (row);
  g_autofree char *help = g_markup_escape_text (row->help, -1);

  printf ("    <key name=\"%s\" type=\"%s\">\n", row->name, type);
  if (g_str_equal (type, "i"))
    printf ("      <range min=\"%" G_GINT64_FORMAT "\" max=\"%" G_GINT64_FORMAT "\"/>\n",
            row->minimum, row->maximum);
  if (row->choices != NULL)
    print_choices (row);
  print_default (row);
  printf ("      <summary>%s</summary>\n    </key>\n", help);
}

int
main (void)
{
  g_autofree char *path = g_strdelimit (g_strdup (TH_APPLICATION_ID), ".", '/');

  printf ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
          "<schemalist>\n"
          "  <schema id=\"%s\" path=\"/%s/\">\n",
          TH_APPLICATION_ID, path);
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (th_setting_row_is_in_schema (th_setting_get_row (i)))
      print_key (th_setting_get_row (i));
  printf ("  </schema>\n</schemalist>\n");
  return fflush (stdout) == 0 ? 0 : 1;
}
