/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An array with the oldest first, a table of what may happen again, and for each topic an
 * allowance of new events that fills with time.
 */
#include "app/event-log.h"

#include "credentials/json-object.h"

typedef struct {
  guint n_kept;
  guint used;     /* of the allowance */
  gint64 used_at; /* seconds */
} Topic;

struct _ThEventLog {
  GObject parent_instance;
  GPtrArray *events;     /* oldest first */
  GHashTable *repeating; /* key → ThEvent, which is in the array */
  GHashTable *keys;      /* ThEvent → its key in the table above */
  Topic topics[TH_EVENT_N_TOPICS];
  guint last_number;
};

static GType
th_event_log_get_item_type (GListModel *model)
{
  return TH_TYPE_EVENT;
}

static guint
th_event_log_get_n_items (GListModel *model)
{
  return TH_EVENT_LOG (model)->events->len;
}

static gpointer
th_event_log_get_item (GListModel *model, guint position)
{
  GPtrArray *events = TH_EVENT_LOG (model)->events;

  return position < events->len ? g_object_ref (events->pdata[events->len - 1 - position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = th_event_log_get_item_type;
  interface->get_n_items = th_event_log_get_n_items;
  interface->get_item = th_event_log_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ThEventLog,
                               th_event_log,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
forget_key (ThEventLog *self, ThEvent *event)
{
  const char *key = g_hash_table_lookup (self->keys, event);

  if (key == NULL)
    return;
  g_hash_table_remove (self->keys, event);
  g_hash_table_remove (self->repeating, key); /* frees it */
}

/* The oldest event of the topic that has most. */
static guint
find_dispensable (const ThEventLog *self)
{
  ThEventTopic most = 0;

  for (guint topic = 1; topic < TH_EVENT_N_TOPICS; topic++)
    {
      if (self->topics[topic].n_kept > self->topics[most].n_kept)
        most = topic;
    }
  for (guint i = 0; i < self->events->len; i++)
    {
      if (th_event_get_topic (self->events->pdata[i]) == most)
        return i;
    }
  g_assert_not_reached ();
}

static void
remove_dispensable (ThEventLog *self)
{
  guint i = find_dispensable (self);
  guint position = self->events->len - 1 - i;
  ThEvent *event = self->events->pdata[i];

  self->topics[th_event_get_topic (event)].n_kept--;
  forget_key (self, event);
  g_ptr_array_remove_index (self->events, i);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* Events of workers come a little later than those of the main context. */
static guint
find_place (const ThEventLog *self, gint64 time)
{
  guint i = self->events->len;

  while (i > 0 && th_event_get_time (self->events->pdata[i - 1]) > time)
    i--;
  return i;
}

/* @key: (transfer full) (nullable) */
static void
append (ThEventLog *self, const ThEventFacts *facts, char *key)
{
  ThEvent *event;
  guint i;

  if (self->events->len == TH_EVENT_LOG_MAX)
    remove_dispensable (self);
  event = th_event_new (++self->last_number, facts);
  i = find_place (self, facts->time);
  g_ptr_array_insert (self->events, (int) i, event);
  self->topics[facts->topic].n_kept++;
  if (key != NULL)
    {
      g_hash_table_insert (self->repeating, key, event);
      g_hash_table_insert (self->keys, event, key);
    }
  g_list_model_items_changed (G_LIST_MODEL (self), self->events->len - 1 - i, 0, 1);
}

/* Returns: whether one was there that counts on */
static gboolean
repeat (ThEventLog *self, const ThEventFacts *facts, const char *key)
{
  ThEvent *event = g_hash_table_lookup (self->repeating, key);
  gint64 age = event != NULL ? facts->time - th_event_get_time (event) : 0;

  if (event == NULL)
    return FALSE;
  if (ABS (age) > TH_EVENT_LOG_SAME_FOR)
    {
      forget_key (self, event);
      return FALSE;
    }
  th_event_repeat (event, facts);
  return TRUE;
}

static gboolean
take_allowance (Topic *topic, gint64 time)
{
  gint64 regained = (time - topic->used_at) / TH_EVENT_LOG_PAUSE;

  if (regained != 0) /* also where the clock went back */
    {
      topic->used -= (guint) CLAMP (ABS (regained), 0, topic->used);
      topic->used_at = time;
    }
  if (topic->used >= TH_EVENT_LOG_BURST)
    return FALSE;
  topic->used++;
  return TRUE;
}

static void
add_to_crowd (ThEventLog *self, const ThEventFacts *facts, const char *crowd)
{
  g_autofree char *key = g_strconcat (facts->kind, "\n", NULL);
  const ThEventFacts of_crowd = {
    .kind = facts->kind,
    .topic = facts->topic,
    .severity = facts->severity,
    .time = facts->time,
    .count = facts->count,
    .code = facts->code,
    .what = crowd,
    .why = facts->why,
  };

  if (!repeat (self, &of_crowd, key))
    append (self, &of_crowd, g_steal_pointer (&key));
}

static void
th_event_log_finalize (GObject *object)
{
  ThEventLog *self = TH_EVENT_LOG (object);

  g_hash_table_unref (self->keys);
  g_hash_table_unref (self->repeating);
  g_ptr_array_unref (self->events);
  G_OBJECT_CLASS (th_event_log_parent_class)->finalize (object);
}

static void
th_event_log_class_init (ThEventLogClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_event_log_finalize;
}

static void
th_event_log_init (ThEventLog *self)
{
  self->events = g_ptr_array_new_with_free_func (g_object_unref);
  self->repeating = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->keys = g_hash_table_new (NULL, NULL);
}

ThEventLog *
th_event_log_new (void)
{
  return g_object_new (TH_TYPE_EVENT_LOG, NULL);
}

void
th_event_log_add (ThEventLog *self,
                  const ThEventFacts *facts,
                  const char *same,
                  const char *crowd)
{
  g_autofree char *key = same != NULL ? g_strconcat (facts->kind, "\n=", same, NULL) : NULL;

  if (key != NULL && repeat (self, facts, key))
    return;
  if (crowd == NULL || take_allowance (&self->topics[facts->topic], facts->time))
    append (self, facts, g_steal_pointer (&key));
  else
    add_to_crowd (self, facts, crowd);
}

/* What an event does not have is left out. */
static void
add_known_text (JsonBuilder *object, const char *name, const char *text)
{
  if (text != NULL)
    th_json_add_text (object, name, text);
}

static void
add_known_number (JsonBuilder *object, const char *name, guint64 number)
{
  if (number != 0)
    th_json_add_number (object, name, (gint64) number);
}

static void
add_event (JsonBuilder *array, ThEvent *event)
{
  json_builder_begin_object (array);
  th_json_add_time (array, "time", th_event_get_time (event));
  if (th_event_get_count (event) > 1)
    th_json_add_time (array, "lastTime", th_event_get_last_time (event));
  th_json_add_number (array, "count", th_event_get_count (event));
  th_json_add_text (array, "severity", th_event_severity_name (th_event_get_severity (event)));
  th_json_add_text (array, "kind", th_event_get_kind (event));
  th_json_add_text (array, "what", th_event_get_what (event));
  add_known_text (array, "why", th_event_get_why (event));
  add_known_number (array, "code", th_event_get_code (event));
  add_known_text (array, "client", th_event_get_client (event));
  add_known_text (array, "transport", th_event_get_transport (event));
  add_known_text (array, "user", th_event_get_user (event));
  add_known_number (array, "session", th_event_get_session (event));
  json_builder_end_object (array);
}

char *
th_events_to_json (GListModel *events)
{
  g_autoptr (JsonBuilder) array = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_array (array);
  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (events, i);

      add_event (array, event);
    }
  json_builder_end_array (array);
  root = json_builder_get_root (array);
  return json_to_string (root, TRUE);
}
