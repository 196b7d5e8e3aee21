/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnections: what is live changes whenever a worker says so; what is shown follows it at the
 * next tick, so that views work twice a second at most however many come and go. As a list that
 * changes is work for them, too, a tick takes a step at a time, with frames between the steps.
 */
#include "panel/connections.h"

#include "panel/search-text.h"

#define TICK_MS   500
#define STEP_MS   20   /* a frame fits in between */
#define BUDGET_US 1500 /* of a step, after which it leaves the rest to the next */
#define NO_HURRY  G_MAXINT64

struct _ThConnections {
  GObject parent_instance;
  GListModel *live;
  GListStore *shown;
  GtkFilter *filter;
  GListModel *found;
  GHashTable *relayed; /* ThAddress → ThSession, of those shown */
  ThConnectionsRefresh refresh;
  gpointer refresh_data;
  char *search; /* as it was typed */
  char *folded; /* the same, to look for */
  ThSession *selected;
  guint timer, step;
  gboolean paused;
  gboolean stale; /* what is live is another list than what is shown */
};

G_DEFINE_FINAL_TYPE (ThConnections, th_connections, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_PAUSED,
  PROP_SEARCH,
  PROP_SELECTED,
  N_PROPERTIES
};
static GParamSpec *properties[N_PROPERTIES];

enum {
  SIGNAL_UPDATED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static GHashTable *
list_live (ThConnections *self)
{
  GHashTable *live = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
  guint n = g_list_model_get_n_items (self->live);
  for (guint i = 0; i < n; i++)
    g_hash_table_add (live, g_list_model_get_item (self->live, i));
  return live;
}

/* Neighbours go at once. Returns: whether all are gone; else it was @until. */
static gboolean
drop_ended (ThConnections *self, gint64 until)
{
  g_autoptr (GHashTable) live = list_live (self);
  guint run = 0;
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (self->shown)); i > 0; i--)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (G_LIST_MODEL (self->shown), i - 1);
      if (!g_hash_table_contains (live, session))
        {
          run++;
          continue;
        }
      if (run == 0)
        continue;
      g_list_store_splice (self->shown, i, run, NULL, 0);
      run = 0;
      if (g_get_monotonic_time () >= until)
        return FALSE;
    }
  if (run > 0)
    g_list_store_splice (self->shown, 0, run, NULL, 0);
  return TRUE;
}

/* What is live keeps its order and grows at its end, so what is new belongs at the end here too. */
static void
append_new (ThConnections *self)
{
  g_autoptr (GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_live = g_list_model_get_n_items (self->live);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  for (guint i = n; i < n_live; i++)
    g_ptr_array_add (fresh, g_list_model_get_item (self->live, i));
  if (fresh->len > 0)
    g_list_store_splice (self->shown, n, 0, fresh->pdata, fresh->len);
}

static void
map_relayed (ThConnections *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  g_hash_table_remove_all (self->relayed);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (G_LIST_MODEL (self->shown), i);
      const ThTurnRecord *record = th_session_get_record (session);
      for (guint j = 0; j < G_N_ELEMENTS (record->relayed); j++)
        {
          if (th_address_is_set (&record->relayed[j]))
            g_hash_table_insert (self->relayed, (gpointer) &record->relayed[j], session);
        }
    }
}

static gboolean
is_found (gpointer item, gpointer data)
{
  ThConnections *self = data;
  g_autofree char *peers = NULL;
  g_autofree char *relayed = NULL;

  if (!*self->folded || th_search_is_in (th_session_get_user (item), self->folded) ||
      th_search_is_in (th_session_get_client (item), self->folded))
    return TRUE;
  g_object_get (item, "peers", &peers, "relayed", &relayed, NULL);
  return th_search_is_in (peers, self->folded) || th_search_is_in (relayed, self->folded);
}

/* The list first, then what is made of it. Returns: whether all is done, and told */
static gboolean
take_step (ThConnections *self, gint64 until)
{
  if (self->stale)
    {
      if (!drop_ended (self, until))
        return FALSE;
      self->stale = FALSE;
      append_new (self);
      map_relayed (self);
      if (until != NO_HURRY)
        return FALSE;
    }
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
  return TRUE;
}

static gboolean
on_step_due (gpointer data)
{
  ThConnections *self = data;
  if (!self->paused && !take_step (self, g_get_monotonic_time () + BUDGET_US))
    return G_SOURCE_CONTINUE;
  self->step = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
on_timer_tick (gpointer data)
{
  ThConnections *self = data;
  if (self->paused || self->step != 0)
    return G_SOURCE_CONTINUE;
  self->refresh (self->refresh_data);
  if (!take_step (self, g_get_monotonic_time () + BUDGET_US))
    self->step = g_timeout_add (STEP_MS, on_step_due, self);
  return G_SOURCE_CONTINUE;
}

static void
on_live_changed (ThConnections *self)
{
  self->stale = TRUE;
}

static void
set_paused (ThConnections *self, gboolean paused)
{
  if (paused == self->paused)
    return;
  self->paused = paused;
  th_connections_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSED]);
}

static void
th_connections_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThConnections *self = TH_CONNECTIONS (object);
  switch (id)
    {
    case PROP_PAUSED:
      g_value_set_boolean (value, self->paused);
      break;
    case PROP_SEARCH:
      g_value_set_string (value, self->search);
      break;
    case PROP_SELECTED:
      g_value_set_object (value, self->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_connections_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ThConnections *self = TH_CONNECTIONS (object);
  switch (id)
    {
    case PROP_PAUSED:
      set_paused (self, g_value_get_boolean (value));
      break;
    case PROP_SEARCH:
      th_connections_set_search (self, g_value_get_string (value));
      break;
    case PROP_SELECTED:
      th_connections_select (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_connections_finalize (GObject *object)
{
  ThConnections *self = TH_CONNECTIONS (object);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_handle_id (&self->step, g_source_remove);
  g_clear_object (&self->selected);
  g_hash_table_unref (self->relayed);
  g_object_unref (self->found);
  g_object_unref (self->shown);
  g_clear_object (&self->live);
  g_free (self->search);
  g_free (self->folded);
  G_OBJECT_CLASS (th_connections_parent_class)->finalize (object);
}

static void
th_connections_class_init (ThConnectionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_connections_get_property;
  object_class->set_property = th_connections_set_property;
  object_class->finalize = th_connections_finalize;
  properties[PROP_PAUSED] = g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags);
  properties[PROP_SEARCH] = g_param_spec_string ("search", NULL, NULL, "", flags);
  properties[PROP_SELECTED] =
      g_param_spec_object ("selected", NULL, NULL, TH_TYPE_SESSION, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[SIGNAL_UPDATED] = g_signal_new ("updated", TH_TYPE_CONNECTIONS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_connections_init (ThConnections *self)
{
  self->search = g_strdup ("");
  self->folded = g_strdup ("");
  self->relayed = g_hash_table_new (th_connections_hash_address, th_connections_equal_addresses);
  self->shown = g_list_store_new (TH_TYPE_SESSION);
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_found, self, NULL));
  self->found = G_LIST_MODEL (gtk_filter_list_model_new (
      G_LIST_MODEL (g_object_ref (self->shown)), self->filter));
}

ThConnections *
th_connections_new (GListModel *live, ThConnectionsRefresh refresh, gpointer data)
{
  ThConnections *self = g_object_new (TH_TYPE_CONNECTIONS, NULL);
  self->live = g_object_ref (live);
  self->refresh = refresh;
  self->refresh_data = data;
  self->stale = TRUE;
  g_signal_connect_object (live, "items-changed", G_CALLBACK (on_live_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
th_connections_set_active (ThConnections *self, gboolean active)
{
  g_return_if_fail (TH_IS_CONNECTIONS (self));
  if (active == (self->timer != 0))
    return;
  if (active)
    {
      self->timer = g_timeout_add (TICK_MS, on_timer_tick, self);
      th_connections_update (self);
    }
  else
    {
      g_clear_handle_id (&self->timer, g_source_remove);
      g_clear_handle_id (&self->step, g_source_remove);
    }
}

void
th_connections_update (ThConnections *self)
{
  g_return_if_fail (TH_IS_CONNECTIONS (self));
  if (self->paused)
    return;
  g_clear_handle_id (&self->step, g_source_remove);
  self->refresh (self->refresh_data);
  take_step (self, NO_HURRY);
}

GListModel *
th_connections_get_found (ThConnections *self)
{
  return self->found;
}

guint
th_connections_count (ThConnections *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

void
th_connections_set_search (ThConnections *self, const char *search)
{
  g_return_if_fail (TH_IS_CONNECTIONS (self));
  if (g_str_equal (search ? search : "", self->search))
    return;
  g_free (self->search);
  g_free (self->folded);
  self->search = g_strdup (search ? search : "");
  self->folded = th_search_fold (self->search);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  g_signal_emit (self, signals[SIGNAL_UPDATED], 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH]);
}

gboolean
th_connections_is_paused (ThConnections *self)
{
  return self->paused;
}

void
th_connections_select (ThConnections *self, ThSession *session)
{
  g_return_if_fail (TH_IS_CONNECTIONS (self));
  if (g_set_object (&self->selected, session))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

ThSession *
th_connections_get_selected (ThConnections *self)
{
  return self->selected;
}

ThSession *
th_connections_find_relayed (ThConnections *self, const ThAddress *address)
{
  return g_hash_table_lookup (self->relayed, address);
}

guint
th_connections_hash_address (gconstpointer data)
{
  gsize length;
  const guint8 *bytes = th_address_bytes (data, &length);
  guint hash = th_address_port (data);
  for (gsize i = 0; i < length; i++)
    hash = hash * 33 + bytes[i];
  return hash;
}

gboolean
th_connections_equal_addresses (gconstpointer a, gconstpointer b)
{
  return th_address_equal (a, b);
}
