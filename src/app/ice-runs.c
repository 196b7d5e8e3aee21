/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests with what they need from the engine, and the list of how they ended.
 */
#include "app/ice-runs.h"

#include <glib/gi18n.h>

#include "app/engine-private.h"
#include "app/ice-run-file.h"
#include "app/kept-file.h"
#include "credentials/kept-json.h"
#include "credentials/secret.h"

#define CREDENTIAL_TTL 300 /* seconds: longer than any test */
#define FIRST_AFTER    5   /* seconds until the first test by the timer, at most */

struct _ThIceRuns {
  GObject parent_instance;
  ThEngine *engine;
  ThKeptFileWriter *writer;
  GListStore *history;
  ThIceTest *test; /* nullable */
  gboolean own_relay, relay_only; /* of @test */
  ThIceTest *scheduled; /* nullable: while it runs */
  char *scheduled_user; /* nullable: how the users begin that the last of them went by */
  gboolean bad;         /* how it ended */
  gboolean unasked;     /* whether to test where the setting is at its default */
  guint interval;       /* seconds */
  guint timer;          /* source */
};

G_DEFINE_FINAL_TYPE (ThIceRuns, th_ice_runs, G_TYPE_OBJECT)

enum {
  PROP_TEST = 1,
  PROP_BAD,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

/* What tests of this relay are given. */

typedef struct {
  JsonBuilder *json;
  const char *user; /* how all users begin */
} ServerList;

/* Each URL is a user of its own, so that a small quota is enough for all. */
static gboolean
add_servers (ThIceRuns *self, ServerList *list, char **urls, const char *kind, GError **error)
{
  for (guint i = 0; urls[i] != NULL; i++)
    {
      g_autofree char *user = g_strdup_printf ("%s-%s-%u", list->user, kind, i);
      g_autoptr (ThCredential) credential =
          th_secret_ring_mint (self->engine->ring, user, CREDENTIAL_TTL,
                               g_get_real_time () / G_USEC_PER_SEC, error);

      if (credential == NULL)
        return FALSE;
      json_builder_begin_object (list->json);
      th_json_add_text (list->json, "urls", urls[i]);
      th_json_add_text (list->json, "username", credential->username);
      th_json_add_text (list->json, "credential", credential->password);
      json_builder_end_object (list->json);
    }
  return TRUE;
}

static gboolean
add_all_servers (ThIceRuns *self, ServerList *list, const ThRelayUrls *urls, GError **error)
{
  return add_servers (self, list, urls->stun, "stun", error) &&
         add_servers (self, list, urls->turn_udp, "udp", error) &&
         add_servers (self, list, urls->turn_tcp, "tcp", error) &&
         add_servers (self, list, urls->turns, "tls", error);
}

/* (transfer full) (nullable): this relay as JSON, with credentials of users whose names begin with
 * @user; wipe it after use */
static char *
list_own_servers (ThIceRuns *self, const char *user, GError **error)
{
  g_autoptr (ThRelayUrls) urls = th_engine_find_urls (self->engine, TRUE);
  g_autoptr (JsonBuilder) json = json_builder_new ();
  ServerList list = { json, user };
  gboolean complete;
  JsonNode *root;
  gsize length;

  json_builder_begin_array (json);
  complete = add_all_servers (self, &list, urls, error);
  json_builder_end_array (json);
  root = json_builder_get_root (json);
  if (complete && json_array_get_length (json_node_get_array (root)) > 0)
    return th_kept_json_print (root, &length);
  th_kept_json_wipe (root);
  if (complete)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_CONNECTED,
                         _("The relay does not run, so there is nothing to test"));
  return NULL;
}

/* Our address in the last test that knew it. */
static ThAddress
find_address_before (ThIceRuns *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->history)); i++)
    {
      g_autoptr (ThIceRun) run = g_list_model_get_item (G_LIST_MODEL (self->history), i);
      const ThIceRunValues *values = th_ice_run_get_values (run);

      if (values->own_relay && th_address_is_set (&values->mapped))
        return values->mapped;
    }
  return TH_ADDRESS_NONE;
}

/* (transfer full) (nullable) */
static ThIceTest *
make_test (ThIceRuns *self, const ThIceTestOptions *wanted, const char *user, GError **error)
{
  ThIceTestOptions options = *wanted;
  g_autoptr (ThSecretText) servers = NULL;

  if (options.text == NULL)
    {
      servers = list_own_servers (self, user, error);
      if (servers == NULL)
        return NULL;
      options.text = servers;
      options.own_relay = TRUE;
      options.before = find_address_before (self);
      options.seen_from_outside = th_test_visits_prove_outside (
          G_LIST_MODEL (self->engine->test_visits), g_get_real_time ());
    }
  return th_ice_test_new (&options);
}

/* The history. */

static void
write_history (ThIceRuns *self)
{
  gsize length;
  char *text = th_ice_run_file_print (G_LIST_MODEL (self->history), &length);

  th_kept_file_writer_write (self->writer, text, length);
}

static void
remember (ThIceRuns *self, ThIceRun *run)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->history));

  if (n == TH_ICE_RUNS_MAX)
    g_list_store_remove (self->history, n - 1);
  g_list_store_insert (self->history, 0, run);
  write_history (self);
}

/* Tests that somebody else still holds end too. */
static void
end_test (ThIceRuns *self, ThIceTest **test)
{
  if (*test == NULL)
    return;
  g_signal_handlers_disconnect_by_data (*test, self);
  th_ice_test_stop (*test);
  g_clear_object (test);
}

/* By the timer. */

/* (transfer full) (nullable) */
static ThIceRun *
find_last_scheduled (ThIceRuns *self, guint *position)
{
  GListModel *history = G_LIST_MODEL (self->history);

  for (*position = 0; *position < g_list_model_get_n_items (history); (*position)++)
    {
      ThIceRun *run = g_list_model_get_item (history, *position);

      if (th_ice_run_get_values (run)->scheduled)
        return run;
      g_object_unref (run);
    }
  return NULL;
}

static void
set_bad (ThIceRuns *self, gboolean bad)
{
  if (self->bad == bad)
    return;
  self->bad = bad;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BAD]);
}

static void
on_scheduled_finished (ThIceTest *test, ThIceRuns *self)
{
  guint position;
  g_autoptr (ThIceTest) finished = g_steal_pointer (&self->scheduled);
  g_autoptr (ThIceRun) last = find_last_scheduled (self, &position);
  g_autoptr (ThIceRun) run = th_ice_run_new_of_test (test, TRUE, TRUE, FALSE);

  if (run == NULL)
    return;
  if (last != NULL && th_ice_run_says_the_same (last, run))
    g_list_store_remove (self->history, position);
  remember (self, run);
  set_bad (self, th_ice_run_get_values (run)->verdict == TH_ICE_VERDICT_BAD);
}

/* While the relay is stopped, or is to take no new calls, there is nothing to be said about it. */
static void
start_scheduled (ThIceRuns *self)
{
  const ThIceTestOptions options = { .paths_only = TRUE };
  g_autoptr (GError) error = NULL;

  if (self->scheduled != NULL || !th_relay_is_running (self->engine->relay) ||
      th_engine_is_draining (self->engine))
    return;
  g_free (self->scheduled_user);
  self->scheduled_user = g_strdup_printf ("self-test-%08x", g_random_int ());
  self->scheduled = make_test (self, &options, self->scheduled_user, &error);
  if (self->scheduled == NULL)
    {
      g_info ("This relay is not tested: %s", error->message);
      return;
    }
  g_signal_connect_object (self->scheduled, "finished", G_CALLBACK (on_scheduled_finished), self,
                           0);
  th_ice_test_start (self->scheduled);
}

static gboolean
on_time (gpointer data)
{
  ThIceRuns *self = data;

  self->timer = g_timeout_add_seconds (self->interval, on_time, self);
  start_scheduled (self);
  return G_SOURCE_REMOVE;
}

/* What there was to be said of the relay is over. */
static void
end_scheduled (ThIceRuns *self)
{
  end_test (self, &self->scheduled);
  set_bad (self, FALSE);
}

/* The first test comes soon after the relay was started: what was wrong may be mended. */
static void
plan (ThIceRuns *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->interval > 0 && self->engine->state == TH_ENGINE_RUNNING)
    self->timer = g_timeout_add_seconds (MIN (self->interval, FIRST_AFTER), on_time, self);
}

/* A relay that is being stopped answers nobody, and that is no news. */
static void
on_running_changed (ThIceRuns *self)
{
  plan (self);
  if (self->engine->state == TH_ENGINE_RUNNING)
    return;
  end_scheduled (self);
  if (self->own_relay)
    th_ice_runs_stop (self);
}

static void
follow_setting (ThIceRuns *self)
{
  ThSettings *settings = self->engine->settings;
  gboolean wanted = th_settings_get_boolean (settings, TH_SETTING_ICE_TEST_HOURLY) &&
                    (self->unasked || th_settings_is_set (settings, TH_SETTING_ICE_TEST_HOURLY));
  guint interval = wanted ? TH_ICE_RUNS_INTERVAL : 0;

  if (self->interval != interval)
    th_ice_runs_set_interval (self, interval);
}

/* By whoever asks. */

/* Where somebody has mended the relay and sees that it is well, nobody waits for the hour. */
static void
on_test_finished (ThIceTest *test, ThIceRuns *self)
{
  g_autoptr (ThIceRun) run =
      th_ice_run_new_of_test (test, self->own_relay, FALSE, self->relay_only);

  if (run == NULL)
    return;
  remember (self, run);
  if (self->bad && self->own_relay &&
      th_ice_run_get_values (run)->verdict != TH_ICE_VERDICT_BAD)
    start_scheduled (self);
}

static void
th_ice_runs_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_TEST:
      g_value_set_object (value, TH_ICE_RUNS (object)->test);
      break;
    case PROP_BAD:
      g_value_set_boolean (value, TH_ICE_RUNS (object)->bad);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_runs_dispose (GObject *object)
{
  ThIceRuns *self = TH_ICE_RUNS (object);

  g_clear_handle_id (&self->timer, g_source_remove);
  end_test (self, &self->test);
  end_test (self, &self->scheduled);
  G_OBJECT_CLASS (th_ice_runs_parent_class)->dispose (object);
}

static void
th_ice_runs_finalize (GObject *object)
{
  ThIceRuns *self = TH_ICE_RUNS (object);

  g_clear_pointer (&self->writer, th_kept_file_writer_free);
  g_clear_object (&self->history);
  g_free (self->scheduled_user);
  G_OBJECT_CLASS (th_ice_runs_parent_class)->finalize (object);
}

static void
th_ice_runs_class_init (ThIceRunsClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_ice_runs_get_property;
  object_class->dispose = th_ice_runs_dispose;
  object_class->finalize = th_ice_runs_finalize;
  properties[PROP_TEST] = g_param_spec_object ("test", NULL, NULL, TH_TYPE_ICE_TEST, flags);
  properties[PROP_BAD] = g_param_spec_boolean ("bad", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_runs_init (ThIceRuns *self)
{
}

ThIceRuns *
th_ice_runs_new (ThEngine *engine, const char *directory)
{
  ThIceRuns *self = g_object_new (TH_TYPE_ICE_RUNS, NULL);

  self->engine = engine;
  g_signal_connect_object (engine, "notify::running", G_CALLBACK (on_running_changed), self,
                           G_CONNECT_SWAPPED);
  self->history = th_ice_run_file_read (directory);
  self->writer = th_kept_file_writer_new (directory, TH_ICE_RUN_FILE_NAME);
  return self;
}

gboolean
th_ice_runs_start (ThIceRuns *self, const ThIceTestOptions *options, GError **error)
{
  ThIceTest *test = make_test (self, options, "ice-test", error);

  if (test == NULL)
    return FALSE;
  end_test (self, &self->test);
  self->test = test;
  self->own_relay = options->text == NULL;
  self->relay_only = options->relay_only;
  g_signal_connect_object (test, "finished", G_CALLBACK (on_test_finished), self, 0);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TEST]);
  th_ice_test_start (test);
  return TRUE;
}

void
th_ice_runs_stop (ThIceRuns *self)
{
  if (self->test != NULL)
    th_ice_test_stop (self->test);
}

void
th_ice_runs_set_interval (ThIceRuns *self, guint seconds)
{
  self->interval = seconds;
  plan (self);
  if (seconds == 0)
    end_scheduled (self);
}

guint
th_ice_runs_get_interval (ThIceRuns *self)
{
  return self->interval;
}

void
th_ice_runs_follow_setting (ThIceRuns *self, gboolean unasked)
{
  self->unasked = unasked;
  g_signal_handlers_disconnect_by_func (self->engine->settings, follow_setting, self);
  g_signal_connect_object (self->engine->settings, "changed::ice-test-hourly",
                           G_CALLBACK (follow_setting), self, G_CONNECT_SWAPPED);
  follow_setting (self);
}

ThIceTest *
th_ice_runs_get_test (ThIceRuns *self)
{
  return self->test;
}

GListModel *
th_ice_runs_get_history (ThIceRuns *self)
{
  return G_LIST_MODEL (self->history);
}

gboolean
th_ice_runs_is_bad (ThIceRuns *self)
{
  return self->bad;
}

ThIceRun *
th_ice_runs_find_last (ThIceRuns *self)
{
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->history)); i++)
    {
      g_autoptr (ThIceRun) run = g_list_model_get_item (G_LIST_MODEL (self->history), i);

      if (th_ice_run_get_values (run)->own_relay && th_ice_run_get_paths (run)->len > 0)
        return g_steal_pointer (&run);
    }
  return NULL;
}

gboolean
th_ice_runs_made_user (ThIceRuns *self, const char *user)
{
  return self->scheduled_user != NULL && g_str_has_prefix (user, self->scheduled_user);
}

void
th_ice_runs_forget (ThIceRuns *self)
{
  g_list_store_remove_all (self->history);
  write_history (self);
}
