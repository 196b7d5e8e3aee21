/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static users that are kept: the rules, and their form as JSON.
 */
#include "credentials/user-record.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/kept-json.h"
#include "credentials/ring.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

#define REALM_SIZE_MAX 763 /* bytes (RFC 8489, section 14.9) */
#define MD5_SIZE 16
#define SHA256_SIZE 32

static ThUserRecord *
record_new (const ThUser *user, const char *realm, gint64 created)
{
  ThUserRecord *self = g_new (ThUserRecord, 1);

  *self = (ThUserRecord) { .user = *user, .realm = g_strdup (realm), .created = created };
  return self;
}

void
th_user_record_free (ThUserRecord *self)
{
  g_free (self->realm);
  explicit_bzero (&self->user, sizeof self->user);
  g_free (self);
}

static gboolean
is_kept_text (const char *text, gsize size)
{
  return text != NULL && *text != '\0' && strlen (text) < size &&
         th_text_is_plain (text, strlen (text));
}

/* The system may have forbidden the hash when the key was made. */
static gboolean
read_key (JsonObject *object, const char *member, gsize size, guint8 *key, gsize *length)
{
  *length = json_object_has_member (object, member) ? size : 0;
  return *length == 0 || th_kept_json_get_hex (object, member, key, size);
}

static gboolean
read_user (ThUser *user, const char *realm, JsonObject *object)
{
  guint8 userhash[TH_STUN_USERHASH_SIZE];

  th_stun_userhash (user->name, strlen (user->name), realm, strlen (realm), userhash);
  return th_kept_json_get_hex (object, "userhash", user->userhash, sizeof userhash) &&
         memcmp (userhash, user->userhash, sizeof userhash) == 0 &&
         read_key (object, "md5", MD5_SIZE, user->md5_key, &user->md5_length) &&
         read_key (object, "sha256", SHA256_SIZE, user->sha256_key, &user->sha256_length);
}

/* (transfer none) (nullable) */
static ThUserRecord *
find_record (GPtrArray *records, const char *name)
{
  for (guint i = 0; i < records->len; i++)
    {
      ThUserRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->user.name, name))
        return record;
    }
  return NULL;
}

static gboolean
read_record (GPtrArray *records, JsonObject *object)
{
  const char *name = th_json_object_get_text (object, "name");
  const char *realm = th_json_object_get_text (object, "realm");
  gint64 created = th_kept_json_get_number (object, "created");
  ThUser user = { 0 };
  gboolean fits;

  if (!is_kept_text (name, sizeof user.name) || strchr (name, ':') != NULL ||
      !is_kept_text (realm, REALM_SIZE_MAX + 1) || created < 1 ||
      records->len == TH_USERS_KEPT_MAX || find_record (records, name) != NULL)
    return FALSE;
  g_strlcpy (user.name, name, sizeof user.name);
  fits = read_user (&user, realm, object);
  if (fits)
    g_ptr_array_add (records, record_new (&user, realm, created));
  explicit_bzero (&user, sizeof user);
  return fits;
}

static void
print_record (JsonBuilder *builder, gconstpointer record)
{
  const ThUserRecord *self = record;

  th_json_add_text (builder, "name", self->user.name);
  th_json_add_text (builder, "realm", self->realm);
  th_json_add_number (builder, "created", self->created);
  th_kept_json_add_hex (builder, "userhash", self->user.userhash, sizeof self->user.userhash);
  if (self->user.md5_length > 0)
    th_kept_json_add_hex (builder, "md5", self->user.md5_key, self->user.md5_length);
  if (self->user.sha256_length > 0)
    th_kept_json_add_hex (builder, "sha256", self->user.sha256_key, self->user.sha256_length);
}

const ThRecordForm th_user_record_form = {
  .file_name = "users.json",
  .member = "users",
  /* Translators: goes on with "… put a good copy back, or start again: " */
  .lost = N_("then the users must be added again"),
  .free = (GDestroyNotify) th_user_record_free,
  .read = read_record,
  .print = print_record,
};

gboolean
th_user_records_add (GPtrArray *records,
                     const ThUser *user,
                     const char *realm,
                     gint64 now,
                     GError **error)
{
  ThUserRecord *before = find_record (records, user->name);

  if (before != NULL && g_str_equal (before->realm, realm))
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 _("There is already a user named %s"), user->name);
  else if (before != NULL)
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 _("There is already a user named %1$s, made for the realm %2$s; remove that one "
                   "first"),
                 user->name, before->realm);
  else if (records->len == TH_USERS_KEPT_MAX)
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 _("There are %1$d users, and no room for %2$s"), TH_USERS_KEPT_MAX, user->name);
  else
    {
      g_ptr_array_add (records, record_new (user, realm, now));
      return TRUE;
    }
  return FALSE;
}

gboolean
th_user_records_remove (GPtrArray *records, const char *name, GError **error)
{
  ThUserRecord *record = find_record (records, name);

  if (record != NULL)
    return g_ptr_array_remove (records, record);
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
               _("There is no user named %s"), name);
  return FALSE;
}
