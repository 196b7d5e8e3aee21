/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIcePair holds two candidates and how trying them goes.
 */
#include "ice/ice-pair.h"

struct _ThIcePair {
  GObject parent_instance;
  ThIceCandidate *local;
  ThIceCandidate *remote;
  ThIcePairState state;
  gboolean selected;
};

G_DEFINE_FINAL_TYPE (ThIcePair, th_ice_pair, G_TYPE_OBJECT)

enum {
  PROP_LOCAL = 1,
  PROP_REMOTE,
  PROP_STATE,
  PROP_STATE_NAME,
  PROP_SELECTED,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static const char *const state_names[] = {
  [TH_ICE_PAIR_FROZEN] = "frozen",         [TH_ICE_PAIR_WAITING] = "waiting",
  [TH_ICE_PAIR_IN_PROGRESS] = "in-progress", [TH_ICE_PAIR_SUCCEEDED] = "succeeded",
  [TH_ICE_PAIR_FAILED] = "failed",
};

static void
th_ice_pair_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIcePair *self = TH_ICE_PAIR (object);

  switch (id)
    {
    case PROP_LOCAL:
      g_value_set_object (value, self->local);
      break;
    case PROP_REMOTE:
      g_value_set_object (value, self->remote);
      break;
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_STATE_NAME:
      g_value_set_static_string (value, state_names[self->state]);
      break;
    case PROP_SELECTED:
      g_value_set_boolean (value, self->selected);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_pair_finalize (GObject *object)
{
  ThIcePair *self = TH_ICE_PAIR (object);

  g_object_unref (self->local);
  g_object_unref (self->remote);
  G_OBJECT_CLASS (th_ice_pair_parent_class)->finalize (object);
}

static void
th_ice_pair_class_init (ThIcePairClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_ice_pair_get_property;
  object_class->finalize = th_ice_pair_finalize;
  properties[PROP_LOCAL] =
      g_param_spec_object ("local", NULL, NULL, TH_TYPE_ICE_CANDIDATE, flags);
  properties[PROP_REMOTE] =
      g_param_spec_object ("remote", NULL, NULL, TH_TYPE_ICE_CANDIDATE, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, TH_ICE_PAIR_FAILED, 0, flags);
  properties[PROP_STATE_NAME] = g_param_spec_string ("state-name", NULL, NULL, NULL, flags);
  properties[PROP_SELECTED] = g_param_spec_boolean ("selected", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_pair_init (ThIcePair *self)
{
}

ThIcePair *
th_ice_pair_new (ThIceCandidate *local, ThIceCandidate *remote)
{
  ThIcePair *self = g_object_new (TH_TYPE_ICE_PAIR, NULL);

  self->local = g_object_ref (local);
  self->remote = g_object_ref (remote);
  self->state = TH_ICE_PAIR_WAITING;
  return self;
}

ThIceCandidate *
th_ice_pair_get_local (ThIcePair *self)
{
  g_return_val_if_fail (TH_IS_ICE_PAIR (self), NULL);
  return self->local;
}

ThIceCandidate *
th_ice_pair_get_remote (ThIcePair *self)
{
  g_return_val_if_fail (TH_IS_ICE_PAIR (self), NULL);
  return self->remote;
}

ThIcePairState
th_ice_pair_get_state (ThIcePair *self)
{
  g_return_val_if_fail (TH_IS_ICE_PAIR (self), TH_ICE_PAIR_FAILED);
  return self->state;
}

gboolean
th_ice_pair_is_selected (ThIcePair *self)
{
  g_return_val_if_fail (TH_IS_ICE_PAIR (self), FALSE);
  return self->selected;
}

void
th_ice_pair_set_state (ThIcePair *self, ThIcePairState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE_NAME]);
}

void
th_ice_pair_set_selected (ThIcePair *self, gboolean selected)
{
  if (self->selected == selected)
    return;
  self->selected = selected;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
}

const char *
th_ice_pair_state_get_name (ThIcePairState state)
{
  return state_names[state];
}

gboolean
th_ice_pair_state_parse (const char *name, ThIcePairState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    {
      if (!g_str_equal (name, state_names[i]))
        continue;
      *state = i;
      return TRUE;
    }
  return FALSE;
}
