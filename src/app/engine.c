/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEngine holds settings, secret ring, relay and endpoint, starts and stops them together, and
 * says in a list what is wrong.
 */
#include "app/engine-private.h"

#include "app/accounts-setup.h"
#include "app/credentials-setup.h"
#include "app/endpoint-settings.h"
#include "app/problems.h"
#include "app/relay-settings.h"

#define TRAFFIC_RATE_INTERVAL 1000 /* milliseconds */

G_DEFINE_ENUM_TYPE (ThEngineState,
                    th_engine_state,
                    G_DEFINE_ENUM_VALUE (TH_ENGINE_STOPPED, "stopped"),
                    G_DEFINE_ENUM_VALUE (TH_ENGINE_RUNNING, "running"),
                    G_DEFINE_ENUM_VALUE (TH_ENGINE_FAILED, "failed"))
G_DEFINE_FINAL_TYPE (ThEngine, th_engine, G_TYPE_OBJECT)

enum {
  PROP_STATE = 1,
  PROP_RUNNING,
  PROP_DRAINING,
  PROP_RESTART_PENDING,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
set_state (ThEngine *self, ThEngineState state)
{
  gboolean was_running = self->state == TH_ENGINE_RUNNING;

  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  if (was_running != (state == TH_ENGINE_RUNNING))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
}

/* Returns: whether it runs */
static gboolean
start_relay (ThEngine *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) unusable = NULL;
  g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (self->ring);

  g_clear_pointer (&self->relay_config, th_relay_config_free);
  self->relay_config = th_relay_config_from_settings (self->settings, &unusable);
  if (!th_relay_start (self->relay, self->relay_config, authenticator, &error))
    th_problems_add_relay (self->problems, error, self->relay_config);
  th_problems_add_listeners (self->problems, th_relay_get_listeners (self->relay),
                             self->relay_config);
  th_problems_add_addresses (self->problems, (const char *const *) unusable);
  return error == NULL;
}

/* After the relay, which knows by what addresses it is reached. */
static void
load_certificate (ThEngine *self)
{
  g_auto (GStrv) hosts = th_engine_find_hosts (self, FALSE);

  th_certificates_load (self->certificates, (const char *const *) hosts);
}

static void
set_error_from_problems (ThEngine *self, GError **error)
{
  g_autoptr (ThProblem) worst = g_list_model_get_item (G_LIST_MODEL (self->problems), 0);

  if (worst != NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s. %s", th_problem_get_title (worst),
                 th_problem_get_detail (worst));
}

static gboolean
every_listener_is_bound (ThEngine *self)
{
  GListModel *listeners = th_relay_get_listeners (self->relay);
  gboolean endpoint_off = th_settings_get_integer (self->settings, TH_SETTING_ENDPOINT_PORT) == 0;

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (!th_listener_info_is_bound (info))
        return FALSE;
    }
  return endpoint_off || self->endpoint != NULL;
}

static void
on_certificates_changed (ThCertificates *certificates, gpointer data)
{
  ThEngine *self = data;

  th_relay_set_tls (self->relay, th_certificates_get_context (certificates));
  if (self->endpoint != NULL)
    th_endpoint_set_tls (self->endpoint, th_certificates_get_context (certificates));
  th_engine_update_urls (self);
}

static void
on_ring_changed (ThSecretRing *ring, gpointer data)
{
  ThEngine *self = data;
  g_autoptr (ThTurnAuthenticator) authenticator = th_secret_ring_get_authenticator (ring);

  th_relay_set_authenticator (self->relay, authenticator);
}

static void
on_users_changed (ThUserList *users, gpointer data)
{
  th_secret_ring_set_users (((ThEngine *) data)->ring, th_user_list_get_users (users));
}

static void
th_engine_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThEngine *self = TH_ENGINE (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_enum (value, self->state);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->state == TH_ENGINE_RUNNING);
      break;
    case PROP_DRAINING:
      g_value_set_boolean (value, self->draining);
      break;
    case PROP_RESTART_PENDING:
      g_value_set_boolean (value, self->restart_pending);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_engine_finalize (GObject *object)
{
  ThEngine *self = TH_ENGINE (object);

  g_clear_handle_id (&self->settings_idle, g_source_remove);
  g_clear_object (&self->ice_runs);
  g_clear_object (&self->recorder);
  g_clear_object (&self->endpoint);
  g_clear_object (&self->certificates);
  g_clear_pointer (&self->loss_watch, th_loss_watch_free);
  g_clear_pointer (&self->traffic_rate, th_traffic_rate_free);
  g_clear_pointer (&self->traffic, th_traffic_recorder_free);
  g_clear_object (&self->rotator);
  g_clear_object (&self->relay);
  g_clear_pointer (&self->relay_config, th_relay_config_free);
  g_clear_pointer (&self->pending, th_pending_settings_free);
  g_clear_object (&self->ring);
  g_clear_object (&self->users);
  g_clear_object (&self->app_tokens);
  g_clear_object (&self->settings);
  g_strfreev (self->hosts);
  g_clear_object (&self->urls);
  g_clear_object (&self->problems);
  g_clear_pointer (&self->test_links, th_one_time_free);
  g_clear_object (&self->test_visits);
  G_OBJECT_CLASS (th_engine_parent_class)->finalize (object);
}

static void
th_engine_class_init (ThEngineClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_engine_get_property;
  object_class->finalize = th_engine_finalize;
  properties[PROP_STATE] =
      g_param_spec_enum ("state", NULL, NULL, TH_TYPE_ENGINE_STATE, TH_ENGINE_STOPPED, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_DRAINING] = g_param_spec_boolean ("draining", NULL, NULL, FALSE, flags);
  properties[PROP_RESTART_PENDING] =
      g_param_spec_boolean ("restart-pending", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_engine_init (ThEngine *self)
{
  self->relay = th_relay_new ();
  self->hosts = g_new0 (char *, 1);
  self->urls = g_list_store_new (TH_TYPE_CONNECT_URL);
  self->problems = g_list_store_new (TH_TYPE_PROBLEM);
  self->test_links = th_one_time_new (TH_TEST_LINKS_MAX, TH_TEST_LINK_LIFETIME);
  self->test_visits = g_list_store_new (TH_TYPE_TEST_VISIT);
}

ThEngine *
th_engine_new (ThSettings *settings, const char *state_directory, GError **error)
{
  g_autoptr (ThSecretRing) ring =
      th_secret_ring_open_with_settings (settings, state_directory, error);

  g_autoptr (ThUserList) users = NULL;
  g_autoptr (ThAppTokens) app_tokens = NULL;

  if (ring != NULL)
    users = th_user_list_open_with_settings (settings, state_directory, error);
  if (users != NULL)
    app_tokens = th_app_tokens_open (state_directory, error);
  if (app_tokens == NULL)
    return NULL;

  ThEngine *self = g_object_new (TH_TYPE_ENGINE, NULL);
  self->settings = g_object_ref (settings);
  self->ring = g_steal_pointer (&ring);
  self->certificates = th_certificates_new (settings, state_directory, self->problems);
  self->users = g_steal_pointer (&users);
  self->app_tokens = g_steal_pointer (&app_tokens);
  self->traffic =
      th_traffic_recorder_new (state_directory, self->relay, settings, self->problems);
  on_users_changed (self->users, self);
  th_engine_watch_settings (self);
  g_signal_connect_object (self->certificates, "changed", G_CALLBACK (on_certificates_changed),
                           self, 0);
  g_signal_connect_object (self->ring, "changed", G_CALLBACK (on_ring_changed), self, 0);
  self->rotator = th_rotator_new (self->ring, self->relay, settings);
  g_signal_connect_object (self->users, "changed", G_CALLBACK (on_users_changed), self, 0);
  self->ice_runs = th_ice_runs_new (self, state_directory);
  self->recorder = th_event_recorder_new (self);
  return self;
}

void
th_engine_start_endpoint (ThEngine *self)
{
  guint16 port = th_settings_get_integer (self->settings, TH_SETTING_ENDPOINT_PORT);
  const char *const *listen = th_settings_get_list (self->settings, TH_SETTING_ENDPOINT_LISTEN);
  g_autoptr (GError) error = NULL;
  g_autoptr (ThEndpointConfig) config = NULL;
  g_autoptr (ThEndpoint) endpoint = NULL;
  gboolean apps_known = th_app_tokens_apply_settings (self->app_tokens, self->settings, &error);

  self->endpoint_stale = FALSE;
  if (port == 0)
    return;
  if (apps_known)
    config = th_endpoint_config_from_settings (self->settings);
  if (config != NULL)
    endpoint = th_endpoint_new (config, th_engine_get_backend (), self);
  if (endpoint != NULL)
    th_endpoint_set_tls (endpoint, th_certificates_get_context (self->certificates));
  if (endpoint != NULL && th_endpoint_start (endpoint, &error))
    self->endpoint = g_steal_pointer (&endpoint);
  else
    th_problems_add_endpoint (self->problems, error, listen, port);
}

gboolean
th_engine_start (ThEngine *self, GError **error)
{
  gboolean runs;

  th_engine_stop (self);
  g_clear_handle_id (&self->settings_idle, g_source_remove); /* all of it is read now */
  th_engine_apply_credentials (self, th_settings_get_string (self->settings, TH_SETTING_RELAY_REALM));
  self->pending = th_pending_settings_new (self->settings);
  runs = start_relay (self);
  load_certificate (self);
  th_engine_start_endpoint (self);
  th_engine_update_urls (self);
  if (runs)
    {
      self->loss_watch = th_loss_watch_new (self->relay, self->problems);
      th_traffic_recorder_start (self->traffic);
      self->traffic_rate =
          th_traffic_rate_new (th_engine_get_backend (), self, TRAFFIC_RATE_INTERVAL);
    }
  set_state (self, runs ? TH_ENGINE_RUNNING : TH_ENGINE_FAILED);
  if (runs && every_listener_is_bound (self))
    return TRUE;
  set_error_from_problems (self, error);
  return FALSE;
}

void
th_engine_stop (ThEngine *self)
{
  g_clear_object (&self->endpoint);
  g_clear_pointer (&self->loss_watch, th_loss_watch_free);
  g_clear_pointer (&self->traffic_rate, th_traffic_rate_free);
  th_traffic_recorder_stop (self->traffic);
  th_relay_stop (self->relay);
  th_certificates_stop (self->certificates);
  g_list_store_remove_all (self->problems);
  th_engine_update_urls (self);
  g_clear_pointer (&self->pending, th_pending_settings_free);
  set_state (self, TH_ENGINE_STOPPED);
  th_engine_update_pending (self);
}

void
th_engine_restart (ThEngine *self)
{
  if (self->state != TH_ENGINE_STOPPED)
    th_engine_start (self, NULL);
}

void
th_engine_set_draining (ThEngine *self, gboolean draining)
{
  if (self->draining == draining)
    return;
  self->draining = draining;
  th_relay_set_draining (self->relay, draining);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_DRAINING]);
}

gboolean
th_engine_is_draining (ThEngine *self)
{
  return self->draining;
}

ThEngineState
th_engine_get_state (ThEngine *self)
{
  return self->state;
}

ThSettings *
th_engine_get_settings (ThEngine *self)
{
  return self->settings;
}

ThRelay *
th_engine_get_relay (ThEngine *self)
{
  return self->relay;
}

ThSecretRing *
th_engine_get_secret_ring (ThEngine *self)
{
  return self->ring;
}

ThRotator *
th_engine_get_rotator (ThEngine *self)
{
  return self->rotator;
}

ThAppTokens *
th_engine_get_app_tokens (ThEngine *self)
{
  return self->app_tokens;
}

ThUserList *
th_engine_get_users (ThEngine *self)
{
  return self->users;
}

ThTrafficRecorder *
th_engine_get_traffic (ThEngine *self)
{
  return self->traffic;
}

GListModel *
th_engine_get_problems (ThEngine *self)
{
  return G_LIST_MODEL (self->problems);
}

ThIceRuns *
th_engine_get_ice_runs (ThEngine *self)
{
  return self->ice_runs;
}

ThEventLog *
th_engine_get_events (ThEngine *self)
{
  return th_event_recorder_get_log (self->recorder);
}

void
th_engine_resolve_problem (ThEngine *self, ThProblem *problem)
{
  gboolean endpoint = g_str_has_prefix (th_problem_get_id (problem), "endpoint-");
  g_autofree char *port = g_strdup_printf ("%u", th_problem_get_value (problem));
  g_autoptr (GError) error = NULL;

  if (th_problem_get_value (problem) == 0)
    return;
  if (!th_settings_set_text (self->settings,
                             endpoint ? TH_SETTING_ENDPOINT_PORT : TH_SETTING_RELAY_PORT, port,
                             &error))
    g_warning ("The port cannot be changed: %s", error->message);
  else if (endpoint)
    th_engine_reread (self); /* ends no call */
  else
    th_engine_restart (self);
}

ThCertificateStore *
th_engine_get_certificate_store (ThEngine *self)
{
  return th_certificates_get_store (self->certificates);
}
