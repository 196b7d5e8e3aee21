/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEvent copies the facts it is given, and notifies those that are others when it repeats.
 */
#include "app/event.h"

struct _ThEvent {
  GObject parent_instance;
  guint number;
  const char *kind;
  ThEventTopic topic;
  ThEventSeverity severity;
  gint64 time, last_time;
  guint count;
  char *client, *transport, *user;
  guint64 session;
  guint code;
  char *what, *why;
};

G_DEFINE_FINAL_TYPE (ThEvent, th_event, G_TYPE_OBJECT)

enum {
  PROP_NUMBER = 1,
  PROP_KIND,
  PROP_TOPIC,
  PROP_SEVERITY,
  PROP_TIME,
  PROP_LAST_TIME,
  PROP_COUNT,
  PROP_CLIENT,
  PROP_TRANSPORT,
  PROP_USER,
  PROP_SESSION,
  PROP_CODE,
  PROP_WHAT,
  PROP_WHY,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_text (ThEvent *self, char **place, const char *text, guint property)
{
  if (g_strcmp0 (*place, text) == 0)
    return;
  g_free (*place);
  *place = g_strdup (text);
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

static void
take_facts (ThEvent *self, const ThEventFacts *facts)
{
  self->last_time = MAX (facts->time, self->last_time);
  self->session = facts->session;
  self->code = facts->code;
  set_text (self, &self->client, facts->client, PROP_CLIENT);
  set_text (self, &self->transport, facts->transport, PROP_TRANSPORT);
  set_text (self, &self->user, facts->user, PROP_USER);
  set_text (self, &self->what, facts->what, PROP_WHAT);
  set_text (self, &self->why, facts->why, PROP_WHY);
}

static void
th_event_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThEvent *self = TH_EVENT (object);

  switch (id)
    {
    case PROP_NUMBER:
      g_value_set_uint (value, self->number);
      break;
    case PROP_KIND:
      g_value_set_string (value, self->kind);
      break;
    case PROP_TOPIC:
      g_value_set_uint (value, self->topic);
      break;
    case PROP_SEVERITY:
      g_value_set_uint (value, self->severity);
      break;
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_LAST_TIME:
      g_value_set_int64 (value, self->last_time);
      break;
    case PROP_COUNT:
      g_value_set_uint (value, self->count);
      break;
    case PROP_CLIENT:
      g_value_set_string (value, self->client);
      break;
    case PROP_TRANSPORT:
      g_value_set_string (value, self->transport);
      break;
    case PROP_USER:
      g_value_set_string (value, self->user);
      break;
    case PROP_SESSION:
      g_value_set_uint64 (value, self->session);
      break;
    case PROP_CODE:
      g_value_set_uint (value, self->code);
      break;
    case PROP_WHAT:
      g_value_set_string (value, self->what);
      break;
    case PROP_WHY:
      g_value_set_string (value, self->why);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_event_finalize (GObject *object)
{
  ThEvent *self = TH_EVENT (object);

  g_free (self->client);
  g_free (self->transport);
  g_free (self->user);
  g_free (self->what);
  g_free (self->why);
  G_OBJECT_CLASS (th_event_parent_class)->finalize (object);
}

static void
th_event_class_init (ThEventClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_event_get_property;
  object_class->finalize = th_event_finalize;
  properties[PROP_NUMBER] = g_param_spec_uint ("number", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_KIND] = g_param_spec_string ("kind", NULL, NULL, NULL, flags);
  properties[PROP_TOPIC] =
      g_param_spec_uint ("topic", NULL, NULL, 0, TH_EVENT_N_TOPICS - 1, 0, flags);
  properties[PROP_SEVERITY] =
      g_param_spec_uint ("severity", NULL, NULL, TH_EVENT_INFO, TH_EVENT_ERROR, 0, flags);
  properties[PROP_TIME] =
      g_param_spec_int64 ("time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_LAST_TIME] =
      g_param_spec_int64 ("last-time", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_COUNT] = g_param_spec_uint ("count", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CLIENT] = g_param_spec_string ("client", NULL, NULL, NULL, flags);
  properties[PROP_TRANSPORT] = g_param_spec_string ("transport", NULL, NULL, NULL, flags);
  properties[PROP_USER] = g_param_spec_string ("user", NULL, NULL, NULL, flags);
  properties[PROP_SESSION] =
      g_param_spec_uint64 ("session", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_CODE] = g_param_spec_uint ("code", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_WHAT] = g_param_spec_string ("what", NULL, NULL, NULL, flags);
  properties[PROP_WHY] = g_param_spec_string ("why", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_event_init (ThEvent *self)
{
}

ThEvent *
th_event_new (guint number, const ThEventFacts *facts)
{
  ThEvent *self = g_object_new (TH_TYPE_EVENT, NULL);

  self->number = number;
  self->kind = facts->kind;
  self->topic = facts->topic;
  self->severity = facts->severity;
  self->time = self->last_time = facts->time;
  self->count = MAX (facts->count, 1);
  take_facts (self, facts);
  return self;
}

void
th_event_repeat (ThEvent *self, const ThEventFacts *facts)
{
  guint more = MAX (facts->count, 1);

  g_object_freeze_notify (G_OBJECT (self));
  self->count += MIN (more, G_MAXUINT - self->count);
  take_facts (self, facts);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_COUNT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_TIME]);
  g_object_thaw_notify (G_OBJECT (self));
}

guint
th_event_get_number (ThEvent *self)
{
  return self->number;
}

const char *
th_event_get_kind (ThEvent *self)
{
  return self->kind;
}

ThEventTopic
th_event_get_topic (ThEvent *self)
{
  return self->topic;
}

ThEventSeverity
th_event_get_severity (ThEvent *self)
{
  return self->severity;
}

gint64
th_event_get_time (ThEvent *self)
{
  return self->time;
}

gint64
th_event_get_last_time (ThEvent *self)
{
  return self->last_time;
}

guint
th_event_get_count (ThEvent *self)
{
  return self->count;
}

const char *
th_event_get_client (ThEvent *self)
{
  return self->client;
}

const char *
th_event_get_transport (ThEvent *self)
{
  return self->transport;
}

const char *
th_event_get_user (ThEvent *self)
{
  return self->user;
}

guint64
th_event_get_session (ThEvent *self)
{
  return self->session;
}

guint
th_event_get_code (ThEvent *self)
{
  return self->code;
}

const char *
th_event_get_what (ThEvent *self)
{
  return self->what;
}

const char *
th_event_get_why (ThEvent *self)
{
  return self->why;
}

const char *
th_event_severity_name (ThEventSeverity severity)
{
  switch (severity)
    {
    case TH_EVENT_ERROR:
      return "error";
    case TH_EVENT_WARNING:
      return "warning";
    case TH_EVENT_INFO:
    default:
      return "info";
    }
}
