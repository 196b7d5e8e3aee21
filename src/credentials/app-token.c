/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAppToken: what is known of one app, but no token.
 */
#include "credentials/app-token.h"

#include "credentials/app-token-private.h"

struct _ThAppToken {
  GObject parent_instance;
  char *name;
  gboolean configured;
  gint64 created;
  gint64 last_seen;
  guint generation;
};

G_DEFINE_FINAL_TYPE (ThAppToken, th_app_token, G_TYPE_OBJECT)

enum {
  PROP_NAME = 1,
  PROP_CONFIGURED,
  PROP_CREATED,
  PROP_LAST_SEEN,
  PROP_GENERATION,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_app_token_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThAppToken *self = TH_APP_TOKEN (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CONFIGURED:
      g_value_set_boolean (value, self->configured);
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, self->created);
      break;
    case PROP_LAST_SEEN:
      g_value_set_int64 (value, self->last_seen);
      break;
    case PROP_GENERATION:
      g_value_set_uint (value, self->generation);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_app_token_finalize (GObject *object)
{
  g_free (TH_APP_TOKEN (object)->name);
  G_OBJECT_CLASS (th_app_token_parent_class)->finalize (object);
}

static void
th_app_token_class_init (ThAppTokenClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_app_token_get_property;
  object_class->finalize = th_app_token_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_CONFIGURED] = g_param_spec_boolean ("configured", NULL, NULL, FALSE, flags);
  properties[PROP_CREATED] =
      g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_LAST_SEEN] =
      g_param_spec_int64 ("last-seen", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_GENERATION] =
      g_param_spec_uint ("generation", NULL, NULL, 0, G_MAXUINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_app_token_init (ThAppToken *self)
{
}

ThAppToken *
th_app_token_new (const char *name, gboolean configured)
{
  ThAppToken *self = g_object_new (TH_TYPE_APP_TOKEN, NULL);

  self->name = g_strdup (name);
  self->configured = configured;
  return self;
}

void
th_app_token_set_created (ThAppToken *self, gint64 created)
{
  if (self->created == created)
    return;
  self->created = created;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CREATED]);
}

void
th_app_token_note (ThAppToken *self, gint64 now, guint generation)
{
  if (self->last_seen != now)
    {
      self->last_seen = now;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LAST_SEEN]);
    }
  if (generation != 0 && self->generation != generation)
    {
      self->generation = generation;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_GENERATION]);
    }
}

const char *
th_app_token_get_name (ThAppToken *self)
{
  g_return_val_if_fail (TH_IS_APP_TOKEN (self), NULL);
  return self->name;
}

gboolean
th_app_token_is_configured (ThAppToken *self)
{
  g_return_val_if_fail (TH_IS_APP_TOKEN (self), FALSE);
  return self->configured;
}

gint64
th_app_token_get_created (ThAppToken *self)
{
  g_return_val_if_fail (TH_IS_APP_TOKEN (self), 0);
  return self->created;
}

gint64
th_app_token_get_last_seen (ThAppToken *self)
{
  g_return_val_if_fail (TH_IS_APP_TOKEN (self), 0);
  return self->last_seen;
}

guint
th_app_token_get_generation (ThAppToken *self)
{
  g_return_val_if_fail (TH_IS_APP_TOKEN (self), 0);
  return self->generation;
}
