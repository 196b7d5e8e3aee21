/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThConnectUrl: an immutable object for list models.
 */
#include "app/connect-url.h"

struct _ThConnectUrl {
  GObject parent_instance;
  char *label;
  char *url;
};

G_DEFINE_FINAL_TYPE (ThConnectUrl, th_connect_url, G_TYPE_OBJECT)

enum {
  PROP_LABEL = 1,
  PROP_URL,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_connect_url_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThConnectUrl *self = TH_CONNECT_URL (object);

  switch (id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;
    case PROP_URL:
      g_value_set_string (value, self->url);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_connect_url_finalize (GObject *object)
{
  ThConnectUrl *self = TH_CONNECT_URL (object);

  g_free (self->label);
  g_free (self->url);
  G_OBJECT_CLASS (th_connect_url_parent_class)->finalize (object);
}

static void
th_connect_url_class_init (ThConnectUrlClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_connect_url_get_property;
  object_class->finalize = th_connect_url_finalize;
  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_URL] = g_param_spec_string ("url", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_connect_url_init (ThConnectUrl *self)
{
}

ThConnectUrl *
th_connect_url_new (const char *label, const char *url)
{
  ThConnectUrl *self = g_object_new (TH_TYPE_CONNECT_URL, NULL);

  self->label = g_strdup (label);
  self->url = g_strdup (url);
  return self;
}

const char *
th_connect_url_get_label (ThConnectUrl *self)
{
  return self->label;
}

const char *
th_connect_url_get_url (ThConnectUrl *self)
{
  return self->url;
}

gboolean
th_connect_url_is_for_browsers (ThConnectUrl *self)
{
  return !g_str_has_prefix (self->url, "turns:") || !g_str_has_suffix (self->url, "transport=udp");
}
