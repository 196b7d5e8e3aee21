/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceCandidate holds its values and hands them out.
 */
#include "ice/ice-candidate.h"

struct _ThIceCandidate {
  GObject parent_instance;
  ThIceCandidateValues values; /* its texts are owned */
};

G_DEFINE_FINAL_TYPE (ThIceCandidate, th_ice_candidate, G_TYPE_OBJECT)

enum {
  PROP_TIME = 1,
  PROP_REMOTE,
  PROP_TYPE,
  PROP_TYPE_NAME,
  PROP_FOUNDATION,
  PROP_COMPONENT,
  PROP_PROTOCOL,
  PROP_TCP_TYPE,
  PROP_ADDRESS,
  PROP_PORT,
  PROP_PRIORITY,
  PROP_TYPE_PREFERENCE,
  PROP_LOCAL_PREFERENCE,
  PROP_RELATED_ADDRESS,
  PROP_RELATED_PORT,
  PROP_SERVER_URL,
  PROP_RELAY_PROTOCOL,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static const char *const type_names[] = {
  [TH_ICE_CANDIDATE_HOST] = "host",
  [TH_ICE_CANDIDATE_SRFLX] = "srflx",
  [TH_ICE_CANDIDATE_PRFLX] = "prflx",
  [TH_ICE_CANDIDATE_RELAY] = "relay",
};

static void
get_text (const ThIceCandidateValues *values, guint id, GValue *value)
{
  switch (id)
    {
    case PROP_TYPE_NAME:
      g_value_set_static_string (value, type_names[values->type]);
      break;
    case PROP_FOUNDATION:
      g_value_set_string (value, values->foundation);
      break;
    case PROP_PROTOCOL:
      g_value_set_static_string (value, values->tcp ? "tcp" : "udp");
      break;
    case PROP_TCP_TYPE:
      g_value_set_string (value, values->tcp_type);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, values->address);
      break;
    case PROP_RELATED_ADDRESS:
      g_value_set_string (value, values->related_address);
      break;
    case PROP_SERVER_URL:
      g_value_set_string (value, values->server_url);
      break;
    case PROP_RELAY_PROTOCOL:
      g_value_set_string (value, values->relay_protocol);
      break;
    default:
      g_assert_not_reached ();
    }
}

static void
th_ice_candidate_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThIceCandidate *self = TH_ICE_CANDIDATE (object);

  switch (id)
    {
    case PROP_TIME:
      g_value_set_int64 (value, self->values.time);
      break;
    case PROP_REMOTE:
      g_value_set_boolean (value, self->values.remote);
      break;
    case PROP_TYPE:
      g_value_set_uint (value, self->values.type);
      break;
    case PROP_COMPONENT:
      g_value_set_uint (value, self->values.component);
      break;
    case PROP_PORT:
      g_value_set_uint (value, self->values.port);
      break;
    case PROP_PRIORITY:
      g_value_set_uint (value, self->values.priority);
      break;
    case PROP_TYPE_PREFERENCE:
      g_value_set_uint (value, th_ice_candidate_get_type_preference (self));
      break;
    case PROP_LOCAL_PREFERENCE:
      g_value_set_uint (value, th_ice_candidate_get_local_preference (self));
      break;
    case PROP_RELATED_PORT:
      g_value_set_uint (value, self->values.related_port);
      break;
    default:
      if (G_IS_PARAM_SPEC_STRING (pspec))
        get_text (&self->values, id, value);
      else
        G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_ice_candidate_finalize (GObject *object)
{
  ThIceCandidateValues *values = &TH_ICE_CANDIDATE (object)->values;

  g_free ((char *) values->foundation);
  g_free ((char *) values->tcp_type);
  g_free ((char *) values->address);
  g_free ((char *) values->related_address);
  g_free ((char *) values->server_url);
  g_free ((char *) values->relay_protocol);
  G_OBJECT_CLASS (th_ice_candidate_parent_class)->finalize (object);
}

static void
add_number (guint id, const char *name)
{
  properties[id] = g_param_spec_uint (name, NULL, NULL, 0, G_MAXUINT, 0,
                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
add_text (guint id, const char *name)
{
  properties[id] = g_param_spec_string (name, NULL, NULL, NULL,
                                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
}

static void
th_ice_candidate_class_init (ThIceCandidateClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = th_ice_candidate_get_property;
  object_class->finalize = th_ice_candidate_finalize;
  properties[PROP_TIME] = g_param_spec_int64 ("time", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_REMOTE] = g_param_spec_boolean ("remote", NULL, NULL, FALSE, flags);
  add_number (PROP_TYPE, "type");
  add_text (PROP_TYPE_NAME, "type-name");
  add_text (PROP_FOUNDATION, "foundation");
  add_number (PROP_COMPONENT, "component");
  add_text (PROP_PROTOCOL, "protocol");
  add_text (PROP_TCP_TYPE, "tcp-type");
  add_text (PROP_ADDRESS, "address");
  add_number (PROP_PORT, "port");
  add_number (PROP_PRIORITY, "priority");
  add_number (PROP_TYPE_PREFERENCE, "type-preference");
  add_number (PROP_LOCAL_PREFERENCE, "local-preference");
  add_text (PROP_RELATED_ADDRESS, "related-address");
  add_number (PROP_RELATED_PORT, "related-port");
  add_text (PROP_SERVER_URL, "server-url");
  add_text (PROP_RELAY_PROTOCOL, "relay-protocol");
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_ice_candidate_init (ThIceCandidate *self)
{
}

ThIceCandidate *
th_ice_candidate_new (const ThIceCandidateValues *values)
{
  ThIceCandidate *self = g_object_new (TH_TYPE_ICE_CANDIDATE, NULL);

  self->values = *values;
  self->values.foundation = g_strdup (values->foundation);
  self->values.tcp_type = g_strdup (values->tcp_type);
  self->values.address = g_strdup (values->address);
  self->values.related_address = g_strdup (values->related_address);
  self->values.server_url = g_strdup (values->server_url);
  self->values.relay_protocol = g_strdup (values->relay_protocol);
  return self;
}

const ThIceCandidateValues *
th_ice_candidate_get_values (ThIceCandidate *self)
{
  g_return_val_if_fail (TH_IS_ICE_CANDIDATE (self), NULL);
  return &self->values;
}

const char *
th_ice_candidate_type_get_name (ThIceCandidateType type)
{
  return type_names[type];
}

gboolean
th_ice_candidate_type_parse (const char *name, ThIceCandidateType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (type_names); i++)
    {
      if (!g_str_equal (name, type_names[i]))
        continue;
      *type = i;
      return TRUE;
    }
  return FALSE;
}

guint
th_ice_candidate_get_type_preference (ThIceCandidate *self)
{
  return self->values.priority >> 24;
}

guint
th_ice_candidate_get_local_preference (ThIceCandidate *self)
{
  return self->values.priority >> 8 & 0xFFFF;
}

guint
th_ice_candidate_get_component_preference (ThIceCandidate *self)
{
  return self->values.priority & 0xFF;
}

static ThAddress
to_address (const char *host, guint16 port)
{
  ThAddress address = TH_ADDRESS_NONE;

  if (host != NULL)
    th_address_parse (&address, host, port); /* a name leaves it unset */
  return address;
}

ThIceCandidateFacts
th_ice_candidate_get_facts (ThIceCandidate *self)
{
  return (ThIceCandidateFacts) {
    .type = self->values.type,
    .tcp = self->values.tcp,
    .address = to_address (self->values.address, self->values.port),
    .related = to_address (self->values.related_address, self->values.related_port),
  };
}
