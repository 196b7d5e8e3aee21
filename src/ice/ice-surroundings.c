/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Gatherer, router and call, one after the other where one needs the other.
 */
#include "ice/ice-surroundings.h"

#include <glib/gi18n.h>

/* Milliseconds for the gatherer once all paths are done, which take more steps than it. */
#define GRACE 500

struct _ThIceSurroundings {
  const ThIceSurroundingsEvents *events;
  gpointer data;
  gint64 start;
  gboolean relay_only;
  ThIceGatherer *gatherer;
  ThIceCall *call;
  GListStore *candidates;
  GListStore *pairs;
  GListStore *samples;
  GPtrArray *servers;
  GCancellable *cancellable;
  ThNatBehaviour *nat; /* nullable: not known yet */
  gboolean gathered;
  guint grace; /* source */
};

/* Short enough for a test that a person waits for. */
static const ThIceMeterPlan plan = {
  .probing = 700000,
  .probe_interval = 10000,
  .patience = 200000,
  .bursting = 300000,
  .max_rate = 20e6,
  .sampling = 125000,
};

static void
copy_items (GListStore *to, GListModel *from, guint position, guint removed, guint added)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < added; i++)
    g_ptr_array_add (items, g_list_model_get_item (from, position + i));
  g_list_store_splice (to, position, removed, items->pdata, added);
}

static void
on_items_changed (GListModel *from, guint position, guint removed, guint added, GListStore *to)
{
  copy_items (to, from, position, removed, added);
}

static void
follow (GListModel *from, GListStore *to)
{
  copy_items (to, from, 0, g_list_model_get_n_items (G_LIST_MODEL (to)),
              g_list_model_get_n_items (from));
  g_signal_connect (from, "items-changed", G_CALLBACK (on_items_changed), to);
}

static void
unfollow (GListModel *from, GListStore *to)
{
  g_signal_handlers_disconnect_by_func (from, on_items_changed, to);
}

static void
on_candidates_changed (GListModel *list,
                       guint position,
                       guint removed,
                       guint added,
                       ThIceSurroundings *self)
{
  for (guint i = 0; i < added; i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (list, position + i);
      const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);
      g_autofree char *text =
          g_strdup_printf ("%s %s:%u", th_ice_candidate_type_get_name (values->type),
                           values->address, values->port);

      self->events->told (text, self->data);
    }
}

static void
on_gatherer_changed (ThIceGatherer *gatherer, GParamSpec *pspec, ThIceSurroundings *self)
{
  if (self->gathered || th_ice_gatherer_is_running (gatherer))
    return;
  g_clear_handle_id (&self->grace, g_source_remove);
  self->gathered = TRUE;
  self->events->gathered (self->data);
}

static gboolean
on_grace_over (gpointer data)
{
  ThIceSurroundings *self = data;

  self->grace = 0;
  th_ice_gatherer_stop (self->gatherer);
  return G_SOURCE_REMOVE;
}

static void
on_nat_known (GObject *source, GAsyncResult *result, gpointer data)
{
  ThNatBehaviour *nat = th_nat_behaviour_discover_finish (result, NULL);
  ThIceSurroundings *self = data;

  if (nat == NULL)
    return; /* cancelled, and so is self gone */
  self->nat = nat;
  if (nat->answered)
    self->events->told (th_nat_behaviour_describe (nat), self->data);
  self->events->nat_known (self->data);
}

static void
on_call_changed (ThIceCall *call, GParamSpec *pspec, ThIceSurroundings *self)
{
  ThIceCallState state = th_ice_call_get_state (call);

  if (state == TH_ICE_CALL_CONNECTING)
    self->events->told (_("Two agents on this machine try to connect"), self->data);
  else if (state == TH_ICE_CALL_MEASURING)
    self->events->told (_("They are connected, and measure the connection"), self->data);
  else if (state == TH_ICE_CALL_DONE || state == TH_ICE_CALL_FAILED)
    self->events->called (self->data);
}

ThIceSurroundings *
th_ice_surroundings_new (GPtrArray *servers,
                         gboolean relay_only,
                         gboolean any_certificate,
                         GListStore *candidates,
                         GListStore *pairs,
                         GListStore *samples,
                         const ThIceSurroundingsEvents *events,
                         gpointer data)
{
  ThIceSurroundings *self = g_new0 (ThIceSurroundings, 1);

  self->events = events;
  self->data = data;
  self->relay_only = relay_only;
  self->servers = g_ptr_array_ref (servers);
  self->candidates = g_object_ref (candidates);
  self->pairs = g_object_ref (pairs);
  self->samples = g_object_ref (samples);
  self->cancellable = g_cancellable_new ();
  self->gatherer = th_ice_gatherer_new (servers, relay_only, any_certificate);
  self->call = th_ice_call_new (servers, relay_only, any_certificate);
  follow (th_ice_gatherer_get_candidates (self->gatherer), candidates);
  follow (th_ice_call_get_pairs (self->call), pairs);
  follow (th_ice_call_get_samples (self->call), samples);
  g_signal_connect (self->gatherer, "notify::running", G_CALLBACK (on_gatherer_changed), self);
  g_signal_connect (self->call, "notify::state", G_CALLBACK (on_call_changed), self);
  g_signal_connect (candidates, "items-changed", G_CALLBACK (on_candidates_changed), self);
  return self;
}

void
th_ice_surroundings_free (ThIceSurroundings *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->grace, g_source_remove);
  g_signal_handlers_disconnect_by_data (self->gatherer, self);
  g_signal_handlers_disconnect_by_data (self->call, self);
  g_signal_handlers_disconnect_by_data (self->candidates, self);
  unfollow (th_ice_gatherer_get_candidates (self->gatherer), self->candidates);
  unfollow (th_ice_call_get_pairs (self->call), self->pairs);
  unfollow (th_ice_call_get_samples (self->call), self->samples);
  th_ice_gatherer_stop (self->gatherer);
  th_ice_call_stop (self->call);
  g_object_unref (self->gatherer);
  g_object_unref (self->call);
  g_object_unref (self->candidates);
  g_object_unref (self->pairs);
  g_object_unref (self->samples);
  g_object_unref (self->cancellable);
  g_ptr_array_unref (self->servers);
  g_free (self->nat);
  g_free (self);
}

void
th_ice_surroundings_look (ThIceSurroundings *self, gint64 start)
{
  self->start = start;
  th_nat_behaviour_discover_async (self->servers, self->cancellable, on_nat_known, self);
  th_ice_gatherer_start (self->gatherer, start);
  on_gatherer_changed (self->gatherer, NULL, self); /* it may have come to its end at once */
}

void
th_ice_surroundings_look_no_longer (ThIceSurroundings *self)
{
  if (!self->gathered && self->grace == 0)
    self->grace = g_timeout_add (GRACE, on_grace_over, self);
}

void
th_ice_surroundings_call (ThIceSurroundings *self)
{
  th_ice_call_start (self->call, self->start, &plan);
}

ThIceFigures
th_ice_surroundings_get_figures (ThIceSurroundings *self)
{
  return th_ice_call_get_figures (self->call);
}

const char *
th_ice_surroundings_describe_nat (ThIceSurroundings *self)
{
  return self->nat != NULL && self->nat->answered ? th_nat_behaviour_describe (self->nat) : "";
}

void
th_ice_surroundings_add_facts (ThIceSurroundings *self, ThIceFacts *facts)
{
  GListModel *candidates = G_LIST_MODEL (self->candidates);
  ThIceCallState state = th_ice_call_get_state (self->call);

  for (guint i = 0; i < g_list_model_get_n_items (candidates); i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (candidates, i);
      ThIceCandidateFacts seen = th_ice_candidate_get_facts (candidate);

      g_array_append_val (facts->candidates, seen);
    }
  facts->gathered = self->gathered;
  facts->called = state == TH_ICE_CALL_DONE || state == TH_ICE_CALL_FAILED;
  facts->connected = state == TH_ICE_CALL_DONE;
  if (self->nat == NULL)
    return;
  facts->mapping = self->nat->mapping;
  facts->filtering = self->nat->filtering;
}
