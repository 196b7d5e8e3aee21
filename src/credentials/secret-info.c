/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretInfo holds four facts.
 */
#include "credentials/secret-info.h"

struct _ThSecretInfo
{
  GObject parent_instance;
  guint generation;
  gboolean current;
  gint64 created;
  gint64 expires_at;
};

G_DEFINE_FINAL_TYPE (ThSecretInfo, th_secret_info, G_TYPE_OBJECT)

enum
{
  PROP_GENERATION = 1,
  PROP_CURRENT,
  PROP_CREATED,
  PROP_EXPIRES_AT,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_secret_info_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThSecretInfo *self = TH_SECRET_INFO (object);

  switch (id)
    {
    case PROP_GENERATION:
      g_value_set_uint (value, self->generation);
      break;
    case PROP_CURRENT:
      g_value_set_boolean (value, self->current);
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, self->created);
      break;
    case PROP_EXPIRES_AT:
      g_value_set_int64 (value, self->expires_at);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_secret_info_class_init (ThSecretInfoClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_secret_info_get_property;
  properties[PROP_GENERATION] =
      g_param_spec_uint ("generation", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_CURRENT] = g_param_spec_boolean ("current", NULL, NULL, FALSE, flags);
  properties[PROP_CREATED] = g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_EXPIRES_AT] =
      g_param_spec_int64 ("expires-at", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_secret_info_init (ThSecretInfo *self)
{
}

ThSecretInfo *
th_secret_info_new (guint generation, gboolean current, gint64 created, gint64 expires_at)
{
  ThSecretInfo *self = g_object_new (TH_TYPE_SECRET_INFO, NULL);

  self->generation = generation;
  self->current = current;
  self->created = created;
  self->expires_at = expires_at;
  return self;
}

guint
th_secret_info_get_generation (ThSecretInfo *self)
{
  return self->generation;
}

gboolean
th_secret_info_is_current (ThSecretInfo *self)
{
  return self->current;
}

gint64
th_secret_info_get_created (ThSecretInfo *self)
{
  return self->created;
}

gint64
th_secret_info_get_expires_at (ThSecretInfo *self)
{
  return self->expires_at;
}

gboolean
th_secret_info_equal (ThSecretInfo *self, ThSecretInfo *other)
{
  return self->generation == other->generation && self->current == other->current &&
         self->created == other->created && self->expires_at == other->expires_at;
}
