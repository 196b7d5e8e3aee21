/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * {"version":1,"days":[["2026-11-21",TO-PEERS,TO-CLIENTS],...],"minutes":[[NUMBER,...],...]},
 * both oldest first.
 */
#include "app/traffic-file.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <string.h>

#include "app/kept-file.h"
#include "credentials/kept-json.h"
#include "credentials/store.h"

#define FORMAT_VERSION 1
#define DATE_SIZE      sizeof "2026-11-21"

static void
add_bytes (JsonBuilder *builder, const ThTrafficBytes *bytes)
{
  json_builder_add_int_value (builder, (gint64) bytes->to_peers);
  json_builder_add_int_value (builder, (gint64) bytes->to_clients);
  json_builder_end_array (builder);
}

static void
format_day (gint64 number, char *text)
{
  GDate date;

  g_date_clear (&date, 1);
  g_date_set_julian (&date, (guint32) number);
  g_snprintf (text, DATE_SIZE, "%04d-%02d-%02d", g_date_get_year (&date), g_date_get_month (&date),
              g_date_get_day (&date));
}

/* 0 unless it is a date as format_day() writes it */
static gint64
parse_day (const char *text)
{
  unsigned year, month, day;
  char again[DATE_SIZE];
  gint64 number;

  if (strlen (text) != DATE_SIZE - 1 || sscanf (text, "%4u-%2u-%2u", &year, &month, &day) != 3 ||
      !g_date_valid_dmy (day, month, year))
    return 0;
  number = g_date_get_julian (&(GDate) { .dmy = 1, .day = day, .month = month, .year = year });
  format_day (number, again);
  return g_str_equal (text, again) ? number : 0;
}

static void
add_days (JsonBuilder *builder, ThTrafficHistory *history)
{
  guint n;
  const ThTrafficRow *rows = th_traffic_history_get_days (history, &n);

  json_builder_set_member_name (builder, "days");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      char day[DATE_SIZE];

      format_day (rows[i].number, day);
      json_builder_begin_array (builder);
      json_builder_add_string_value (builder, day);
      add_bytes (builder, &rows[i].bytes);
    }
  json_builder_end_array (builder);
}

static void
add_minutes (JsonBuilder *builder, ThTrafficHistory *history)
{
  guint n;
  const ThTrafficRow *rows = th_traffic_history_get_minutes (history, &n);

  json_builder_set_member_name (builder, "minutes");
  json_builder_begin_array (builder);
  for (guint i = 0; i < n; i++)
    {
      json_builder_begin_array (builder);
      json_builder_add_int_value (builder, rows[i].number);
      add_bytes (builder, &rows[i].bytes);
    }
  json_builder_end_array (builder);
}

static gboolean
get_whole_number (JsonArray *array, guint place, gint64 *number)
{
  *number = th_kept_json_read_number (json_array_get_element (array, place));
  return *number >= 0;
}

static gboolean
get_day (JsonArray *array, gint64 *number)
{
  JsonNode *node = json_array_get_element (array, 0);

  *number = JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING
                ? parse_day (json_node_get_string (node))
                : 0;
  return *number > 0;
}

static gboolean
read_row (JsonNode *node, gboolean is_day, ThTrafficRow *row)
{
  JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gint64 to_peers, to_clients;

  if (array == NULL || json_array_get_length (array) != 3 ||
      !(is_day ? get_day (array, &row->number) : get_whole_number (array, 0, &row->number)) ||
      !get_whole_number (array, 1, &to_peers) || !get_whole_number (array, 2, &to_clients))
    return FALSE;
  row->bytes = (ThTrafficBytes) { (guint64) to_peers, (guint64) to_clients };
  return TRUE;
}

static gboolean
read_rows (ThTrafficHistory *history, JsonObject *object, const char *member, gboolean is_day)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonArray *array;

  if (node == NULL || !JSON_NODE_HOLDS_ARRAY (node))
    return FALSE;
  array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      ThTrafficRow row;

      if (!read_row (json_array_get_element (array, i), is_day, &row) ||
          !(is_day ? th_traffic_history_append_day (history, &row)
                   : th_traffic_history_append_minute (history, &row)))
        return FALSE;
    }
  return TRUE;
}

char *
th_traffic_file_print (ThTrafficHistory *history, gsize *length)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (builder);
  th_json_add_number (builder, "version", FORMAT_VERSION);
  add_days (builder, history);
  add_minutes (builder, history);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  json_generator_set_root (generator, root);
  return json_generator_to_data (generator, length);
}

ThTrafficHistory *
th_traffic_file_parse (const char *json, gsize length)
{
  g_autoptr (ThKeptJson) root = th_kept_json_parse (json, length);
  g_autoptr (ThTrafficHistory) history = th_traffic_history_new ();
  JsonObject *object = root != NULL ? json_node_get_object (root) : NULL;

  if (object == NULL || th_kept_json_get_number (object, "version") != FORMAT_VERSION ||
      !read_rows (history, object, "days", TRUE) ||
      !read_rows (history, object, "minutes", FALSE))
    return NULL;
  return g_steal_pointer (&history);
}

static gpointer
parse (const char *json, gsize length)
{
  return th_traffic_file_parse (json, length);
}

ThTrafficHistory *
th_traffic_file_read (const char *directory)
{
  ThTrafficHistory *history =
      th_kept_file_read (directory, TH_TRAFFIC_FILE_NAME, parse, "traffic is counted anew");

  return history != NULL ? history : th_traffic_history_new ();
}
