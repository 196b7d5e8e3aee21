/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One libnice agent a server: an agent drops all but the first relayed candidate of a host, has
 * room for one STUN server, and takes none that a look-up brings later. The first agent shows the
 * host candidates; the others have the same addresses with other ports.
 */
#include "ice/ice-gatherer.h"

#include "ice/ice-agent.h"

struct _ThIceGatherer {
  GObject parent_instance;
  GPtrArray *servers;
  gboolean relay_only;
  gboolean any_certificate;
  GListStore *candidates;
  GHashTable *known; /* a set of texts: candidates */
  GHashTable *foundations;
  GPtrArray *agents; /* of Part */
  ThIceRoutes *routes;
  gint64 start;
  guint n_gathering; /* agents that have not come to their end */
  gboolean all_routes; /* that will ever be known */
  gboolean running, complete;
  guint limit; /* timeout source */
  guint idle;  /* source that ends it from the main loop */
};

/* One agent of a gatherer. */
typedef struct {
  ThIceGatherer *gatherer;
  ThIceAgent *agent;
  gboolean first;
  gboolean done;
} Part;

G_DEFINE_FINAL_TYPE (ThIceGatherer, th_ice_gatherer, G_TYPE_OBJECT)

enum {
  PROP_RUNNING = 1,
  PROP_COMPLETE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
part_free (gpointer data)
{
  Part *part = data;

  th_ice_agent_free (part->agent);
  g_free (part);
}

/* From the main loop: whoever started it should not see it end before that returns. */
static gboolean
on_end (gpointer data)
{
  ThIceGatherer *self = data;

  self->idle = 0;
  self->complete = TRUE;
  th_ice_gatherer_stop (self);
  return G_SOURCE_REMOVE;
}

static void
check_end (ThIceGatherer *self)
{
  if (self->n_gathering == 0 && self->all_routes && self->idle == 0)
    self->idle = g_idle_add (on_end, self);
}

/* What tells a candidate from those that are shown. Relays tell how they see the client, too; that
 * is of interest where no STUN server has told the same. */
static char *
describe (const ThIceCandidateValues *values)
{
  gboolean by_relay = values->server_url != NULL && g_str_has_prefix (values->server_url, "turn");

  if (values->type == TH_ICE_CANDIDATE_SRFLX && by_relay)
    return g_strdup_printf ("%d %s", values->type, values->address);
  return g_strdup_printf ("%d %s %u %s", values->type, values->address, values->port,
                          values->server_url);
}

static void
on_agent_candidate (ThIceCandidate *candidate, const NiceCandidate *raw, gpointer data)
{
  Part *part = data;
  ThIceGatherer *self = part->gatherer;
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  if (values->type == TH_ICE_CANDIDATE_HOST && !part->first)
    return;
  if (!g_hash_table_add (self->known, describe (values)))
    return;
  if (values->type == TH_ICE_CANDIDATE_SRFLX)
    g_hash_table_add (self->known, g_strdup_printf ("%d %s", values->type, values->address));
  g_list_store_append (self->candidates, candidate);
}

static void
on_agent_gathered (gpointer data)
{
  Part *part = data;

  if (part->done)
    return;
  part->done = TRUE;
  part->gatherer->n_gathering--;
  check_end (part->gatherer);
}

static Part *
add_part (ThIceGatherer *self)
{
  static const ThIceAgentEvents events = {
    .candidate = on_agent_candidate,
    .gathered = on_agent_gathered,
  };
  ThIceAgentSetup setup = {
    .relay_only = self->relay_only,
    .start = self->start,
    .foundations = self->foundations,
    .servers_alone = self->agents->len > 0,
  };
  Part *part = g_new0 (Part, 1);

  part->gatherer = self;
  part->first = self->agents->len == 0;
  part->agent = th_ice_agent_new (&setup, &events, part);
  g_ptr_array_add (self->agents, part);
  return part;
}

/* The server whose reflexive candidates belong to the host candidates: one for STUN, else any over
 * UDP. NULL if there is none among the first batch. */
static const ThIceRoute *
choose_first (const GArray *routes)
{
  const ThIceRoute *chosen = NULL;

  for (guint i = 0; i < routes->len; i++)
    {
      const ThIceRoute *route = &g_array_index (routes, ThIceRoute, i);

      if (route->loopback || route->server->transport != TH_ICE_UDP)
        continue;
      if (route->server->kind == TH_ICE_STUN)
        return route;
      if (chosen == NULL)
        chosen = route;
    }
  return chosen;
}

static void
add_parts (ThIceGatherer *self, const GArray *routes)
{
  const ThIceRoute *first = NULL;

  if (self->agents->len == 0)
    {
      Part *part = add_part (self);

      first = choose_first (routes);
      if (first != NULL)
        th_ice_agent_add_route (part->agent, first);
    }
  for (guint i = 0; i < routes->len; i++)
    {
      const ThIceRoute *route = &g_array_index (routes, ThIceRoute, i);

      if (route != first && th_ice_agent_has_use_for (route->server))
        th_ice_agent_add_route (add_part (self)->agent, route);
    }
}

static void
on_routes_found (const GArray *routes, gboolean complete, gpointer data)
{
  ThIceGatherer *self = data;
  guint begun = self->agents->len;

  add_parts (self, routes);
  self->all_routes = complete;
  self->n_gathering += self->agents->len - begun; /* all, before the first is done */
  for (guint i = begun; i < self->agents->len; i++)
    {
      Part *part = self->agents->pdata[i];

      if (!th_ice_agent_gather (part->agent))
        on_agent_gathered (part);
    }
  check_end (self);
}

static gboolean
on_limit (gpointer data)
{
  ThIceGatherer *self = data;

  self->limit = 0;
  th_ice_gatherer_stop (self);
  return G_SOURCE_REMOVE;
}

static void
th_ice_gatherer_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIceGatherer *self = TH_ICE_GATHERER (object);

  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_COMPLETE:
      g_value_set_boolean (value, self->complete);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_gatherer_dispose (GObject *object)
{
  ThIceGatherer *self = TH_ICE_GATHERER (object);

  th_ice_gatherer_stop (self);
  G_OBJECT_CLASS (th_ice_gatherer_parent_class)->dispose (object);
}

static void
th_ice_gatherer_finalize (GObject *object)
{
  ThIceGatherer *self = TH_ICE_GATHERER (object);

  g_ptr_array_unref (self->servers);
  g_ptr_array_unref (self->agents);
  g_hash_table_unref (self->known);
  g_hash_table_unref (self->foundations);
  g_object_unref (self->candidates);
  G_OBJECT_CLASS (th_ice_gatherer_parent_class)->finalize (object);
}

static void
th_ice_gatherer_class_init (ThIceGathererClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_ice_gatherer_get_property;
  object_class->dispose = th_ice_gatherer_dispose;
  object_class->finalize = th_ice_gatherer_finalize;
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_COMPLETE] = g_param_spec_boolean ("complete", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_gatherer_init (ThIceGatherer *self)
{
  self->candidates = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->foundations = th_ice_foundations_new ();
  self->agents = g_ptr_array_new_with_free_func (part_free);
}

ThIceGatherer *
th_ice_gatherer_new (GPtrArray *servers, gboolean relay_only, gboolean any_certificate)
{
  ThIceGatherer *self = g_object_new (TH_TYPE_ICE_GATHERER, NULL);

  self->servers = g_ptr_array_ref (servers);
  self->relay_only = relay_only;
  self->any_certificate = any_certificate;
  return self;
}

GListModel *
th_ice_gatherer_get_candidates (ThIceGatherer *self)
{
  g_return_val_if_fail (TH_IS_ICE_GATHERER (self), NULL);
  return G_LIST_MODEL (self->candidates);
}

static void
set_running (ThIceGatherer *self, gboolean running)
{
  if (self->running == running)
    return;
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

void
th_ice_gatherer_start (ThIceGatherer *self, gint64 start)
{
  g_return_if_fail (TH_IS_ICE_GATHERER (self));
  g_return_if_fail (!self->running);

  g_list_store_remove_all (self->candidates);
  g_hash_table_remove_all (self->known);
  g_hash_table_remove_all (self->foundations);
  self->start = start;
  self->n_gathering = 0;
  self->all_routes = self->complete = FALSE;
  self->limit = g_timeout_add_seconds (TH_ICE_GATHERING_SECONDS, on_limit, self);
  set_running (self, TRUE);
  self->routes = th_ice_routes_new (self->servers, self->any_certificate, on_routes_found, self);
}

void
th_ice_gatherer_stop (ThIceGatherer *self)
{
  g_return_if_fail (TH_IS_ICE_GATHERER (self));

  g_clear_handle_id (&self->limit, g_source_remove);
  g_clear_handle_id (&self->idle, g_source_remove);
  g_ptr_array_set_size (self->agents, 0);
  g_clear_pointer (&self->routes, th_ice_routes_free);
  set_running (self, FALSE);
}

gboolean
th_ice_gatherer_is_running (ThIceGatherer *self)
{
  g_return_val_if_fail (TH_IS_ICE_GATHERER (self), FALSE);
  return self->running;
}

gboolean
th_ice_gatherer_is_complete (ThIceGatherer *self)
{
  g_return_val_if_fail (TH_IS_ICE_GATHERER (self), FALSE);
  return self->complete;
}
