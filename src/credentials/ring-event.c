/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRingEvent holds four facts.
 */
#include "credentials/ring-event.h"

#include <string.h>

#include "credentials/secret.h"

#define NAME_SIZE_MAX 64

struct _ThRingEvent
{
  GObject parent_instance;
  gint64 time;
  ThRingKind kind;
  ThRingDeed deed;
  char *by;
};

G_DEFINE_ENUM_TYPE (ThRingDeed,
                    th_ring_deed,
                    G_DEFINE_ENUM_VALUE (TH_RING_DEED_ROTATED, "rotated"),
                    G_DEFINE_ENUM_VALUE (TH_RING_DEED_REVOKED, "revoked"),
                    G_DEFINE_ENUM_VALUE (TH_RING_DEED_UNDONE, "undone"),
                    G_DEFINE_ENUM_VALUE (TH_RING_DEED_CONFIGURED, "configured"))
G_DEFINE_FINAL_TYPE (ThRingEvent, th_ring_event, G_TYPE_OBJECT)

enum
{
  PROP_TIME = 1,
  PROP_KIND,
  PROP_DEED,
  PROP_BY,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_ring_event_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThRingEvent *self = TH_RING_EVENT (object);

  switch (id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, self->time);
      break;
    case PROP_KIND:
      g_value_set_uint (value, self->kind);
      break;
    case PROP_DEED:
      g_value_set_enum (value, self->deed);
      break;
    case PROP_BY:
      g_value_set_string (value, self->by);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ring_event_finalize (GObject *object)
{
  g_free (TH_RING_EVENT (object)->by);
  G_OBJECT_CLASS (th_ring_event_parent_class)->finalize (object);
}

static void
th_ring_event_class_init (ThRingEventClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_ring_event_get_property;
  object_class->finalize = th_ring_event_finalize;
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_KIND] =
      g_param_spec_uint ("kind", NULL, NULL, 0, TH_RING_N_KINDS - 1, 0, flags);
  properties[PROP_DEED] =
      g_param_spec_enum ("deed", NULL, NULL, TH_TYPE_RING_DEED, TH_RING_DEED_ROTATED, flags);
  properties[PROP_BY] = g_param_spec_string ("by", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ring_event_init (ThRingEvent *self)
{
}

ThRingEvent *
th_ring_event_new (gint64 time, ThRingKind kind, ThRingDeed deed, const char *by)
{
  ThRingEvent *self;

  g_return_val_if_fail (kind < TH_RING_N_KINDS && th_ring_event_is_name (by), NULL);

  self = g_object_new (TH_TYPE_RING_EVENT, NULL);
  self->time = time;
  self->kind = kind;
  self->deed = deed;
  self->by = g_strdup (by);
  return self;
}

gint64
th_ring_event_get_time (ThRingEvent *self)
{
  return self->time;
}

ThRingKind
th_ring_event_get_kind (ThRingEvent *self)
{
  return self->kind;
}

ThRingDeed
th_ring_event_get_deed (ThRingEvent *self)
{
  return self->deed;
}

const char *
th_ring_event_get_by (ThRingEvent *self)
{
  return self->by;
}

gboolean
th_ring_event_equal (ThRingEvent *self, ThRingEvent *other)
{
  return self->time == other->time && self->kind == other->kind && self->deed == other->deed &&
         g_str_equal (self->by, other->by);
}

gboolean
th_ring_event_is_name (const char *text)
{
  gsize length = strlen (text);

  return length >= 1 && length <= NAME_SIZE_MAX && th_text_is_plain (text, length);
}
