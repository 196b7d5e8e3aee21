/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The store's files as items of the keyring: one item each, found by the state directory and the
 * name, with a label that tells people what it is.
 */
#include "credentials/store-keyring.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/keyring.h"
#include "credentials/ring.h"
#include "credentials/store-driver.h"

#define CONTENT_TYPE "text/plain" /* the only one that every keyring keeps */

static const SecretSchema schema = {
  .name = TH_APPLICATION_ID ".State",
  .flags = SECRET_SCHEMA_NONE,
  .attributes = {
    { "state", SECRET_SCHEMA_ATTRIBUTE_STRING }, /* the state directory's path */
    { "name", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

struct _ThStorePlace {
  char *directory;
  ThKeyring *keyring;
};

/* (transfer full): of all items of the directory, or those of one name */
static GHashTable *
make_attributes (const char *directory, const char *name)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  g_autofree char *path = g_canonicalize_filename (directory, NULL);

  g_hash_table_insert (attributes, (char *) "state", g_filename_display_name (path));
  if (name != NULL)
    g_hash_table_insert (attributes, (char *) "name", g_strdup (name));
  return attributes;
}

/* (transfer full): what people see in the keyring's window */
static char *
make_label (const char *name)
{
  static const struct {
    const char *name, *label;
  } known[] = {
    { "secrets.json", "shared secrets" },
    { "tokens.json", "tokens of apps" },
    { "users.json", "users" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_has_prefix (name, known[i].name))
      return g_strdup_printf ("Turnhouse: %s%s", known[i].label,
                              g_str_equal (name, known[i].name) ? "" : " (damaged)");
  return g_strdup_printf ("Turnhouse: %s", name);
}

static gint64
get_time (SecretRetrievable *item)
{
  return secret_retrievable_get_modified (item);
}

/* (transfer full): the secret of the newest item of that name; NULL if there is none. There are
 * several where the user made another collection the default one. */
static gboolean
find_value (ThStorePlace *self, const char *name, SecretValue **value, GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (self->directory, name);
  g_autolist (SecretRetrievable) items = NULL;
  SecretRetrievable *newest = NULL;

  *value = NULL;
  if (!th_keyring_search (self->keyring, &schema, attributes, &items, error))
    return FALSE;
  if (items == NULL) /* one that is locked may not even tell what is in it */
    return th_keyring_check_unlocked (self->keyring, error);
  for (GList *link = items; link != NULL; link = link->next)
    if (newest == NULL || get_time (link->data) > get_time (newest))
      newest = link->data;
  *value = th_keyring_get_value (self->keyring, newest, error);
  return *value != NULL;
}

static gboolean
read_item (ThStorePlace *self, const char *name, char **bytes, gsize *length, GError **error)
{
  SecretValue *value = NULL;
  const char *content;

  *bytes = NULL;
  if (!find_value (self, name, &value, error))
    return FALSE;
  if (value == NULL)
    return TRUE;

  content = secret_value_get (value, length);
  if (*length <= TH_STORE_FILE_SIZE_MAX)
    {
      *bytes = g_malloc (*length + 1);
      memcpy (*bytes, content, *length);
      (*bytes)[*length] = '\0';
    }
  else
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
                 _("%s is larger than anything that is kept there"), name);
  secret_value_unref (value);
  return *bytes != NULL;
}

static gboolean
store_value (ThStorePlace *self, const char *name, SecretValue *value, GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (self->directory, name);
  g_autofree char *label = make_label (name);

  return th_keyring_check_unlocked (self->keyring, error) &&
         th_keyring_store (self->keyring, &schema, attributes, label, value, error);
}

static gboolean
write_item (ThStorePlace *self, const char *name, const char *bytes, gsize length, GError **error)
{
  SecretValue *value = secret_value_new (bytes, length, CONTENT_TYPE);
  gboolean stored = store_value (self, name, value, error);

  secret_value_unref (value);
  return stored;
}

static gboolean
remove_item (ThStorePlace *self, const char *name, GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (self->directory, name);

  return th_keyring_clear (self->keyring, &schema, attributes, error);
}

/* (transfer full) (nullable): a name that no item has */
static char *
find_name_aside (ThStorePlace *self, const char *name, GError **error)
{
  for (guint i = 0; i < TH_STORE_ASIDE_ATTEMPTS; i++)
    {
      g_autofree char *aside = th_store_name_aside (name, i);
      SecretValue *taken = NULL;

      if (!find_value (self, aside, &taken, error))
        return NULL;
      if (taken == NULL)
        return g_steal_pointer (&aside);
      secret_value_unref (taken);
    }
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
               _("%s cannot be kept aside: there are too many already"), name);
  return NULL;
}

static char *
set_item_aside (ThStorePlace *self, const char *name, GError **error)
{
  g_autofree char *aside = find_name_aside (self, name, error);
  SecretValue *value = NULL;
  gboolean done;

  if (aside == NULL || !find_value (self, name, &value, error))
    return NULL;
  if (value == NULL)
    {
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
                   _("%s cannot be kept aside: it is not in the keyring"), name);
      return NULL;
    }
  done = store_value (self, aside, value, error) && remove_item (self, name, error);
  secret_value_unref (value);
  return done ? g_steal_pointer (&aside) : NULL;
}

static GStrv
list_items (ThStorePlace *self, GError **error)
{
  g_autoptr (GHashTable) attributes = make_attributes (self->directory, NULL);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autolist (SecretRetrievable) items = NULL;
  GStrv keys;

  if (!th_keyring_check_unlocked (self->keyring, error) ||
      !th_keyring_search (self->keyring, &schema, attributes, &items, error))
    return NULL;
  for (GList *link = items; link != NULL; link = link->next)
    {
      g_autoptr (GHashTable) found = secret_retrievable_get_attributes (link->data);
      const char *name = g_hash_table_lookup (found, "name");

      if (name != NULL && th_store_is_kept (name))
        g_hash_table_add (names, g_strdup (name));
    }
  keys = (GStrv) g_hash_table_get_keys_as_array (names, NULL);
  g_hash_table_steal_all (names); /* the array has them now */
  return keys;
}

static ThStorePlace *
open_keyring (const char *directory, int fd, GError **error)
{
  ThKeyring *keyring = th_keyring_open (TH_KEYRING_QUIET, error);
  ThStorePlace *self;

  if (keyring == NULL)
    return NULL;
  self = g_new (ThStorePlace, 1);
  *self = (ThStorePlace) { .directory = g_strdup (directory), .keyring = keyring };
  return self;
}

static void
close_keyring (ThStorePlace *self)
{
  th_keyring_free (self->keyring);
  g_free (self->directory);
  g_free (self);
}

static gboolean
unlock_keyring (const char *directory, gboolean make, GError **error)
{
  g_autoptr (ThKeyring) keyring = th_keyring_open (TH_KEYRING_ASKS, error);
  g_autoptr (GHashTable) attributes = make_attributes (directory, NULL);

  return keyring != NULL && th_keyring_unlock (keyring, &schema, attributes, make, error);
}

/* One that is locked is there, too. */
static gboolean
is_keyring_available (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThKeyring) keyring = th_keyring_open (TH_KEYRING_QUIET, &error);
  g_autoptr (GHashTable) attributes = make_attributes ("/", NULL);
  g_autolist (SecretRetrievable) items = NULL;

  if (keyring != NULL)
    th_keyring_search (keyring, &schema, attributes, &items, &error);
  if (error == NULL || g_error_matches (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED))
    return TRUE;
  g_info ("%s", error->message);
  return FALSE;
}

static const ThStoreDriver driver = {
  .open = open_keyring,
  .close = close_keyring,
  .read = read_item,
  .write = write_item,
  .set_aside = set_item_aside,
  .list = list_items,
  .remove = remove_item,
  .unlock = unlock_keyring,
  .is_available = is_keyring_available,
};

void
th_store_use_keyring (void)
{
  th_store_set_keyring (&driver);
}
