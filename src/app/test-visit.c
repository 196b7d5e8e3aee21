/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts together what single messages tell.
 */
#include "app/test-visit.h"

#include "app/test-device.h"
#include "app/test-words.h"
#include "ice/ice-sample.h"

struct _ThTestVisit {
  GObject parent_instance;
  char *name;
  gint64 began;
  ThAddress address;
  gboolean outside;
  gboolean gathered;
  ThTestVisitState state;
  ThIceVerdict verdict;
  ThTestWayState ways[TH_TEST_N_WAYS];
  gint64 took[TH_TEST_N_WAYS];
  ThTestFigures figures;
  GListStore *candidates;
  GListStore *pairs;
  GListStore *samples;
  GPtrArray *problems; /* char *, and NULL */
};

enum { PROP_NAME = 1, PROP_STATE, PROP_VERDICT, N_PROPERTIES };

static GParamSpec *properties[N_PROPERTIES];
static guint changed_signal;

G_DEFINE_FINAL_TYPE (ThTestVisit, th_test_visit, G_TYPE_OBJECT)

static void
set_state (ThTestVisit *self, ThTestVisitState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
}

static gboolean
is_same (ThIceCandidate *a, ThIceCandidate *b)
{
  const ThIceCandidateValues *one = th_ice_candidate_get_values (a);
  const ThIceCandidateValues *other = th_ice_candidate_get_values (b);

  return one->type == other->type && one->tcp == other->tcp && one->port == other->port &&
         g_strcmp0 (one->address, other->address) == 0 &&
         g_strcmp0 (one->relay_protocol, other->relay_protocol) == 0;
}

/* Each of the connections that a page makes finds the same ones. */
static void
add_candidate (ThTestVisit *self, ThIceCandidate *candidate)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->candidates));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThIceCandidate) known =
          g_list_model_get_item (G_LIST_MODEL (self->candidates), i);

      if (is_same (known, candidate))
        return;
    }
  if (n < TH_TEST_VISIT_CANDIDATES_MAX)
    g_list_store_append (self->candidates, candidate);
}

/* Browsers tell once for each address of a server. */
static void
add_problem (ThTestVisit *self, const ThTestMessage *message)
{
  g_autofree char *words = th_test_words_for_problem (message);
  guint n = self->problems->len - 1;

  if (n == TH_TEST_VISIT_PROBLEMS_MAX ||
      g_strv_contains ((const char *const *) self->problems->pdata, words))
    return;
  g_ptr_array_insert (self->problems, (int) n, g_steal_pointer (&words));
}

/* A message of the page's need not have all of them. */
static void
take_figures (ThTestVisit *self, const ThTestFigures *figures)
{
  double *const own[] = { &self->figures.rtt, &self->figures.rtt_p95, &self->figures.jitter,
                          &self->figures.loss, &self->figures.throughput };
  const double told[] = { figures->rtt, figures->rtt_p95, figures->jitter, figures->loss,
                          figures->throughput };

  for (guint i = 0; i < G_N_ELEMENTS (own); i++)
    if (told[i] >= 0)
      *own[i] = told[i];
}

static void
add_sample (ThTestVisit *self, const ThTestMessage *message)
{
  const ThTestFigures *figures = &message->figures;
  ThIceSampleValues values = {
    .time = message->time,
    .rtt = figures->rtt >= 0 ? (gint64) (figures->rtt * 1000) : -1,
    .jitter = (gint64) (MAX (figures->jitter, 0) * 1000),
    .loss = MAX (figures->loss, 0),
    .throughput = MAX (figures->throughput, 0),
  };
  g_autoptr (ThIceSample) sample = th_ice_sample_new (&values);

  if (g_list_model_get_n_items (G_LIST_MODEL (self->samples)) < TH_TEST_VISIT_SAMPLES_MAX)
    g_list_store_append (self->samples, sample);
}

static void
th_test_visit_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThTestVisit *self = TH_TEST_VISIT (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_VERDICT:
      g_value_set_uint (value, self->verdict);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_test_visit_finalize (GObject *object)
{
  ThTestVisit *self = TH_TEST_VISIT (object);

  g_free (self->name);
  g_clear_object (&self->candidates);
  g_clear_object (&self->pairs);
  g_clear_object (&self->samples);
  g_clear_pointer (&self->problems, g_ptr_array_unref);
  G_OBJECT_CLASS (th_test_visit_parent_class)->finalize (object);
}

static void
th_test_visit_class_init (ThTestVisitClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_test_visit_get_property;
  object_class->finalize = th_test_visit_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, TH_TEST_VISIT_LOST, 0, flags);
  properties[PROP_VERDICT] =
      g_param_spec_uint ("verdict", NULL, NULL, 0, TH_ICE_VERDICT_BAD, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  changed_signal = g_signal_new ("changed", TH_TYPE_TEST_VISIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
th_test_visit_init (ThTestVisit *self)
{
  self->began = g_get_real_time ();
  self->figures = (ThTestFigures) { -1, -1, -1, -1, -1 };
  self->candidates = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  self->pairs = g_list_store_new (TH_TYPE_ICE_PAIR);
  self->samples = g_list_store_new (TH_TYPE_ICE_SAMPLE);
  self->problems = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->problems, NULL);
}

ThTestVisit *
th_test_visit_new (const char *user_agent, const ThAddress *address, gboolean outside)
{
  ThTestVisit *self = g_object_new (TH_TYPE_TEST_VISIT, NULL);

  self->name = th_test_device_name (user_agent);
  self->address = *address;
  self->outside = outside;
  return self;
}

const char *
th_test_visit_get_name (ThTestVisit *self)
{
  return self->name;
}

ThTestVisitState
th_test_visit_get_state (ThTestVisit *self)
{
  return self->state;
}

ThIceVerdict
th_test_visit_get_verdict (ThTestVisit *self)
{
  return self->verdict;
}

gint64
th_test_visit_get_began (ThTestVisit *self)
{
  return self->began;
}

const ThAddress *
th_test_visit_get_address (ThTestVisit *self)
{
  return &self->address;
}

gboolean
th_test_visit_is_outside (ThTestVisit *self)
{
  return self->outside;
}

gboolean
th_test_visit_has_gathered (ThTestVisit *self)
{
  return self->gathered;
}

ThTestWayState
th_test_visit_get_way (ThTestVisit *self, ThTestWay way)
{
  return self->ways[way];
}

gint64
th_test_visit_get_way_took (ThTestVisit *self, ThTestWay way)
{
  return self->took[way];
}

const ThTestFigures *
th_test_visit_get_figures (ThTestVisit *self)
{
  return &self->figures;
}

GListModel *
th_test_visit_get_candidates (ThTestVisit *self)
{
  return G_LIST_MODEL (self->candidates);
}

GListModel *
th_test_visit_get_pairs (ThTestVisit *self)
{
  return G_LIST_MODEL (self->pairs);
}

GListModel *
th_test_visit_get_samples (ThTestVisit *self)
{
  return G_LIST_MODEL (self->samples);
}

ThIcePair *
th_test_visit_get_selected_pair (ThTestVisit *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->pairs)); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), i);

      if (th_ice_pair_is_selected (pair))
        return pair; /* which the list holds */
    }
  return NULL;
}

const char *const *
th_test_visit_get_problems (ThTestVisit *self)
{
  return (const char *const *) self->problems->pdata;
}

void
th_test_visit_take (ThTestVisit *self, const ThTestMessage *message)
{
  if (self->state != TH_TEST_VISIT_RUNNING)
    return;
  switch (message->kind)
    {
    case TH_TEST_MESSAGE_CANDIDATE:
      add_candidate (self, message->candidate);
      return;
    case TH_TEST_MESSAGE_STATS:
      g_list_store_splice (self->pairs, 0, g_list_model_get_n_items (G_LIST_MODEL (self->pairs)),
                           message->pairs->pdata, message->pairs->len);
      break;
    case TH_TEST_MESSAGE_GATHERED:
      self->gathered = TRUE;
      break;
    case TH_TEST_MESSAGE_WAY:
      self->ways[message->way] = message->way_state;
      self->took[message->way] = message->took;
      break;
    case TH_TEST_MESSAGE_SAMPLE:
      take_figures (self, &message->figures);
      add_sample (self, message);
      break;
    case TH_TEST_MESSAGE_VERDICT:
      take_figures (self, &message->figures);
      self->verdict = message->verdict;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
      set_state (self, TH_TEST_VISIT_DONE);
      break;
    case TH_TEST_MESSAGE_PROBLEM:
      add_problem (self, message);
      break;
    default:
      return;
    }
  g_signal_emit (self, changed_signal, 0);
}

void
th_test_visit_end (ThTestVisit *self)
{
  if (self->state == TH_TEST_VISIT_RUNNING)
    set_state (self, TH_TEST_VISIT_LOST);
}
