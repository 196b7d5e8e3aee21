/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A stage, and its properties for whoever shows it.
 */
#include "ice/ice-stage.h"

#include <glib/gi18n.h>

#include "ice/ice-remedy.h"

struct _ThIceStage {
  GObject parent_instance;
  ThIceStageKind kind;
  ThIceStageState state;
  gint64 began; /* monotonic microseconds, 0: not yet, as ended */
  gint64 ended;
  guint code;
  GError *error; /* nullable */
  char *observed; /* nullable */
};

G_DEFINE_FINAL_TYPE (ThIceStage, th_ice_stage, G_TYPE_OBJECT)

enum {
  PROP_NAME = 1,
  PROP_STATE,
  PROP_TOOK,
  PROP_CODE,
  PROP_CAUSE,
  PROP_REMEDY,
  PROP_OBSERVED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_ice_stage_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIceStage *self = TH_ICE_STAGE (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, th_ice_stage_get_name (self));
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_TOOK:
      g_value_set_int64 (value, th_ice_stage_get_took (self));
      break;
    case PROP_CODE:
      g_value_set_uint (value, self->code);
      break;
    case PROP_CAUSE:
      g_value_set_string (value, th_ice_stage_get_cause (self));
      break;
    case PROP_REMEDY:
      g_value_set_string (value, th_ice_stage_get_remedy (self));
      break;
    case PROP_OBSERVED:
      g_value_set_string (value, th_ice_stage_get_observed (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_stage_finalize (GObject *object)
{
  ThIceStage *self = TH_ICE_STAGE (object);

  g_clear_error (&self->error);
  g_free (self->observed);
  G_OBJECT_CLASS (th_ice_stage_parent_class)->finalize (object);
}

static void
th_ice_stage_class_init (ThIceStageClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_ice_stage_get_property;
  object_class->finalize = th_ice_stage_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, TH_ICE_STAGE_SKIPPED, 0, flags);
  properties[PROP_TOOK] = g_param_spec_int64 ("took", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_CODE] = g_param_spec_uint ("code", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CAUSE] = g_param_spec_string ("cause", NULL, NULL, NULL, flags);
  properties[PROP_REMEDY] = g_param_spec_string ("remedy", NULL, NULL, NULL, flags);
  properties[PROP_OBSERVED] = g_param_spec_string ("observed", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_stage_init (ThIceStage *self)
{
}

ThIceStage *
th_ice_stage_new (ThIceStageKind kind)
{
  ThIceStage *self = g_object_new (TH_TYPE_ICE_STAGE, NULL);

  self->kind = kind;
  return self;
}

static void
set_state (ThIceStage *self, ThIceStageState state)
{
  GObject *object = G_OBJECT (self);

  self->state = state;
  if (state != TH_ICE_STAGE_RUNNING && self->began != 0)
    self->ended = g_get_monotonic_time ();
  g_object_freeze_notify (object);
  for (guint i = PROP_STATE; i < N_PROPERTIES; i++)
    g_object_notify_by_pspec (object, properties[i]);
  g_object_thaw_notify (object);
}

static void
set_outcome (ThIceStage *self, guint code, const GError *error, const char *observed)
{
  self->code = code;
  g_clear_error (&self->error);
  self->error = error != NULL ? g_error_copy (error) : NULL;
  g_free (self->observed);
  self->observed = g_strdup (observed);
}

void
th_ice_stage_begin (ThIceStage *self)
{
  self->began = g_get_monotonic_time ();
  set_state (self, TH_ICE_STAGE_RUNNING);
}

void
th_ice_stage_pass (ThIceStage *self, const char *observed)
{
  set_outcome (self, 0, NULL, observed);
  set_state (self, TH_ICE_STAGE_OK);
}

void
th_ice_stage_fail (ThIceStage *self, guint code, const GError *error, const char *observed)
{
  set_outcome (self, code, error, observed);
  set_state (self, TH_ICE_STAGE_FAILED);
}

void
th_ice_stage_skip (ThIceStage *self, guint code, const GError *error)
{
  set_outcome (self, code, error, NULL);
  set_state (self, TH_ICE_STAGE_SKIPPED);
}

ThIceStageKind
th_ice_stage_get_kind (ThIceStage *self)
{
  return self->kind;
}

const char *
th_ice_stage_get_name (ThIceStage *self)
{
  /* Translators: the stages of a test; names of the protocol, but for Connect and Echo */
  static const char *const names[] = {
    N_("DNS"),      N_("Connect"),    N_("TLS"),     N_("Binding"),
    N_("Allocate"), N_("Permission"), N_("Channel"), N_("Echo"),
  };

  return _(names[self->kind]);
}

ThIceStageState
th_ice_stage_get_state (ThIceStage *self)
{
  return self->state;
}

gint64
th_ice_stage_get_began (ThIceStage *self)
{
  return self->began;
}

gint64
th_ice_stage_get_took (ThIceStage *self)
{
  if (self->began == 0)
    return 0;
  return (self->ended != 0 ? self->ended : g_get_monotonic_time ()) - self->began;
}

guint
th_ice_stage_get_code (ThIceStage *self)
{
  return self->code;
}

const GError *
th_ice_stage_get_error (ThIceStage *self)
{
  return self->error;
}

const char *
th_ice_stage_get_cause (ThIceStage *self)
{
  return self->error != NULL ? self->error->message : "";
}

const char *
th_ice_stage_get_remedy (ThIceStage *self)
{
  if (self->state != TH_ICE_STAGE_FAILED)
    return "";
  return th_ice_remedy (self->kind, self->error->code, self->code);
}

const char *
th_ice_stage_get_observed (ThIceStage *self)
{
  return self->observed != NULL ? self->observed : "";
}

const char *
th_ice_stage_describe (ThIceStage *self)
{
  switch (self->state)
    {
    case TH_ICE_STAGE_RUNNING:
      return "…";
    case TH_ICE_STAGE_OK:
      return th_ice_stage_get_observed (self);
    default:
      return th_ice_stage_get_cause (self);
    }
}

void
th_ice_stage_get_facts (ThIceStage *self, ThIceStageFacts *facts)
{
  facts->state = self->state;
  facts->error = self->error != NULL ? self->error->code : -1;
  facts->stun_code = self->code;
  facts->took = th_ice_stage_get_took (self);
}
