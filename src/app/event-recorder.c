/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One handler for each source of news. What was there when the recorder was made is no news.
 */
#include "app/event-recorder.h"

#include <glib/gi18n.h>

#include "app/display-text.h"
#include "app/event-words.h"
#include "app/relay-settings.h"

struct _ThEventRecorder {
  GObject parent_instance;
  ThEngine *engine; /* which owns it */
  ThEventLog *log;
  char *host;         /* nullable: where others reach the relay, as of the last look */
  gboolean certified; /* there was a certificate before */
  GHashTable *users;  /* a set of names: those made at run time */
  GHashTable *apps;   /* the same */
};

G_DEFINE_FINAL_TYPE (ThEventRecorder, th_event_recorder, G_TYPE_OBJECT)

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* Something of the relay's, in one sentence; @same as th_event_log_add() has it. */
static void
record (ThEventRecorder *self,
        const char *kind,
        const char *what,
        const char *why,
        const char *same)
{
  const ThEventFacts facts = {
    .kind = kind,
    .topic = TH_EVENT_OF_RELAY,
    .severity = TH_EVENT_INFO,
    .time = now_in_seconds (),
    .what = what,
    .why = why,
  };

  th_event_log_add (self->log, &facts, same, NULL);
}

static void
record_told (ThEventRecorder *self, const ThToldEvent *told)
{
  th_event_log_add (self->log, &told->facts, told->same, told->crowd);
}

/* ---- clients and sessions ---- */

static void
on_relay_refused (ThEventRecorder *self, const ThRelayRefusal *refusal, ThRelay *relay)
{
  g_autofree char *network = refusal->reason == TH_REFUSAL_FORBIDDEN_PEER
                                 ? th_relay_find_denying_network (relay, &refusal->peer)
                                 : NULL;
  g_auto (ThToldEvent) told = { 0 };

  if (th_told_event_init_refusal (&told, refusal, network))
    record_told (self, &told);
}

/* Nobody wants to read every hour that the relay tests itself. */
static gboolean
is_of_self_test (ThEventRecorder *self, ThSession *session)
{
  return th_ice_runs_made_user (th_engine_get_ice_runs (self->engine),
                                th_session_get_user (session));
}

static void
on_relay_session_started (ThEventRecorder *self, ThSession *session)
{
  g_auto (ThToldEvent) told = { 0 };

  if (is_of_self_test (self, session))
    return;
  th_told_event_init_session_start (&told, session);
  record_told (self, &told);
}

static void
on_relay_session_ended (ThEventRecorder *self, ThSession *session)
{
  g_auto (ThToldEvent) told = { 0 };

  if (is_of_self_test (self, session))
    return;
  th_told_event_init_session_end (&told, session, now_in_seconds ());
  record_told (self, &told);
}

/* ---- the relay itself ---- */

static void
look_at_host (ThEventRecorder *self)
{
  const char *host = th_engine_get_host (self->engine);
  g_autofree char *what = NULL;

  if (th_engine_get_state (self->engine) != TH_ENGINE_RUNNING || g_strcmp0 (host, self->host) == 0)
    return;
  /* Translators: %s is a host name or an address */
  what = g_strdup_printf (_("Others reach this relay at %s now"), host);
  if (self->host != NULL)
    record (self, "host-changed", what, NULL, NULL);
  g_free (self->host);
  self->host = g_strdup (host);
}

static void
on_engine_state_changed (ThEventRecorder *self)
{
  ThEventFacts facts = {
    .kind = "failed",
    .topic = TH_EVENT_OF_RELAY,
    .severity = TH_EVENT_ERROR,
    .time = now_in_seconds (),
    .what = _("The relay could not be started"),
  };

  switch (th_engine_get_state (self->engine))
    {
    case TH_ENGINE_RUNNING:
      record (self, "started", _("The relay was started"), NULL, NULL);
      look_at_host (self);
      break;
    case TH_ENGINE_STOPPED:
      record (self, "stopped", _("The relay was stopped"), NULL, NULL);
      break;
    case TH_ENGINE_FAILED:
    default:
      th_event_log_add (self->log, &facts, "", NULL);
    }
}

static void
on_engine_draining_changed (ThEventRecorder *self)
{
  gboolean draining = th_engine_is_draining (self->engine);

  record (self, draining ? "draining-began" : "draining-ended",
          draining ? _("No new calls are taken from now on, so that the relay empties itself")
                   : _("New calls are taken again"),
          NULL, NULL);
}

/* Only tests that nobody asked for are news: who starts one looks at it. */
static void
on_self_test_turned (ThEventRecorder *self, GParamSpec *pspec, ThIceRuns *runs)
{
  g_autoptr (ThIceRun) run = th_ice_runs_find_last (runs);
  const ThIceRunValues *values = run != NULL ? th_ice_run_get_values (run) : NULL;
  const ThEventFacts facts = {
    .kind = "self-test-failed",
    .topic = TH_EVENT_OF_RELAY,
    .severity = TH_EVENT_ERROR,
    .time = now_in_seconds (),
    .what = _("The relay failed its own test"),
    .why = values != NULL ? values->headline : NULL,
  };

  if (th_ice_runs_is_bad (runs))
    th_event_log_add (self->log, &facts, NULL, NULL);
  else if (th_engine_get_state (self->engine) == TH_ENGINE_RUNNING && values != NULL &&
           values->verdict != TH_ICE_VERDICT_BAD)
    record (self, "self-test-passed", _("The relay passes its own test again"), NULL, NULL);
}

static void
on_problems_changed (ThEventRecorder *self,
                     guint position,
                     guint removed,
                     guint added,
                     GListModel *list)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (list, i);
      const ThEventFacts facts = {
        .kind = g_intern_string (th_problem_get_id (problem)),
        .topic = TH_EVENT_OF_RELAY,
        .severity = th_problem_get_severity (problem) == TH_SEVERITY_ERROR ? TH_EVENT_ERROR
                                                                           : TH_EVENT_WARNING,
        .time = now_in_seconds (),
        .what = th_problem_get_title (problem),
        .why = th_problem_get_detail (problem),
      };

      th_event_log_add (self->log, &facts, facts.what, NULL);
    }
}

static void
on_certificate_changed (ThEventRecorder *self, GParamSpec *pspec, ThCertificateStore *store)
{
  ThCertificate *certificate = th_certificate_store_get_certificate (store);
  gboolean before = self->certified;

  self->certified = certificate != NULL;
  if (certificate == NULL || !before)
    return;
  g_autoptr (GDateTime) end =
      g_date_time_new_from_unix_local (th_certificate_get_not_after (certificate));
  g_autofree char *date = end != NULL ? g_date_time_format (end, "%x") : NULL;
  g_autofree char *name = th_display_text (th_certificate_get_subject (certificate), -1);
  /* Translators: the name of a certificate's owner, and a date */
  g_autofree char *why =
      g_strdup_printf (_("It is that of %s, and good until %s."), name, date != NULL ? date : "…");
  record (self, "certificate-changed", _("The certificate was replaced"), why, NULL);
}

/* ---- secrets, users, apps, settings ---- */

static const char *
deed_words (ThRingKind kind, ThRingDeed deed)
{
  gboolean api = kind == TH_RING_API;

  switch (deed)
    {
    case TH_RING_DEED_REVOKED:
      return api ? _("The old API secrets were revoked") : _("The old shared secrets were revoked");
    case TH_RING_DEED_UNDONE:
      return api ? _("The rotation of the API secret was undone")
                 : _("The rotation of the shared secret was undone");
    case TH_RING_DEED_CONFIGURED:
      return api ? _("Another API secret was set") : _("Another shared secret was set");
    case TH_RING_DEED_ROTATED:
    default:
      return api ? _("The API secret was rotated") : _("The shared secret was rotated");
    }
}

static const char *
deed_kind (ThRingDeed deed)
{
  switch (deed)
    {
    case TH_RING_DEED_REVOKED:
      return "secret-revoked";
    case TH_RING_DEED_UNDONE:
      return "secret-undone";
    case TH_RING_DEED_CONFIGURED:
      return "secret-configured";
    case TH_RING_DEED_ROTATED:
    default:
      return "secret-rotated";
    }
}

static void
on_history_changed (ThEventRecorder *self,
                    guint position,
                    guint removed,
                    guint added,
                    GListModel *list)
{
  g_autoptr (ThRingEvent) event = g_list_model_get_item (list, 0);

  if (added == 0 || position != 0 || event == NULL)
    return;
  record (self, deed_kind (th_ring_event_get_deed (event)),
          deed_words (th_ring_event_get_kind (event), th_ring_event_get_deed (event)),
          th_words_for_author (th_ring_event_get_by (event)), NULL);
}

/* (transfer full): names of those that were made at run time; the configuration's are settings */
static GHashTable *
collect_names (GListModel *rows)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr (GObject) row = g_list_model_get_item (rows, i);
      char *name;
      gboolean configured;

      g_object_get (row, "name", &name, "configured", &configured, NULL);
      if (configured)
        g_free (name);
      else
        g_hash_table_add (names, name);
    }
  return names;
}

/* Tells of every name that is in @names and not in @others. */
static void
record_names (ThEventRecorder *self,
              GHashTable *names,
              GHashTable *others,
              const char *kind,
              const char *format)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      g_autofree char *text = th_display_text (name, -1);
      g_autoptr (GString) what = g_string_new (format);

      g_string_replace (what, "%s", text, 1);
      if (!g_hash_table_contains (others, name))
        record (self, kind, what->str, NULL, NULL);
    }
}

static void
on_users_changed (ThEventRecorder *self,
                  guint position,
                  guint removed,
                  guint added,
                  GListModel *list)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->users);

  self->users = collect_names (list);
  /* Translators: %s is the name of a user */
  record_names (self, self->users, before, "user-added", _("The user “%s” was added"));
  /* Translators: %s is the name of a user */
  record_names (self, before, self->users, "user-removed", _("The user “%s” was removed"));
}

static void
on_apps_changed (ThEventRecorder *self,
                 guint position,
                 guint removed,
                 guint added,
                 GListModel *list)
{
  g_autoptr (GHashTable) before = g_steal_pointer (&self->apps);

  self->apps = collect_names (list);
  /* Translators: %s is the name of an app */
  record_names (self, self->apps, before, "app-added", _("The app “%s” was added"));
  /* Translators: %s is the name of an app */
  record_names (self, before, self->apps, "app-removed", _("The app “%s” was removed"));
}

static char *
setting_words (ThSettings *settings, ThSetting setting)
{
  const ThSettingRow *row = th_setting_get_row (setting);
  g_autofree char *name = g_strdup_printf ("%s/%s", row->group, row->key);
  g_autofree char *value = NULL;

  if (row->secret)
    /* Translators: %s is the name of a setting, such as credentials/users */
    return g_strdup_printf (_("The setting %s was changed"), name);
  value = th_display_text (th_settings_get_string (settings, setting), -1);
  if (*value == '\0')
    /* Translators: %s is the name of a setting, such as relay/listen */
    return g_strdup_printf (_("The setting %s is empty now"), name);
  /* Translators: the name of a setting, such as relay/port, and its value */
  return g_strdup_printf (_("The setting %s is “%s” now"), name, value);
}

static void
on_setting_changed (ThSettings *settings, gpointer data)
{
  ThEventRecorder *self = data;
  const char *name = g_quark_to_string (g_signal_get_invocation_hint (settings)->detail);

  for (ThSetting setting = 0; setting < TH_N_SETTINGS; setting++)
    {
      g_autofree char *what = NULL;
      gboolean waits;

      if (!g_str_equal (th_setting_get_row (setting)->name, name))
        continue;
      what = setting_words (settings, setting);
      waits = th_engine_get_state (self->engine) == TH_ENGINE_RUNNING &&
              th_relay_setting_needs_restart (setting);
      record (self, "setting-changed", what,
              waits ? _("It takes effect when the relay is restarted.") : NULL, name);
    }
}

static void
th_event_recorder_finalize (GObject *object)
{
  ThEventRecorder *self = TH_EVENT_RECORDER (object);

  g_hash_table_unref (self->users);
  g_hash_table_unref (self->apps);
  g_object_unref (self->log);
  g_free (self->host);
  G_OBJECT_CLASS (th_event_recorder_parent_class)->finalize (object);
}

static void
th_event_recorder_class_init (ThEventRecorderClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_event_recorder_finalize;
}

static void
th_event_recorder_init (ThEventRecorder *self)
{
  self->log = th_event_log_new ();
}

static void
watch (ThEventRecorder *self, gpointer object, const char *signal, GCallback handler)
{
  g_signal_connect_object (object, signal, handler, self, G_CONNECT_SWAPPED);
}

static void
watch_all (ThEventRecorder *self)
{
  ThEngine *engine = self->engine;
  ThRelay *relay = th_engine_get_relay (engine);
  GListModel *history = th_secret_ring_get_history (th_engine_get_secret_ring (engine));

  watch (self, relay, "refused", G_CALLBACK (on_relay_refused));
  watch (self, relay, "session-started", G_CALLBACK (on_relay_session_started));
  watch (self, relay, "session-ended", G_CALLBACK (on_relay_session_ended));
  watch (self, engine, "notify::state", G_CALLBACK (on_engine_state_changed));
  watch (self, engine, "notify::draining", G_CALLBACK (on_engine_draining_changed));
  watch (self, th_engine_get_problems (engine), "items-changed", G_CALLBACK (on_problems_changed));
  watch (self, th_engine_get_urls (engine), "items-changed", G_CALLBACK (look_at_host));
  watch (self, th_engine_get_certificate_store (engine), "notify::certificate",
         G_CALLBACK (on_certificate_changed));
  watch (self, th_engine_get_ice_runs (engine), "notify::bad", G_CALLBACK (on_self_test_turned));
  watch (self, history, "items-changed", G_CALLBACK (on_history_changed));
  watch (self, th_engine_get_users (engine), "items-changed", G_CALLBACK (on_users_changed));
  watch (self, th_engine_get_app_tokens (engine), "items-changed", G_CALLBACK (on_apps_changed));
  g_signal_connect_object (th_engine_get_settings (engine), "changed",
                           G_CALLBACK (on_setting_changed), self, 0);
}

ThEventRecorder *
th_event_recorder_new (ThEngine *engine)
{
  ThEventRecorder *self = g_object_new (TH_TYPE_EVENT_RECORDER, NULL);

  self->engine = engine;
  self->users = collect_names (G_LIST_MODEL (th_engine_get_users (engine)));
  self->apps = collect_names (G_LIST_MODEL (th_engine_get_app_tokens (engine)));
  watch_all (self);
  return self;
}

ThEventLog *
th_event_recorder_get_log (ThEventRecorder *self)
{
  return self->log;
}
