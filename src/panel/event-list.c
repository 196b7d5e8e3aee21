/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A filter on the log. What came after the list was held is told by its number.
 */
#include "panel/event-list.h"

#include "panel/search-text.h"

struct _ThEventList {
  GObject parent_instance;
  ThEventLog *log;
  GtkCustomFilter *filter; /* held by the model */
  GtkFilterListModel *shown;
  ThEventSeverity severity;
  guint64 session;
  char *search; /* folded */
  guint last;   /* number of the newest event that may be shown; G_MAXUINT: not held */
  guint waiting;
};

G_DEFINE_FINAL_TYPE (ThEventList, th_event_list, G_TYPE_OBJECT)

enum {
  PROP_WAITING = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static gboolean
is_wanted (ThEventList *self, ThEvent *event)
{
  if (th_event_get_severity (event) < self->severity ||
      (self->session != 0 && th_event_get_session (event) != self->session))
    return FALSE;
  return !*self->search || th_search_is_in (th_event_get_what (event), self->search) ||
         th_search_is_in (th_event_get_why (event), self->search) ||
         th_search_is_in (th_event_get_user (event), self->search) ||
         th_search_is_in (th_event_get_client (event), self->search);
}

static gboolean
is_shown (gpointer item, gpointer data)
{
  ThEventList *self = data;
  return th_event_get_number (item) <= self->last && is_wanted (self, item);
}

/* Those that wait are near the beginning, but events of workers may come late. */
static void
count_waiting (ThEventList *self)
{
  GListModel *log = G_LIST_MODEL (self->log);
  guint n = self->last == G_MAXUINT ? 0 : g_list_model_get_n_items (log);
  guint waiting = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (log, i);
      waiting += th_event_get_number (event) > self->last && is_wanted (self, event);
    }
  if (waiting == self->waiting)
    return;
  self->waiting = waiting;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WAITING]);
}

static void
filter_anew (ThEventList *self)
{
  gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_DIFFERENT);
  count_waiting (self);
}

static guint
newest_number (ThEventList *self)
{
  GListModel *log = G_LIST_MODEL (self->log);
  guint newest = 0;
  for (guint i = 0; i < g_list_model_get_n_items (log); i++)
    {
      g_autoptr (ThEvent) event = g_list_model_get_item (log, i);
      newest = MAX (newest, th_event_get_number (event));
    }
  return newest;
}

static void
th_event_list_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_WAITING:
      g_value_set_uint (value, TH_EVENT_LIST (object)->waiting);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_event_list_finalize (GObject *object)
{
  ThEventList *self = TH_EVENT_LIST (object);
  g_clear_object (&self->shown);
  g_clear_object (&self->log);
  g_free (self->search);
  G_OBJECT_CLASS (th_event_list_parent_class)->finalize (object);
}

static void
th_event_list_class_init (ThEventListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = th_event_list_get_property;
  object_class->finalize = th_event_list_finalize;
  properties[PROP_WAITING] =
      g_param_spec_uint ("waiting", NULL, NULL, 0, G_MAXUINT, 0,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_event_list_init (ThEventList *self)
{
  self->search = g_strdup ("");
  self->last = G_MAXUINT;
}

ThEventList *
th_event_list_new (ThEventLog *log)
{
  ThEventList *self = g_object_new (TH_TYPE_EVENT_LIST, NULL);
  self->log = g_object_ref (log);
  self->filter = gtk_custom_filter_new (is_shown, self, NULL);
  self->shown =
      gtk_filter_list_model_new (G_LIST_MODEL (g_object_ref (log)), GTK_FILTER (self->filter));
  g_signal_connect_object (log, "items-changed", G_CALLBACK (count_waiting), self,
                           G_CONNECT_SWAPPED);
  return self;
}

GListModel *
th_event_list_get_shown (ThEventList *self)
{
  return G_LIST_MODEL (self->shown);
}

void
th_event_list_set_severity (ThEventList *self, ThEventSeverity severity)
{
  g_return_if_fail (TH_IS_EVENT_LIST (self));
  if (self->severity == severity)
    return;
  self->severity = severity;
  filter_anew (self);
}

void
th_event_list_set_search (ThEventList *self, const char *text)
{
  g_return_if_fail (TH_IS_EVENT_LIST (self));
  g_autofree char *folded = th_search_fold (text);
  if (g_str_equal (folded, self->search))
    return;
  g_free (self->search);
  self->search = g_steal_pointer (&folded);
  filter_anew (self);
}

void
th_event_list_set_session (ThEventList *self, guint64 session)
{
  g_return_if_fail (TH_IS_EVENT_LIST (self));
  if (self->session == session)
    return;
  self->session = session;
  filter_anew (self);
}

gboolean
th_event_list_is_filtered (ThEventList *self)
{
  return self->severity != TH_EVENT_INFO || self->session != 0 || *self->search;
}

void
th_event_list_set_held (ThEventList *self, gboolean held)
{
  g_return_if_fail (TH_IS_EVENT_LIST (self));
  if (held == (self->last != G_MAXUINT))
    return;
  self->last = held ? newest_number (self) : G_MAXUINT;
  if (!held)
    gtk_filter_changed (GTK_FILTER (self->filter), GTK_FILTER_CHANGE_LESS_STRICT);
  count_waiting (self);
}

guint
th_event_list_get_waiting (ThEventList *self)
{
  return self->waiting;
}
