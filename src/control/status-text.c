/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Status as lines: a word on the left, what there is to say on the right. The status comes from
 * another process, so every member is asked for with care.
 */
#include "control/status-text.h"

#include <string.h>

#define LABEL_WIDTH 12

static const char *
text_of (JsonObject *object, const char *name)
{
  return json_object_get_string_member_with_default (object, name, "");
}

static gint64
number_of (JsonObject *object, const char *name)
{
  return json_object_get_int_member_with_default (object, name, 0);
}

static gboolean
flag_of (JsonObject *object, const char *name)
{
  return json_object_get_boolean_member_with_default (object, name, FALSE);
}

/* (transfer none) (nullable) */
static JsonObject *
object_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (transfer full): of objects; empty where there is no such list */
static GPtrArray *
objects_of (JsonObject *object, const char *name)
{
  JsonNode *node = json_object_get_member (object, name);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  GPtrArray *objects = g_ptr_array_new ();

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        g_ptr_array_add (objects, json_node_get_object (element));
    }
  return objects;
}

static void G_GNUC_PRINTF (3, 4)
add_line (GString *text, const char *label, const char *format, ...)
{
  va_list arguments;

  g_string_append_printf (text, "%-*s", LABEL_WIDTH, label);
  va_start (arguments, format);
  g_string_append_vprintf (text, format, arguments);
  va_end (arguments);
  g_string_append_c (text, '\n');
}

static const char *
plural (gint64 n)
{
  return n == 1 ? "" : "s";
}

/* (transfer full): "3 days", by the largest unit of which there are two, so "36 hours" */
static char *
describe_seconds (gint64 seconds)
{
  static const struct {
    gint64 size;
    const char *name;
  } units[] = { { 86400, "day" }, { 3600, "hour" }, { 60, "minute" } };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (seconds >= 2 * units[i].size)
      return g_strdup_printf ("%" G_GINT64_FORMAT " %ss", seconds / units[i].size, units[i].name);
  return g_strdup_printf ("%" G_GINT64_FORMAT " second%s", seconds, plural (seconds));
}

/* (transfer full): of an ISO 8601 time */
static char *
describe_age (const char *time)
{
  g_autoptr (GDateTime) then = g_date_time_new_from_iso8601 (time, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  if (then == NULL)
    return g_strdup ("an unknown time");
  return describe_seconds (MAX (g_date_time_difference (now, then) / G_USEC_PER_SEC, 0));
}

/* (transfer full): "12.3 Mbit/s" */
static char *
describe_rate (gint64 bits)
{
  static const char *const units[] = { "bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s" };
  double value = bits;
  guint unit = 0;

  while (value >= 1000 && unit + 1 < G_N_ELEMENTS (units))
    {
      value /= 1000;
      unit++;
    }
  return g_strdup_printf ("%.*f %s", unit > 0 && value < 100 ? 1 : 0, value, units[unit]);
}

static void
add_state (GString *text, JsonObject *status)
{
  g_autofree char *age = describe_age (text_of (status, "since"));
  JsonObject *versions = object_of (status, "versions");

  add_line (text, "Turnhouse", "%s since %s (%s), version %s", text_of (status, "state"),
            text_of (status, "since"), age,
            versions != NULL ? text_of (versions, "turnhouse") : "?");
  if (flag_of (status, "draining"))
    add_line (text, "Draining", "no new sessions; ends with the last one");
}

static void
add_listeners (GString *text, JsonObject *status)
{
  g_autoptr (GPtrArray) listeners = objects_of (status, "listeners");

  for (guint i = 0; i < listeners->len; i++)
    {
      JsonObject *listener = listeners->pdata[i];
      const char *address = text_of (listener, "address");
      gboolean ipv6 = strchr (address, ':') != NULL;

      add_line (text, i == 0 ? "Listens on" : "", "%-4s %s%s%s:%" G_GINT64_FORMAT "%s%s",
                text_of (listener, "transport"), ipv6 ? "[" : "", address, ipv6 ? "]" : "",
                number_of (listener, "port"), flag_of (listener, "bound") ? "" : ": FAILED, ",
                flag_of (listener, "bound") ? "" : text_of (listener, "problem"));
    }
}

static void
add_counts (GString *text, JsonObject *status)
{
  JsonObject *now = object_of (status, "now");
  JsonObject *total = object_of (status, "total");
  JsonObject *rates = object_of (status, "bitsPerSecond");

  if (now != NULL && total != NULL)
    add_line (text, "Sessions",
              "%" G_GINT64_FORMAT " now, %" G_GINT64_FORMAT " since the start; %" G_GINT64_FORMAT
              " TCP connection%s",
              number_of (now, "sessions"), number_of (total, "allocations"),
              number_of (now, "connections"), plural (number_of (now, "connections")));
  if (rates != NULL)
    {
      g_autofree char *up = describe_rate (number_of (rates, "toPeers"));
      g_autofree char *down = describe_rate (number_of (rates, "toClients"));

      add_line (text, "Traffic", "%s to peers, %s to clients", up, down);
    }
}

static void
add_secret (GString *text, JsonObject *credentials, const char *name, const char *label)
{
  JsonObject *secret = credentials != NULL ? object_of (credentials, name) : NULL;
  g_autoptr (GPtrArray) former = NULL;

  if (secret == NULL)
    return;
  g_autofree char *age = describe_age (text_of (secret, "created"));
  add_line (text, label, "%s old, made %s", age, text_of (secret, "created"));
  former = objects_of (secret, "former");
  for (guint i = 0; i < former->len; i++)
    {
      g_autofree char *left = describe_seconds (number_of (former->pdata[i], "secondsLeft"));
      gint64 sessions = number_of (former->pdata[i], "sessions");

      add_line (text, "", "a former one works until %s (%s more), %" G_GINT64_FORMAT " session%s",
                text_of (former->pdata[i], "expiresAt"), left, sessions, plural (sessions));
    }
}

static void
add_problems (GString *text, JsonObject *status)
{
  g_autoptr (GPtrArray) problems = objects_of (status, "problems");

  for (guint i = 0; i < problems->len; i++)
    add_line (text, i == 0 ? "Problems" : "", "%s. %s", text_of (problems->pdata[i], "title"),
              text_of (problems->pdata[i], "detail"));
  if (problems->len == 0)
    add_line (text, "Problems", "none");
}

char *
th_status_to_text (JsonObject *status)
{
  GString *text = g_string_new (NULL);
  JsonObject *credentials = object_of (status, "credentials");

  add_state (text, status);
  add_listeners (text, status);
  add_counts (text, status);
  add_secret (text, credentials, "secret", "Secret");
  add_secret (text, credentials, "api", "API secret");
  add_problems (text, status);
  return g_string_free (text, FALSE);
}
