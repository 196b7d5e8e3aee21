/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUserEntry: what is known of one user, but no key.
 */
#include "credentials/user-entry.h"

#include "credentials/user-entry-private.h"

struct _ThUserEntry {
  GObject parent_instance;
  char *name;
  char *realm;
  gint64 created;
  gboolean usable;
};

G_DEFINE_FINAL_TYPE (ThUserEntry, th_user_entry, G_TYPE_OBJECT)

enum {
  PROP_NAME = 1,
  PROP_CONFIGURED,
  PROP_CREATED,
  PROP_REALM,
  PROP_USABLE,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

static void
th_user_entry_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ThUserEntry *self = TH_USER_ENTRY (object);

  switch (id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_CONFIGURED:
      g_value_set_boolean (value, th_user_entry_is_configured (self));
      break;
    case PROP_CREATED:
      g_value_set_int64 (value, self->created);
      break;
    case PROP_REALM:
      g_value_set_string (value, self->realm);
      break;
    case PROP_USABLE:
      g_value_set_boolean (value, self->usable);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
th_user_entry_finalize (GObject *object)
{
  ThUserEntry *self = TH_USER_ENTRY (object);

  g_free (self->name);
  g_free (self->realm);
  G_OBJECT_CLASS (th_user_entry_parent_class)->finalize (object);
}

static void
th_user_entry_class_init (ThUserEntryClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = th_user_entry_get_property;
  object_class->finalize = th_user_entry_finalize;
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_CONFIGURED] = g_param_spec_boolean ("configured", NULL, NULL, FALSE, flags);
  properties[PROP_CREATED] =
      g_param_spec_int64 ("created", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_REALM] = g_param_spec_string ("realm", NULL, NULL, NULL, flags);
  properties[PROP_USABLE] = g_param_spec_boolean ("usable", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
th_user_entry_init (ThUserEntry *self)
{
}

ThUserEntry *
th_user_entry_new (const char *name, const char *realm, gint64 created)
{
  ThUserEntry *self = g_object_new (TH_TYPE_USER_ENTRY, NULL);

  self->name = g_strdup (name);
  self->realm = g_strdup (realm);
  self->created = created;
  return self;
}

void
th_user_entry_set_usable (ThUserEntry *self, gboolean usable)
{
  if (self->usable == usable)
    return;
  self->usable = usable;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USABLE]);
}

const char *
th_user_entry_get_name (ThUserEntry *self)
{
  g_return_val_if_fail (TH_IS_USER_ENTRY (self), NULL);
  return self->name;
}

gboolean
th_user_entry_is_configured (ThUserEntry *self)
{
  g_return_val_if_fail (TH_IS_USER_ENTRY (self), FALSE);
  return self->created == 0;
}

gint64
th_user_entry_get_created (ThUserEntry *self)
{
  g_return_val_if_fail (TH_IS_USER_ENTRY (self), 0);
  return self->created;
}

const char *
th_user_entry_get_realm (ThUserEntry *self)
{
  g_return_val_if_fail (TH_IS_USER_ENTRY (self), NULL);
  return self->realm;
}

gboolean
th_user_entry_is_usable (ThUserEntry *self)
{
  g_return_val_if_fail (TH_IS_USER_ENTRY (self), FALSE);
  return self->usable;
}
