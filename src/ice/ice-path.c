/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The path keeps the stages in step with what its legs and its echo tell, and decides what comes
 * next: the name, a leg, a second leg, the echo, and the end.
 */
#include "ice/ice-path.h"

#include <glib/gi18n.h>

#include "credentials/secret.h"
#include "ice/ice-echo.h"
#include "ice/ice-later.h"
#include "ice/ice-name.h"
#include "ice/ice-sight.h"

#define RELEASE_TIME 500 /* milliseconds that the server has to take allocations back */

struct _ThIcePath {
  GObject parent_instance;
  ThIceServer *server;
  ThStunFamily family;
  char *label;
  ThIceTrust *trust;
  guint timeout;
  char *secret; /* nullable */
  GListStore *stages;
  gboolean running;
  guint current; /* the stage that runs or comes next */
  GCancellable *cancellable;
  ThIceLeg *leg;    /* nullable, as are all below */
  ThIceLeg *other;  /* at the far end */
  GError *no_other; /* why there is none, where there could not be */
  guint no_other_code;
  ThIceLater *later; /* asks again with a credential that ends later */
  ThIceEcho *echo;
  guint releases;   /* not yet answered */
  guint timer;      /* source: the end of waiting for them */
  ThIceSight sight;
};

G_DEFINE_FINAL_TYPE (ThIcePath, th_ice_path, G_TYPE_OBJECT)

enum {
  PROP_RUNNING = 1,
  N_PROPERTIES,
};

enum {
  FINISHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPERTIES];
static guint signals[N_SIGNALS];

static ThIceStage *
stage_at (ThIcePath *self, guint i)
{
  g_autoptr (ThIceStage) stage = g_list_model_get_item (G_LIST_MODEL (self->stages), i);

  return stage; /* the list keeps it */
}

/* What a socket no longer tells once it is gone. */
static void
remember (ThIcePath *self)
{
  if (self->leg != NULL)
    th_ice_sight_take_leg (&self->sight, self->leg);
  if (self->leg != NULL && self->echo != NULL)
    th_ice_sight_take_echo (&self->sight, self->echo);
}

static void
let_go (ThIcePath *self)
{
  remember (self);
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  g_clear_pointer (&self->echo, th_ice_echo_free);
  g_clear_pointer (&self->leg, th_ice_leg_free);
  g_clear_pointer (&self->other, th_ice_leg_free);
  g_clear_pointer (&self->later, th_ice_later_free);
}

static void
skip_rest (ThIcePath *self)
{
  for (; self->current < TH_ICE_N_STAGES; self->current++)
    th_ice_stage_skip (stage_at (self, self->current), 0, NULL);
}

static void
finish (ThIcePath *self)
{
  g_object_ref (self);
  let_go (self);
  skip_rest (self);
  self->running = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  g_signal_emit (self, signals[FINISHED], 0);
  g_object_unref (self);
}

static void
begin (ThIcePath *self, ThIceStageKind kind)
{
  self->current = kind;
  th_ice_stage_begin (stage_at (self, kind));
}

static void
pass (ThIcePath *self, const char *observed)
{
  th_ice_stage_pass (stage_at (self, self->current++), observed);
}

/* Marks the stage that runs, and those behind it; what there is to do then is the caller's. */
static void
mark_failed (ThIcePath *self, guint code, const GError *error)
{
  remember (self);
  th_ice_stage_fail (stage_at (self, self->current++), code, error, NULL);
  skip_rest (self);
}

static void
fail (ThIcePath *self, guint code, const GError *error)
{
  mark_failed (self, code, error);
  finish (self);
}

/* After a 401: would a credential that ends later have been good? */

static void
on_asked_later (ThIceRetry outcome, gpointer data)
{
  ThIcePath *self = data;

  self->sight.seen.later_credential = outcome;
  finish (self);
}

/* The end, with thanks. */

static void
on_released (guint code, const GError *error, gpointer data)
{
  ThIcePath *self = data;

  if (--self->releases == 0)
    finish (self);
}

static gboolean
on_release_time_over (gpointer data)
{
  ThIcePath *self = data;

  self->timer = 0;
  finish (self);
  return G_SOURCE_REMOVE;
}

static void
release (ThIcePath *self)
{
  remember (self);
  g_clear_pointer (&self->echo, th_ice_echo_free);
  self->timer = g_timeout_add (RELEASE_TIME, on_release_time_over, self);
  self->releases = self->other != NULL ? 2 : 1;
  th_ice_leg_release (self->leg, on_released, self);
  if (self->other != NULL)
    th_ice_leg_release (self->other, on_released, self);
}

/* The echo. */

/* Without a second allocation there may be nothing that could be sent to. */
static void
skip_echo (ThIcePath *self)
{
  th_ice_stage_skip (stage_at (self, self->current++), self->no_other_code, self->no_other);
  skip_rest (self);
}

static void
on_echo_passed (ThIceStageKind stage, gpointer data)
{
  ThIcePath *self = data;
  g_autofree char *observed = NULL;

  if (stage == TH_ICE_STAGE_ECHO)
    observed = g_strdup_printf ("%.1f ms", th_ice_echo_get_round_trip (self->echo) / 1000.0);
  pass (self, observed);
  if (stage == TH_ICE_STAGE_ECHO)
    release (self);
  else
    begin (self, stage + 1);
}

/* That our own address is denied says nothing against the relay. */
static void
on_echo_failed (guint code, const GError *error, gpointer data)
{
  ThIcePath *self = data;

  if (self->no_other != NULL && code == TH_STUN_FORBIDDEN)
    skip_echo (self);
  else
    mark_failed (self, code, error);
  release (self);
}

static const ThIceEchoEvents echo_events = {
  .passed = on_echo_passed,
  .failed = on_echo_failed,
};

static void
begin_echo (ThIcePath *self)
{
  begin (self, TH_ICE_STAGE_PERMISSION);
  self->echo = th_ice_echo_new (self->leg, self->other, self->timeout, &echo_events, self);
  if (self->echo != NULL)
    return;
  skip_echo (self);
  release (self);
}

static void
begin_echo_without_other (ThIcePath *self, guint code, const GError *error)
{
  self->no_other = g_error_copy (error);
  self->no_other_code = code;
  begin_echo (self);
}

/* The leg at the far end. */

static void
on_other_passed (ThIceStageKind stage, gpointer data)
{
  if (stage == TH_ICE_STAGE_ALLOCATE)
    begin_echo (data);
}

static void
on_other_failed (guint code, const GError *error, gpointer data)
{
  ThIcePath *self = data;
  g_autoptr (GError) copy = g_error_copy (error);

  g_clear_pointer (&self->other, th_ice_leg_free);
  if (self->echo != NULL)
    fail (self, code, copy);
  else if (self->releases == 0)
    begin_echo_without_other (self, code, copy);
}

static void
on_other_received (const ThAddress *peer, const guint8 *bytes, gsize length, gpointer data)
{
  ThIcePath *self = data;

  if (self->echo != NULL)
    th_ice_echo_take (self->echo, self->other, peer, bytes, length);
}

static const ThIceLegEvents other_events = {
  .passed = on_other_passed,
  .failed = on_other_failed,
  .received = on_other_received,
};

static void
open_other (ThIcePath *self)
{
  g_autoptr (GError) error = NULL;

  self->other = th_ice_leg_new (self->server, &self->sight.seen.remote, FALSE, self->trust,
                                self->timeout, &other_events, self, &error);
  if (self->other == NULL)
    begin_echo_without_other (self, 0, error);
}

/* The leg. */

static void
on_leg_passed (ThIceStageKind stage, gpointer data)
{
  ThIcePath *self = data;
  g_autofree char *observed = NULL;

  remember (self);
  observed = th_ice_sight_describe (&self->sight, stage);
  pass (self, observed);
  if (stage == TH_ICE_STAGE_CONNECT && !th_ice_transport_is_secure (self->server->transport))
    th_ice_stage_skip (stage_at (self, self->current++), 0, NULL);
  if (stage == TH_ICE_STAGE_ALLOCATE)
    open_other (self);
  else if (stage == TH_ICE_STAGE_BINDING && self->server->kind == TH_ICE_STUN)
    finish (self);
  else
    begin (self, self->current);
}

static void
on_leg_failed (guint code, const GError *error, gpointer data)
{
  ThIcePath *self = data;

  if (self->releases > 0)
    finish (self);
  else if (code != TH_STUN_UNAUTHENTICATED || self->secret == NULL)
    fail (self, code, error);
  else
    {
      mark_failed (self, code, error);
      self->later = th_ice_later_new (self->server, &self->sight.seen.remote, self->secret, self->trust,
                                      self->timeout, on_asked_later, self);
      if (self->later == NULL)
        finish (self);
    }
}

static void
on_leg_received (const ThAddress *peer, const guint8 *bytes, gsize length, gpointer data)
{
  ThIcePath *self = data;

  if (self->echo != NULL)
    th_ice_echo_take (self->echo, self->leg, peer, bytes, length);
}

static const ThIceLegEvents leg_events = {
  .passed = on_leg_passed,
  .failed = on_leg_failed,
  .received = on_leg_received,
};

static void
open_leg (ThIcePath *self)
{
  g_autoptr (GError) error = NULL;

  begin (self, TH_ICE_STAGE_CONNECT);
  self->leg = th_ice_leg_new (self->server, &self->sight.seen.remote, TRUE, self->trust, self->timeout,
                              &leg_events, self, &error);
  if (self->leg == NULL)
    fail (self, 0, error);
}

/* The name. */

static void
take_address (ThIcePath *self)
{
  char text[TH_ADDRESS_STRING_SIZE];

  pass (self, th_address_format_host (&self->sight.seen.remote, text));
  open_leg (self);
}

/* Whatever else the name has, it is not for this path. */
static void
skip_family (ThIcePath *self, const GError *error)
{
  th_ice_stage_skip (stage_at (self, self->current++), 0, error);
  finish (self);
}

static void
on_looked_up (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (ThIcePath) self = data;
  g_autoptr (GError) error = NULL;
  ThAddress remote;
  gboolean found = th_ice_name_look_up_finish (result, &remote, &error);

  if (!self->running)
    return;
  if (found)
    {
      self->sight.seen.remote = remote;
      take_address (self);
    }
  else if (g_error_matches (error, TH_ICE_ERROR, TH_ICE_ERROR_NO_FAMILY))
    skip_family (self, error);
  else
    fail (self, 0, error);
}

static void
th_ice_path_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  switch (id)
    {
    case PROP_RUNNING:
      g_value_set_boolean (value, TH_ICE_PATH (object)->running);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_path_dispose (GObject *object)
{
  let_go (TH_ICE_PATH (object));
  G_OBJECT_CLASS (th_ice_path_parent_class)->dispose (object);
}

static void
th_ice_path_finalize (GObject *object)
{
  ThIcePath *self = TH_ICE_PATH (object);

  th_ice_server_free (self->server);
  g_free (self->label);
  g_clear_pointer (&self->trust, th_ice_trust_unref);
  th_secret_free (self->secret);
  g_object_unref (self->stages);
  g_object_unref (self->cancellable);
  g_clear_error (&self->no_other);
  th_ice_sight_clear (&self->sight);
  G_OBJECT_CLASS (th_ice_path_parent_class)->finalize (object);
}

static void
th_ice_path_class_init (ThIcePathClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);

  object_class->get_property = th_ice_path_get_property;
  object_class->dispose = th_ice_path_dispose;
  object_class->finalize = th_ice_path_finalize;
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE,
                                                   G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
  signals[FINISHED] = g_signal_new ("finished", TH_TYPE_ICE_PATH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
}

static void
th_ice_path_init (ThIcePath *self)
{
  self->cancellable = g_cancellable_new ();
  self->stages = g_list_store_new (TH_TYPE_ICE_STAGE);
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      g_autoptr (ThIceStage) stage = th_ice_stage_new (i);

      g_list_store_append (self->stages, stage);
    }
}

gboolean
th_ice_path_is_possible (const ThIceServer *server, ThStunFamily family)
{
  ThAddress address;

  return !th_address_parse (&address, server->host, server->port) ||
         th_address_family (&address) == family;
}

ThIcePath *
th_ice_path_new (const ThIceServer *server, ThStunFamily family, const ThIcePathOptions *options)
{
  ThIcePath *self = g_object_new (TH_TYPE_ICE_PATH, NULL);

  self->server = th_ice_server_copy (server);
  self->family = family;
  self->trust = options->trust != NULL ? th_ice_trust_ref (options->trust) : NULL;
  self->timeout = options->timeout != 0 ? options->timeout : TH_ICE_PATH_TIMEOUT;
  self->secret = g_strdup (options->secret);
  /* Translators: "TURN over UDP, IPv4" */
  self->label = g_strdup_printf (_("%s over %s, %s"), server->kind == TH_ICE_TURN ? "TURN" : "STUN",
                                 th_ice_transport_get_label (server->transport),
                                 family == TH_STUN_FAMILY_IPV6 ? "IPv6" : "IPv4");
  return self;
}

void
th_ice_path_start (ThIcePath *self)
{
  g_return_if_fail (!self->running && self->current == TH_ICE_STAGE_DNS);
  self->running = TRUE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_RUNNING]);
  begin (self, TH_ICE_STAGE_DNS);
  if (th_address_parse (&self->sight.seen.remote, self->server->host, self->server->port))
    take_address (self);
  else
    th_ice_name_look_up_async (self->server, self->family, self->timeout, self->cancellable,
                               on_looked_up, g_object_ref (self));
}

void
th_ice_path_stop (ThIcePath *self)
{
  if (self->running)
    finish (self);
}

gboolean
th_ice_path_is_running (ThIcePath *self)
{
  return self->running;
}

const ThIceServer *
th_ice_path_get_server (ThIcePath *self)
{
  return self->server;
}

ThStunFamily
th_ice_path_get_family (ThIcePath *self)
{
  return self->family;
}

GListModel *
th_ice_path_get_stages (ThIcePath *self)
{
  return G_LIST_MODEL (self->stages);
}

ThIceStage *
th_ice_path_get_stage (ThIcePath *self, ThIceStageKind kind)
{
  return stage_at (self, kind);
}

const char *
th_ice_path_get_label (ThIcePath *self)
{
  return self->label;
}

const char *
th_ice_path_get_software (ThIcePath *self)
{
  return self->sight.software;
}

const ThIceCertificate *
th_ice_path_get_certificate (ThIcePath *self)
{
  return self->sight.certificate;
}

gint64
th_ice_path_get_round_trip (ThIcePath *self)
{
  return self->sight.round_trip;
}

gboolean
th_ice_path_is_well (ThIcePath *self)
{
  ThIceStageKind last =
      self->server->kind == TH_ICE_STUN ? TH_ICE_STAGE_BINDING : TH_ICE_STAGE_ECHO;

  return th_ice_stage_get_state (stage_at (self, last)) == TH_ICE_STAGE_OK;
}

ThIceStage *
th_ice_path_get_failure (ThIcePath *self)
{
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      ThIceStage *stage = stage_at (self, i);

      if (th_ice_stage_get_state (stage) == TH_ICE_STAGE_FAILED)
        return stage;
    }
  return NULL;
}

void
th_ice_path_add_facts (ThIcePath *self, ThIceFacts *facts)
{
  ThIcePathFacts *path = th_ice_facts_add_path (facts, self->server, self->family);

  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    th_ice_stage_get_facts (stage_at (self, i), &path->stages[i]);
  th_ice_sight_tell (&self->sight, path);
}
