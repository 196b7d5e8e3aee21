/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the lists of an engine to JSON.
 */
#include "app/status.h"

#include "app/engine-private.h"
#include "credentials/json-object.h"
#include "endpoint/status.h"

struct _ThStatus {
  ThEngine *engine;
  gint64 since; /* seconds since 1970, UTC */
};

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
begin_list (JsonBuilder *object, const char *name)
{
  json_builder_set_member_name (object, name);
  json_builder_begin_array (object);
}

static guint
count_sessions (ThStatus *self, guint generation)
{
  GListModel *sessions = th_relay_get_sessions (th_engine_get_relay (self->engine));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (sessions); i++)
    {
      g_autoptr (ThSession) session = g_list_model_get_item (sessions, i);

      n += th_session_get_generation (session) == generation;
    }
  return n;
}

static void
add_former (ThStatus *self, JsonBuilder *array, ThSecretInfo *secret)
{
  gint64 end = th_secret_info_get_expires_at (secret);

  json_builder_begin_object (array);
  th_json_add_time (array, "created", th_secret_info_get_created (secret));
  th_json_add_time (array, "expiresAt", end);
  th_json_add_number (array, "secondsLeft", MAX (end - now_in_seconds (), 0));
  th_json_add_number (array, "sessions",
                      count_sessions (self, th_secret_info_get_generation (secret)));
  json_builder_end_object (array);
}

static void
add_secrets (ThStatus *self, JsonBuilder *object, const char *name, ThRingKind kind)
{
  ThSecretRing *ring = th_engine_get_secret_ring (self->engine);
  GListModel *secrets = th_secret_ring_get_secrets (ring, kind);
  g_autoptr (ThSecretInfo) current = g_list_model_get_item (secrets, 0);

  json_builder_set_member_name (object, name);
  json_builder_begin_object (object);
  th_json_add_time (object, "created", th_secret_info_get_created (current));
  begin_list (object, "former");
  for (guint i = 1; i < g_list_model_get_n_items (secrets); i++)
    {
      g_autoptr (ThSecretInfo) former = g_list_model_get_item (secrets, i);

      add_former (self, object, former);
    }
  json_builder_end_array (object);
  json_builder_end_object (object);
}

static void
add_credentials (ThStatus *self, JsonBuilder *object)
{
  json_builder_set_member_name (object, "credentials");
  json_builder_begin_object (object);
  add_secrets (self, object, "secret", TH_RING_SECRET);
  add_secrets (self, object, "api", TH_RING_API);
  json_builder_end_object (object);
}

static void
add_urls (ThStatus *self, JsonBuilder *object)
{
  GListModel *urls = th_engine_get_urls (self->engine);

  begin_list (object, "urls");
  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) url = g_list_model_get_item (urls, i);

      json_builder_add_string_value (object, th_connect_url_get_url (url));
    }
  json_builder_end_array (object);
}

static void
add_problem (JsonBuilder *array, ThProblem *problem)
{
  gboolean error = th_problem_get_severity (problem) == TH_SEVERITY_ERROR;

  json_builder_begin_object (array);
  th_json_add_text (array, "id", th_problem_get_id (problem));
  th_json_add_text (array, "severity", error ? "error" : "warning");
  th_json_add_text (array, "title", th_problem_get_title (problem));
  th_json_add_text (array, "detail", th_problem_get_detail (problem));
  json_builder_end_object (array);
}

static void
add_problems (ThStatus *self, JsonBuilder *object)
{
  GListModel *problems = th_engine_get_problems (self->engine);

  begin_list (object, "problems");
  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      add_problem (object, problem);
    }
  json_builder_end_array (object);
}

static const char *
state_name (ThEngineState state)
{
  g_autoptr (GEnumClass) states = g_type_class_ref (TH_TYPE_ENGINE_STATE);

  return g_enum_get_value (states, state)->value_nick;
}

static void
on_state_changed (ThEngine *engine, GParamSpec *pspec, gpointer data)
{
  ThStatus *self = data;

  self->since = now_in_seconds ();
}

ThStatus *
th_status_new (ThEngine *engine)
{
  ThStatus *self = g_new0 (ThStatus, 1);

  self->engine = g_object_ref (engine);
  self->since = now_in_seconds ();
  g_signal_connect (engine, "notify::state", G_CALLBACK (on_state_changed), self);
  return self;
}

void
th_status_free (ThStatus *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  g_object_unref (self->engine);
  g_free (self);
}

void
th_status_add (ThStatus *self, JsonBuilder *object)
{
  th_json_add_text (object, "state", state_name (th_engine_get_state (self->engine)));
  th_json_add_time (object, "since", self->since);
  th_status_add_members (object, th_engine_get_backend (), self->engine);
  th_status_add_certificate (object, th_certificate_store_get_certificate (
                                         th_engine_get_certificate_store (self->engine)));
  add_credentials (self, object);
  add_urls (self, object);
  add_problems (self, object);
}
