/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A run, from a text to a verdict. What takes time is counted in "waits": trust to be read,
 * endpoints to be asked, paths to be walked, candidates to be gathered; when none is left comes the
 * call, and then the end.
 */
#include "ice/ice-test.h"

#include "ice/ice-list.h"
#include "ice/ice-rules.h"
#include "ice/ice-surroundings.h"

#define LIMIT_SECONDS 60 /* each step has its own limit; this one is for what nobody thought of */

struct _ThIceTest {
  GObject parent_instance;
  ThIceTestOptions *options;
  GCancellable *cancellable;
  ThIceTrust *trust; /* nullable: not read yet */
  GPtrArray *servers;
  ThIceList *list;  /* nullable, before the start */
  gboolean listed;  /* no servers will come any more */
  guint walks;   /* paths under way */
  GListStore *paths;
  ThIceSurroundings *surroundings; /* nullable */
  gboolean asks_nat; /* the router is not known yet; the call does not wait for it */
  gboolean called;
  GListStore *candidates;
  GListStore *pairs;
  GListStore *samples;
  GListStore *findings;
  GPtrArray *refused; /* (element-type char*) */
  GError *error;
  ThIceVerdict verdict;
  char *headline;
  gboolean running;
  guint waits;
  guint limit; /* source */
  gint64 began, ended; /* monotonic microseconds */
  gint64 started_at;   /* seconds since 1970 */
  gboolean clock_compared;
  gint64 clock_ahead;
};

G_DEFINE_FINAL_TYPE (ThIceTest, th_ice_test, G_TYPE_OBJECT)

enum {
  PROP_RUNNING = 1,
  PROP_VERDICT,
  PROP_HEADLINE,
  N_PROPERTIES,
};

enum {
  EVENT,
  FINISHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static void
tell (ThIceTest *self, const char *text)
{
  g_signal_emit (self, signals[EVENT], 0, g_get_monotonic_time () - self->began, text);
}

static void
set_running (ThIceTest *self, gboolean running)
{
  self->running = running;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

static void
conclude (ThIceTest *self)
{
  g_autoptr (ThIceFacts) facts = th_ice_test_make_facts (self);
  g_autoptr (GListStore) findings = th_ice_findings_new (facts);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (findings)); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (G_LIST_MODEL (findings), i);

      g_list_store_append (self->findings, finding);
    }
  self->verdict = th_ice_verdict_reach (facts, G_LIST_MODEL (findings));
  self->headline = self->error != NULL
                       ? g_strdup (self->error->message)
                       : th_ice_verdict_describe (self->verdict, facts,
                                                 G_LIST_MODEL (findings));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VERDICT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HEADLINE]);
  tell (self, self->headline);
}

static void
finish (ThIceTest *self)
{
  g_object_ref (self);
  g_clear_handle_id (&self->limit, g_source_remove);
  self->ended = g_get_monotonic_time ();
  set_running (self, FALSE);
  g_signal_emit (self, signals[FINISHED], 0);
  g_object_unref (self);
}

/* Where only relays are wanted and none works, there is nobody to call. */
static gboolean
may_call (ThIceTest *self)
{
  g_autoptr (ThIceFacts) facts = NULL;

  if (self->called || self->surroundings == NULL || self->error != NULL)
    return FALSE;
  facts = th_ice_test_make_facts (self);
  return !self->options->relay_only || th_ice_facts_relay_works (facts, -1);
}

static void
wait_less (ThIceTest *self)
{
  self->waits--;
  if (!self->running)
    return;
  if (self->waits == (self->asks_nat ? 1 : 0) && may_call (self))
    {
      self->called = TRUE;
      self->waits++;
      th_ice_surroundings_call (self->surroundings);
    }
  if (self->waits > 0)
    return;
  conclude (self);
  finish (self);
}

/* Candidates, and the call. */

static void
on_done (gpointer data)
{
  wait_less (data);
}

static void
on_nat_known (gpointer data)
{
  ThIceTest *self = data;

  self->asks_nat = FALSE;
  wait_less (self);
}

static void
on_told (const char *text, gpointer data)
{
  tell (data, text);
}

static const ThIceSurroundingsEvents surroundings_events = {
  .gathered = on_done,
  .nat_known = on_nat_known,
  .called = on_done,
  .told = on_told,
};

/* Once the list is complete. */
static void
look_around (ThIceTest *self)
{
  if (self->options->paths_only || self->servers->len == 0)
    return;
  self->surroundings = th_ice_surroundings_new (
      self->servers, self->options->relay_only, self->options->trust_file != NULL, self->candidates,
      self->pairs, self->samples, &surroundings_events, self);
  self->waits += 2;
  self->asks_nat = TRUE;
  th_ice_surroundings_look (self->surroundings, self->began);
}

/* Paths. */

static void
on_stage_changed (ThIceStage *stage, GParamSpec *pspec, ThIceTest *self)
{
  ThIcePath *path = g_object_get_data (G_OBJECT (stage), "path");
  g_autofree char *text = NULL;

  if (th_ice_stage_get_state (stage) == TH_ICE_STAGE_SKIPPED &&
      th_ice_stage_get_error (stage) == NULL)
    return;
  text = g_strdup_printf ("%s · %s: %s", th_ice_path_get_label (path),
                          th_ice_stage_get_name (stage), th_ice_stage_describe (stage));
  tell (self, text);
}

static void
on_path_finished (ThIcePath *path, ThIceTest *self)
{
  self->walks--;
  if (self->walks == 0 && self->listed && self->surroundings != NULL)
    th_ice_surroundings_look_no_longer (self->surroundings);
  wait_less (self);
}

static void
watch_stages (ThIceTest *self, ThIcePath *path)
{
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      ThIceStage *stage = th_ice_path_get_stage (path, i);

      g_object_set_data (G_OBJECT (stage), "path", path);
      g_signal_connect_object (stage, "notify::state", G_CALLBACK (on_stage_changed), self, 0);
    }
}

static void
add_path (ThIceTest *self, const ThIceServer *server, ThStunFamily family)
{
  ThIcePathOptions options = {
    .trust = self->trust,
    .timeout = self->options->timeout,
    .secret = self->options->secret,
  };
  g_autoptr (ThIcePath) path = NULL;

  if (!th_ice_path_is_possible (server, family))
    return;
  path = th_ice_path_new (server, family, &options);
  watch_stages (self, path);
  g_signal_connect_object (path, "finished", G_CALLBACK (on_path_finished), self, 0);
  self->waits++;
  self->walks++;
  g_list_store_append (self->paths, path);
  th_ice_path_start (path);
}

static void
add_paths (ThIceTest *self, const ThIceServer *server)
{
  add_path (self, server, TH_STUN_FAMILY_IPV4);
  add_path (self, server, TH_STUN_FAMILY_IPV6);
}

/* The list. */

static void
on_server (const ThIceServer *server, gpointer data)
{
  ThIceTest *self = data;

  if (!th_ice_test_options_want (self->options, server->transport) ||
      self->servers->len >= TH_ICE_SERVERS_MAX)
    return;
  g_ptr_array_add (self->servers, th_ice_server_copy (server));
  if (self->trust != NULL)
    add_paths (self, server);
}

static void
on_refused (const char *label, const GError *error, gpointer data)
{
  ThIceTest *self = data;
  char *row = g_strdup_printf ("%s: %s", label, error->message);

  g_ptr_array_insert (self->refused, self->refused->len - 1, row); /* before the end */
  tell (self, row);
}

static void
on_clock (gint64 ahead, gpointer data)
{
  ThIceTest *self = data;

  self->clock_compared = TRUE;
  self->clock_ahead = ahead;
}

static void
on_listed (gpointer data)
{
  ThIceTest *self = data;

  self->listed = TRUE;
  look_around (self);
  wait_less (self);
}

static const ThIceListEvents list_events = {
  .server = on_server,
  .refused = on_refused,
  .asks = on_told,
  .clock = on_clock,
  .done = on_listed,
};

static void
read_list (ThIceTest *self)
{
  ThIceLogin login = { self->options->username, self->options->password, self->options->secret };
  guint timeout = self->options->timeout != 0 ? self->options->timeout : TH_ICE_PATH_TIMEOUT;

  self->list = th_ice_list_new (&login, self->options->token, timeout, &list_events, self);
  self->waits++;
  if (!th_ice_list_read (self->list, self->options->text, &self->error))
    self->waits--;
}

static void
on_trust_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThIceTest) self = data;
  g_autoptr (GError) error = NULL;
  ThIceTrust *trust = th_ice_trust_load_finish (result, &error);

  if (!self->running)
    {
      g_clear_pointer (&trust, th_ice_trust_unref);
      return;
    }
  self->trust = trust;
  for (guint i = 0; trust != NULL && i < self->servers->len; i++)
    add_paths (self, g_ptr_array_index (self->servers, i));
  if (error != NULL && self->error == NULL)
    self->error = g_steal_pointer (&error);
  wait_less (self);
}

static gboolean
on_limit (gpointer data)
{
  ThIceTest *self = data;

  self->limit = 0;
  th_ice_test_stop (self);
  return G_SOURCE_REMOVE;
}

static void
th_ice_test_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIceTest *self = TH_ICE_TEST (object);

  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, self->running);
      break;
    case PROP_VERDICT:
      g_value_set_uint (value, self->verdict);
      break;
    case PROP_HEADLINE:
      g_value_set_string (value, th_ice_test_get_headline (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
stop_parts (ThIceTest *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_pointer (&self->list, th_ice_list_free);
  g_clear_pointer (&self->surroundings, th_ice_surroundings_free);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->paths)); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (G_LIST_MODEL (self->paths), i);

      th_ice_path_stop (path);
    }
}

static void
th_ice_test_dispose (GObject *object)
{
  ThIceTest *self = TH_ICE_TEST (object);

  self->running = FALSE;
  g_clear_handle_id (&self->limit, g_source_remove);
  stop_parts (self);
  G_OBJECT_CLASS (th_ice_test_parent_class)->dispose (object);
}

static void
th_ice_test_finalize (GObject *object)
{
  ThIceTest *self = TH_ICE_TEST (object);

  g_clear_pointer (&self->options, th_ice_test_options_free);
  g_object_unref (self->cancellable);
  g_clear_pointer (&self->trust, th_ice_trust_unref);
  g_ptr_array_unref (self->servers);
  g_object_unref (self->paths);
  g_object_unref (self->candidates);
  g_object_unref (self->pairs);
  g_object_unref (self->samples);
  g_object_unref (self->findings);
  g_ptr_array_unref (self->refused);
  g_clear_error (&self->error);
  g_free (self->headline);
  G_OBJECT_CLASS (th_ice_test_parent_class)->finalize (object);
}

static void
th_ice_test_class_init (ThIceTestClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_ice_test_get_property;
  object_class->dispose = th_ice_test_dispose;
  object_class->finalize = th_ice_test_finalize;
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_VERDICT] =
      g_param_spec_uint ("verdict", NULL, NULL, 0, TH_ICE_VERDICT_BAD, 0, flags);
  properties[PROP_HEADLINE] = g_param_spec_string ("headline", NULL, NULL, "", flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[EVENT] = g_signal_new ("event", TH_TYPE_ICE_TEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 2, G_TYPE_INT64, G_TYPE_STRING);
  signals[FINISHED] = g_signal_new ("finished", TH_TYPE_ICE_TEST, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
}

static void
th_ice_test_init (ThIceTest *self)
{
  self->cancellable = g_cancellable_new ();
  self->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_server_free);
  self->paths = g_list_store_new (TH_TYPE_ICE_PATH);
  self->candidates = g_list_store_new (TH_TYPE_ICE_CANDIDATE);
  self->pairs = g_list_store_new (TH_TYPE_ICE_PAIR);
  self->samples = g_list_store_new (TH_TYPE_ICE_SAMPLE);
  self->findings = g_list_store_new (TH_TYPE_ICE_FINDING);
  self->refused = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->refused, NULL);
}

ThIceTest *
th_ice_test_new (const ThIceTestOptions *options)
{
  ThIceTest *self = g_object_new (TH_TYPE_ICE_TEST, NULL);

  self->options = th_ice_test_options_copy (options);
  return self;
}

void
th_ice_test_start (ThIceTest *self)
{
  g_return_if_fail (self->began == 0);
  self->began = g_get_monotonic_time ();
  self->started_at = g_get_real_time () / G_USEC_PER_SEC;
  self->waits = 1;
  self->limit = g_timeout_add_seconds (LIMIT_SECONDS, on_limit, self);
  set_running (self, TRUE);
  read_list (self);
  th_ice_trust_load_async (self->options->trust_file, self->cancellable, on_trust_loaded,
                           g_object_ref (self));
}

/* Paths that end here must not bring the test to its end as if it were done. */
void
th_ice_test_stop (ThIceTest *self)
{
  if (!self->running)
    return;
  self->running = FALSE;
  stop_parts (self);
  finish (self);
}

gboolean
th_ice_test_is_running (ThIceTest *self)
{
  return self->running;
}

GListModel *
th_ice_test_get_paths (ThIceTest *self)
{
  return G_LIST_MODEL (self->paths);
}

GListModel *
th_ice_test_get_findings (ThIceTest *self)
{
  return G_LIST_MODEL (self->findings);
}

GListModel *
th_ice_test_get_candidates (ThIceTest *self)
{
  return G_LIST_MODEL (self->candidates);
}

GListModel *
th_ice_test_get_pairs (ThIceTest *self)
{
  return G_LIST_MODEL (self->pairs);
}

GListModel *
th_ice_test_get_samples (ThIceTest *self)
{
  return G_LIST_MODEL (self->samples);
}

gboolean
th_ice_test_get_figures (ThIceTest *self, ThIceFigures *figures)
{
  if (!self->called || self->surroundings == NULL)
    return FALSE;
  *figures = th_ice_surroundings_get_figures (self->surroundings);
  return figures->n_returned > 0;
}

const char *
th_ice_test_describe_nat (ThIceTest *self)
{
  return self->surroundings != NULL ? th_ice_surroundings_describe_nat (self->surroundings) : "";
}

ThIceVerdict
th_ice_test_get_verdict (ThIceTest *self)
{
  return self->verdict;
}

const char *
th_ice_test_get_headline (ThIceTest *self)
{
  return self->headline != NULL ? self->headline : "";
}

const GError *
th_ice_test_get_error (ThIceTest *self)
{
  return self->error;
}

const char *const *
th_ice_test_get_refused_rows (ThIceTest *self)
{
  return (const char *const *) self->refused->pdata;
}

gint64
th_ice_test_get_started_at (ThIceTest *self)
{
  return self->started_at;
}

gint64
th_ice_test_get_took (ThIceTest *self)
{
  if (self->began == 0)
    return 0;
  return (self->ended != 0 ? self->ended : g_get_monotonic_time ()) - self->began;
}

ThIceFacts *
th_ice_test_make_facts (ThIceTest *self)
{
  ThIceFacts *facts = th_ice_facts_new ();

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->paths)); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (G_LIST_MODEL (self->paths), i);

      th_ice_path_add_facts (path, facts);
    }
  for (guint i = 0; i + 1 < self->refused->len; i++)
    g_ptr_array_add (facts->refused_rows, g_strdup (g_ptr_array_index (self->refused, i)));
  if (self->surroundings != NULL)
    th_ice_surroundings_add_facts (self->surroundings, facts);
  facts->relay_only = self->options->relay_only;
  facts->own_relay = self->options->own_relay;
  facts->seen_from_outside = self->options->seen_from_outside;
  facts->before = self->options->before;
  facts->now = self->started_at;
  facts->clock_compared = self->clock_compared;
  facts->clock_ahead = self->clock_ahead;
  return facts;
}

void
th_ice_test_get_mapped (ThIceTest *self, ThAddress *mapped)
{
  g_autoptr (ThIceFacts) facts = th_ice_test_make_facts (self);

  *mapped = *th_ice_facts_get_mapped (facts);
}
