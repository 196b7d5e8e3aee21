/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListenerInfo: the facts about one listener, for rows and reports.
 */
#include "relay/listener-info.h"

#include "relay/listener-info-private.h"

struct _ThListenerInfo {
  GObject parent_instance;
  ThTransport transport;
  ThAddress address;
  char host[TH_ADDRESS_STRING_SIZE];
  int error_number;
};

G_DEFINE_FINAL_TYPE (ThListenerInfo, th_listener_info, G_TYPE_OBJECT)

enum {
  PROP_TRANSPORT = 1,
  PROP_FAMILY,
  PROP_ADDRESS,
  PROP_PORT,
  PROP_BOUND,
  PROP_PROBLEM,
  PROP_ERROR_NUMBER,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_listener_info_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThListenerInfo *self = TH_LISTENER_INFO (object);

  switch (id)
    {
    case PROP_TRANSPORT:
      g_value_set_string (value, th_listener_info_get_transport (self));
      break;
    case PROP_FAMILY:
      g_value_set_uint (value, th_listener_info_get_family (self));
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, self->host);
      break;
    case PROP_PORT:
      g_value_set_uint (value, th_listener_info_get_port (self));
      break;
    case PROP_BOUND:
      g_value_set_boolean (value, th_listener_info_is_bound (self));
      break;
    case PROP_PROBLEM:
      g_value_set_string (value, th_listener_info_get_problem (self));
      break;
    case PROP_ERROR_NUMBER:
      g_value_set_int (value, self->error_number);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_listener_info_class_init (ThListenerInfoClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_listener_info_get_property;
  properties[PROP_TRANSPORT] = g_param_spec_string ("transport", NULL, NULL, NULL, flags);
  properties[PROP_FAMILY] = g_param_spec_uint ("family", NULL, NULL, 4, 6, 4, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_PORT] = g_param_spec_uint ("port", NULL, NULL, 0, G_MAXUINT16, 0, flags);
  properties[PROP_BOUND] = g_param_spec_boolean ("bound", NULL, NULL, FALSE, flags);
  properties[PROP_PROBLEM] = g_param_spec_string ("problem", NULL, NULL, NULL, flags);
  properties[PROP_ERROR_NUMBER] =
      g_param_spec_int ("error-number", NULL, NULL, 0, G_MAXINT, 0, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_listener_info_init (ThListenerInfo *self)
{
}

ThListenerInfo *
th_listener_info_new (ThTransport transport, const ThAddress *address, int error_number)
{
  ThListenerInfo *self = g_object_new (TH_TYPE_LISTENER_INFO, NULL);

  self->transport = transport;
  self->address = *address;
  self->error_number = error_number;
  th_address_format_host (address, self->host);
  return self;
}

const char *
th_listener_info_get_transport (ThListenerInfo *self)
{
  return th_transport_get_name (self->transport);
}

const char *
th_listener_info_get_address (ThListenerInfo *self)
{
  return self->host;
}

guint
th_listener_info_get_family (ThListenerInfo *self)
{
  return th_address_is_ipv6 (&self->address) ? 6 : 4;
}

guint
th_listener_info_get_port (ThListenerInfo *self)
{
  return th_address_port (&self->address);
}

gboolean
th_listener_info_is_bound (ThListenerInfo *self)
{
  return self->error_number == 0;
}

const char *
th_listener_info_get_problem (ThListenerInfo *self)
{
  return self->error_number == 0 ? NULL : g_strerror (self->error_number);
}

int
th_listener_info_get_error_number (ThListenerInfo *self)
{
  return self->error_number;
}
