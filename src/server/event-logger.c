/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An event is logged when it comes, and when it has come ten, a hundred, a thousand times: so a
 * flood is seen and the log stays short. Sessions are logged for those who ask for it
 * (G_MESSAGES_DEBUG=turnhouse-server).
 */
#include "server/event-logger.h"

/* Events of the relay that nobody else logs. */
static const char *const of_relay[] = {
  "host-changed",     "secret-rotated", "secret-undone", "secret-revoked",
  "secret-configured", "user-added",     "user-removed",  "app-added",
  "app-removed",      "setting-changed", "self-test-failed", "self-test-passed",
  NULL,
};

static gboolean
is_worth_logging (ThEvent *event)
{
  return th_event_get_topic (event) != TH_EVENT_OF_RELAY ||
         g_strv_contains (of_relay, th_event_get_kind (event));
}

static GLogLevelFlags
level_of (ThEvent *event)
{
  if (th_event_get_topic (event) == TH_EVENT_OF_RELAY &&
      th_event_get_severity (event) != TH_EVENT_ERROR)
    return G_LOG_LEVEL_MESSAGE;
  switch (th_event_get_severity (event))
    {
    case TH_EVENT_ERROR:
      return G_LOG_LEVEL_WARNING;
    case TH_EVENT_WARNING:
      return G_LOG_LEVEL_MESSAGE;
    case TH_EVENT_INFO:
    default:
      return G_LOG_LEVEL_INFO;
    }
}

/* "The credential expired 5 minutes ago (401): anna at 192.0.2.7:5000 over UDP, 10 times" */
static char *
describe (ThEvent *event)
{
  GString *text = g_string_new (th_event_get_what (event));

  if (th_event_get_client (event) != NULL)
    g_string_append_printf (text, ": %s at %s over %s",
                            th_event_get_user (event) != NULL ? th_event_get_user (event)
                                                              : "someone",
                            th_event_get_client (event), th_event_get_transport (event));
  else if (th_event_get_why (event) != NULL)
    g_string_append_printf (text, ". %s", th_event_get_why (event));
  if (th_event_get_count (event) > 1)
    g_string_append_printf (text, ", %u times", th_event_get_count (event));
  return g_string_free (text, FALSE);
}

static void
add_field (GArray *fields, const char *key, const char *value)
{
  const GLogField field = { key, value, -1 };

  if (value != NULL)
    g_array_append_val (fields, field);
}

static const char *
priority_of (GLogLevelFlags level)
{
  switch (level)
    {
    case G_LOG_LEVEL_WARNING:
      return "4";
    case G_LOG_LEVEL_MESSAGE:
      return "5";
    default:
      return "6";
    }
}

static void
log_event (ThEvent *event)
{
  GLogLevelFlags level = level_of (event);
  g_autofree char *message = describe (event);
  g_autofree char *session = g_strdup_printf ("%" G_GUINT64_FORMAT, th_event_get_session (event));
  g_autofree char *code = g_strdup_printf ("%u", th_event_get_code (event));
  g_autoptr (GArray) fields = g_array_new (FALSE, FALSE, sizeof (GLogField));

  add_field (fields, "PRIORITY", priority_of (level));
  add_field (fields, "GLIB_DOMAIN", G_LOG_DOMAIN);
  add_field (fields, "MESSAGE", message);
  add_field (fields, "TURNHOUSE_EVENT", th_event_get_kind (event));
  add_field (fields, "TURNHOUSE_CLIENT", th_event_get_client (event));
  add_field (fields, "TURNHOUSE_TRANSPORT", th_event_get_transport (event));
  add_field (fields, "TURNHOUSE_USER", th_event_get_user (event));
  add_field (fields, "TURNHOUSE_SESSION", th_event_get_session (event) != 0 ? session : NULL);
  add_field (fields, "TURNHOUSE_CODE", th_event_get_code (event) != 0 ? code : NULL);
  g_log_structured_array (level, (const GLogField *) (gpointer) fields->data, fields->len);
}

static guint
count_digits (guint n)
{
  guint digits = 1;

  for (; n >= 10; n /= 10)
    digits++;
  return digits;
}

/* How many digits the count had is kept with the event. */
static void
on_count_changed (ThEvent *event, GParamSpec *pspec, gpointer data)
{
  guint digits = count_digits (th_event_get_count (event));
  guint before = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (event), "th-logged-digits"));

  if (digits <= before)
    return;
  g_object_set_data (G_OBJECT (event), "th-logged-digits", GUINT_TO_POINTER (digits));
  log_event (event);
}

static void
on_events_changed (GListModel *events, guint position, guint removed, guint added, gpointer data)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (events, i);

      if (!is_worth_logging (event))
        continue;
      g_signal_connect (event, "notify::count", G_CALLBACK (on_count_changed), NULL);
      on_count_changed (event, NULL, NULL);
    }
}

void
th_event_logger_watch (ThEventLog *events)
{
  g_signal_connect (events, "items-changed", G_CALLBACK (on_events_changed), NULL);
}
