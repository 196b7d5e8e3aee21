/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two agents and the meter between them.
 */
#include "ice/ice-call.h"

#include "ice/ice-agent.h"

#define TICK 5              /* milliseconds */
#define LOOKUP_PATIENCE 3   /* seconds: then it goes on with the servers whose address is known */
#define PAIRS_MAX 500

/* One of the two. */
typedef struct {
  ThIceCall *call;
  guint side; /* 0: who calls */
  ThIceAgent *agent;
  GPtrArray *candidates; /* of ThIceCandidate, as the pairs of the caller have them */
  gboolean ready;
} End;

struct _ThIceCall {
  GObject parent_instance;
  GPtrArray *servers;
  gboolean relay_only;
  gboolean any_certificate;
  ThIceCallState state;
  GListStore *pairs;
  GListStore *samples;
  ThIcePair *selected; /* nullable */
  ThIceRoutes *routes;
  GArray *found; /* of ThIceRoute */
  GHashTable *foundations;
  End ends[2];
  ThIceMeter *meter; /* nullable */
  ThIceMeterPlan plan;
  ThIceFigures figures;
  gint64 start;      /* of the test */
  gint64 begun;      /* of the call */
  gint64 connecting; /* how long it took; -1: not connected */
  guint limit;       /* timeout sources */
  guint tick;
};

G_DEFINE_FINAL_TYPE (ThIceCall, th_ice_call, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static const ThIceFigures no_figures = { .rtt_p50 = -1, .rtt_p95 = -1 };

static void
set_state (ThIceCall *self, ThIceCallState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

/* ---- pairs ---- */

static gboolean
is_ipv6 (ThIceCandidate *candidate)
{
  ThIceCandidateFacts facts = th_ice_candidate_get_facts (candidate);

  return th_address_is_ipv6 (&facts.address);
}

/* Reflexive candidates send from their base, which is a host candidate: no pair of their own (RFC
 * 8445, section 6.1.2.4). */
static void
add_pair (ThIceCall *self, ThIceCandidate *local, ThIceCandidate *remote)
{
  g_autoptr (ThIcePair) pair = NULL;

  if (th_ice_candidate_get_values (local)->type == TH_ICE_CANDIDATE_SRFLX ||
      is_ipv6 (local) != is_ipv6 (remote) ||
      g_list_model_get_n_items (G_LIST_MODEL (self->pairs)) >= PAIRS_MAX)
    return;
  pair = th_ice_pair_new (local, remote);
  g_list_store_append (self->pairs, pair);
}

static void
set_all_pairs (ThIceCall *self, ThIcePairState from, ThIcePairState to)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->pairs)); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), i);

      if (th_ice_pair_get_state (pair) == from)
        th_ice_pair_set_state (pair, to);
    }
}

static gboolean
is_at (ThIceCandidate *candidate, const NiceCandidate *raw)
{
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
  char text[NICE_ADDRESS_STRING_LEN];

  nice_address_to_string (&raw->addr, text);
  return values->port == nice_address_get_port (&raw->addr) && g_str_equal (values->address, text);
}

/* Returns: (transfer full) (nullable) */
static ThIcePair *
take_pair (ThIceCall *self, const NiceCandidate *local, const NiceCandidate *remote)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->pairs)); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), i);

      if (!is_at (th_ice_pair_get_local (pair), local) ||
          !is_at (th_ice_pair_get_remote (pair), remote))
        continue;
      g_list_store_remove (self->pairs, i);
      return g_steal_pointer (&pair);
    }
  return NULL;
}

/* A candidate that nobody told: it showed when a packet came from there. */
static ThIceCandidate *
discover (ThIceCall *self, const NiceCandidate *raw, gboolean remote)
{
  char text[NICE_ADDRESS_STRING_LEN];
  ThIceCandidateValues values = {
    .time = g_get_monotonic_time () - self->start,
    .remote = remote,
    .type = TH_ICE_CANDIDATE_PRFLX,
    .foundation = raw->foundation,
    .component = raw->component_id,
    .address = text,
    .port = nice_address_get_port (&raw->addr),
    .priority = raw->priority,
  };

  nice_address_to_string (&raw->addr, text);
  return th_ice_candidate_new (&values);
}

static ThIceCandidate *
find_candidate (ThIceCall *self, guint side, const NiceCandidate *raw)
{
  const GPtrArray *candidates = self->ends[side].candidates;

  for (guint i = 0; i < candidates->len; i++)
    {
      if (is_at (candidates->pdata[i], raw))
        return g_object_ref (candidates->pdata[i]);
    }
  return discover (self, raw, side == 1);
}

/* It stands first from now on. */
static void
select_pair (ThIceCall *self, const NiceCandidate *local, const NiceCandidate *remote)
{
  ThIcePair *pair = take_pair (self, local, remote);

  if (pair == NULL)
    {
      g_autoptr (ThIceCandidate) near = find_candidate (self, 0, local);
      g_autoptr (ThIceCandidate) far = find_candidate (self, 1, remote);

      pair = th_ice_pair_new (near, far);
    }
  if (self->selected != NULL)
    th_ice_pair_set_selected (self->selected, FALSE);
  th_ice_pair_set_state (pair, TH_ICE_PAIR_SUCCEEDED);
  th_ice_pair_set_selected (pair, TRUE);
  g_list_store_insert (self->pairs, 0, pair);
  g_set_object (&self->selected, pair);
  g_object_unref (pair);
}

/* ---- the end ---- */

static void
clear_run (ThIceCall *self)
{
  g_clear_handle_id (&self->limit, g_source_remove);
  g_clear_handle_id (&self->tick, g_source_remove);
  if (self->meter != NULL)
    self->figures = th_ice_meter_get_figures (self->meter);
  g_clear_pointer (&self->meter, th_ice_meter_free);
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    g_clear_pointer (&self->ends[i].agent, th_ice_agent_free);
  g_clear_pointer (&self->routes, th_ice_routes_free);
}

static void
finish (ThIceCall *self, ThIceCallState state)
{
  clear_run (self);
  if (state == TH_ICE_CALL_FAILED)
    {
      set_all_pairs (self, TH_ICE_PAIR_WAITING, TH_ICE_PAIR_FAILED);
      set_all_pairs (self, TH_ICE_PAIR_IN_PROGRESS, TH_ICE_PAIR_FAILED);
    }
  else
    set_all_pairs (self, TH_ICE_PAIR_IN_PROGRESS, TH_ICE_PAIR_WAITING);
  set_state (self, state);
}

/* ---- measuring ---- */

static gboolean
on_meter_send (guint side, const guint8 *bytes, gsize length, gpointer data)
{
  ThIceCall *self = data;

  return th_ice_agent_send (self->ends[side].agent, bytes, length);
}

static void
on_meter_sample (const ThIceSampleValues *values, gpointer data)
{
  ThIceCall *self = data;
  g_autoptr (ThIceSample) sample = th_ice_sample_new (values);

  g_list_store_append (self->samples, sample);
}

static gboolean
on_tick (gpointer data)
{
  g_autoptr (ThIceCall) self = g_object_ref (data); /* whoever hears of a sample may let it go */

  if (th_ice_meter_tick (self->meter, g_get_monotonic_time ()))
    return G_SOURCE_CONTINUE;
  finish (self, TH_ICE_CALL_DONE);
  return G_SOURCE_REMOVE;
}

static void
begin_measuring (ThIceCall *self)
{
  static const ThIceMeterEvents events = { .send = on_meter_send, .sample = on_meter_sample };
  gint64 now = g_get_monotonic_time ();

  g_clear_handle_id (&self->limit, g_source_remove);
  self->connecting = now - self->begun;
  self->meter = th_ice_meter_new (&self->plan, now, &events, self);
  self->tick = g_timeout_add (TICK, on_tick, self);
  set_state (self, TH_ICE_CALL_MEASURING);
}

/* ---- what agents tell ---- */

static ThIceCandidate *
make_remote (ThIceCandidate *candidate)
{
  ThIceCandidateValues values = *th_ice_candidate_get_values (candidate);

  values.remote = TRUE;
  return th_ice_candidate_new (&values);
}

static void
on_candidate (ThIceCandidate *candidate, const NiceCandidate *raw, gpointer data)
{
  End *end = data;
  ThIceCall *self = end->call;
  End *other = &self->ends[!end->side];
  ThIceCandidate *kept = end->side == 0 ? g_object_ref (candidate) : make_remote (candidate);

  g_ptr_array_add (end->candidates, kept);
  for (guint i = 0; i < other->candidates->len; i++)
    {
      if (end->side == 0)
        add_pair (self, kept, other->candidates->pdata[i]);
      else
        add_pair (self, other->candidates->pdata[i], kept);
    }
  if (other->agent != NULL)
    th_ice_agent_add_remote (other->agent, raw);
}

static void
on_gathered (gpointer data)
{
  End *end = data;
  End *other = &end->call->ends[!end->side];

  if (other->agent != NULL)
    th_ice_agent_end_remote (other->agent);
}

static void
on_state (NiceComponentState state, gpointer data)
{
  End *end = data;
  ThIceCall *self = end->call;

  if (self->state != TH_ICE_CALL_CONNECTING)
    return;
  if (state == NICE_COMPONENT_STATE_CONNECTING && end->side == 0)
    set_all_pairs (self, TH_ICE_PAIR_WAITING, TH_ICE_PAIR_IN_PROGRESS);
  else if (state == NICE_COMPONENT_STATE_FAILED)
    finish (self, TH_ICE_CALL_FAILED);
  else if (state == NICE_COMPONENT_STATE_READY)
    {
      end->ready = TRUE;
      if (self->ends[0].ready && self->ends[1].ready && self->meter == NULL)
        begin_measuring (self);
    }
}

static void
on_selected (const NiceCandidate *local, const NiceCandidate *remote, gpointer data)
{
  End *end = data;

  if (end->side == 0)
    select_pair (end->call, local, remote);
}

static void
on_received (const guint8 *bytes, gsize length, gpointer data)
{
  End *end = data;

  if (end->call->meter != NULL)
    th_ice_meter_received (end->call->meter, end->side, bytes, length, g_get_monotonic_time ());
}

/* ---- connecting ---- */

static void
make_agent (ThIceCall *self, guint side)
{
  static const ThIceAgentEvents events = {
    .candidate = on_candidate,
    .gathered = on_gathered,
    .state = on_state,
    .selected = on_selected,
    .received = on_received,
  };
  ThIceAgentSetup setup = {
    .relay_only = self->relay_only,
    .controlling = side == 0,
    .start = self->start,
    .foundations = self->foundations,
  };
  End *end = &self->ends[side];

  end->agent = th_ice_agent_new (&setup, &events, end);
  for (guint i = 0; i < self->found->len; i++)
    th_ice_agent_add_route (end->agent, &g_array_index (self->found, ThIceRoute, i));
}

static void
introduce (ThIceAgent *self, ThIceAgent *other)
{
  g_autofree char *name = NULL, *password = NULL;

  th_ice_agent_get_login (self, &name, &password);
  th_ice_agent_set_remote_login (other, name, password);
}

static gboolean
on_limit (gpointer data)
{
  ThIceCall *self = data;

  self->limit = 0;
  finish (self, TH_ICE_CALL_FAILED);
  return G_SOURCE_REMOVE;
}

static void
connect_ends (ThIceCall *self)
{
  g_clear_handle_id (&self->limit, g_source_remove);
  self->limit = g_timeout_add_seconds (TH_ICE_CONNECTING_SECONDS, on_limit, self);
  make_agent (self, 0);
  make_agent (self, 1);
  introduce (self->ends[0].agent, self->ends[1].agent);
  introduce (self->ends[1].agent, self->ends[0].agent);
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    {
      if (self->ends[i].agent == NULL)
        return; /* somebody who heard of a candidate has stopped the call */
      if (!th_ice_agent_gather (self->ends[i].agent))
        {
          finish (self, TH_ICE_CALL_FAILED);
          return;
        }
    }
}

static gboolean
on_looked_up_enough (gpointer data)
{
  ThIceCall *self = data;

  self->limit = 0;
  connect_ends (self);
  return G_SOURCE_REMOVE;
}

/* Agents take servers before they gather, so all names have to be known first. */
static void
on_routes_found (const GArray *routes, gboolean complete, gpointer data)
{
  ThIceCall *self = data;

  if (self->ends[0].agent != NULL)
    return; /* too late */
  g_array_append_vals (self->found, routes->data, routes->len);
  if (!complete)
    return;
  g_clear_handle_id (&self->limit, g_source_remove);
  self->limit = g_idle_add (on_looked_up_enough, self);
}

static void
th_ice_call_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_STATE)
    g_value_set_uint (value, TH_ICE_CALL (object)->state);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
th_ice_call_dispose (GObject *object)
{
  clear_run (TH_ICE_CALL (object));
  G_OBJECT_CLASS (th_ice_call_parent_class)->dispose (object);
}

static void
th_ice_call_finalize (GObject *object)
{
  ThIceCall *self = TH_ICE_CALL (object);

  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    g_ptr_array_unref (self->ends[i].candidates);
  g_ptr_array_unref (self->servers);
  g_array_unref (self->found);
  g_hash_table_unref (self->foundations);
  g_clear_object (&self->selected);
  g_object_unref (self->pairs);
  g_object_unref (self->samples);
  G_OBJECT_CLASS (th_ice_call_parent_class)->finalize (object);
}

static void
th_ice_call_class_init (ThIceCallClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_ice_call_get_property;
  object_class->dispose = th_ice_call_dispose;
  object_class->finalize = th_ice_call_finalize;
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, TH_ICE_CALL_STOPPED, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_call_init (ThIceCall *self)
{
  self->pairs = g_list_store_new (TH_TYPE_ICE_PAIR);
  self->samples = g_list_store_new (TH_TYPE_ICE_SAMPLE);
  self->found = g_array_new (FALSE, FALSE, sizeof (ThIceRoute));
  self->foundations = th_ice_foundations_new ();
  self->figures = no_figures;
  self->connecting = -1;
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    {
      self->ends[i].call = self;
      self->ends[i].side = i;
      self->ends[i].candidates = g_ptr_array_new_with_free_func (g_object_unref);
    }
}

ThIceCall *
th_ice_call_new (GPtrArray *servers, gboolean relay_only, gboolean any_certificate)
{
  ThIceCall *self = g_object_new (TH_TYPE_ICE_CALL, NULL);

  self->servers = g_ptr_array_ref (servers);
  self->relay_only = relay_only;
  self->any_certificate = any_certificate;
  return self;
}

ThIceCallState
th_ice_call_get_state (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), TH_ICE_CALL_IDLE);
  return self->state;
}

GListModel *
th_ice_call_get_pairs (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), NULL);
  return G_LIST_MODEL (self->pairs);
}

GListModel *
th_ice_call_get_samples (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), NULL);
  return G_LIST_MODEL (self->samples);
}

ThIcePair *
th_ice_call_get_selected (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), NULL);
  return self->selected;
}

gint64
th_ice_call_get_connecting_time (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), -1);
  return self->connecting;
}

ThIceFigures
th_ice_call_get_figures (ThIceCall *self)
{
  g_return_val_if_fail (TH_IS_ICE_CALL (self), no_figures);
  return self->meter != NULL ? th_ice_meter_get_figures (self->meter) : self->figures;
}

void
th_ice_call_start (ThIceCall *self, gint64 start, const ThIceMeterPlan *plan)
{
  g_return_if_fail (TH_IS_ICE_CALL (self));
  g_return_if_fail (self->state != TH_ICE_CALL_CONNECTING && self->state != TH_ICE_CALL_MEASURING);

  g_list_store_remove_all (self->pairs);
  g_list_store_remove_all (self->samples);
  g_clear_object (&self->selected);
  g_array_set_size (self->found, 0);
  g_hash_table_remove_all (self->foundations);
  for (guint i = 0; i < G_N_ELEMENTS (self->ends); i++)
    {
      g_ptr_array_set_size (self->ends[i].candidates, 0);
      self->ends[i].ready = FALSE;
    }
  self->figures = no_figures;
  self->connecting = -1;
  self->plan = plan != NULL ? *plan : th_ice_meter_usual;
  self->start = start;
  self->begun = g_get_monotonic_time ();
  set_state (self, TH_ICE_CALL_CONNECTING);
  self->limit = g_timeout_add_seconds (LOOKUP_PATIENCE, on_looked_up_enough, self);
  self->routes = th_ice_routes_new (self->servers, self->any_certificate, on_routes_found, self);
}

void
th_ice_call_stop (ThIceCall *self)
{
  g_return_if_fail (TH_IS_ICE_CALL (self));

  if (self->state == TH_ICE_CALL_CONNECTING || self->state == TH_ICE_CALL_MEASURING)
    finish (self, TH_ICE_CALL_STOPPED);
}
