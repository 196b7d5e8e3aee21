/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Apps and the digests of their tokens: the rules, and their form as JSON.
 */
#include "credentials/app-record.h"

#include <glib/gi18n.h>
#include <gnutls/crypto.h>
#include <string.h>

#include "credentials/kept-json.h"
#include "credentials/ring.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

static ThAppRecord *
record_new (const char *name, gsize length, gint64 created)
{
  ThAppRecord *self = g_new (ThAppRecord, 1);

  self->name = g_strndup (name, length);
  self->created = created;
  self->digests = g_array_new (FALSE, FALSE, sizeof (ThAppDigest));
  return self;
}

void
th_app_record_free (ThAppRecord *self)
{
  g_free (self->name);
  g_array_unref (self->digests);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAppRecord, th_app_record_free)

static ThAppDigest *
get_digest (const ThAppRecord *self, guint i)
{
  return &g_array_index (self->digests, ThAppDigest, i);
}

static gboolean
is_app_name (const char *name)
{
  gsize length = strlen (name);

  return length >= 1 && length <= TH_APP_NAME_MAX && strchr (name, ':') == NULL &&
         th_text_is_plain (name, length);
}

/* Only the first one, which is current, has no end. */
static gboolean
read_digest (ThAppRecord *self, JsonNode *node)
{
  ThAppDigest digest = { 0 };
  JsonObject *object;

  if (!JSON_NODE_HOLDS_OBJECT (node) || self->digests->len == TH_APP_TOKENS_KEPT)
    return FALSE;
  object = json_node_get_object (node);
  if (self->digests->len > 0)
    digest.expires_at = th_kept_json_get_number (object, "expires");
  else if (json_object_has_member (object, "expires"))
    return FALSE;
  if (digest.expires_at < (self->digests->len > 0 ? 1 : 0) ||
      !th_kept_json_get_hex (object, "sha256", digest.sha256, sizeof digest.sha256))
    return FALSE;
  g_array_append_val (self->digests, digest);
  return TRUE;
}

static gboolean
read_record (GPtrArray *records, JsonObject *object)
{
  const char *name = th_json_object_get_text (object, "name");
  gint64 created = th_kept_json_get_number (object, "created");
  JsonNode *list = json_object_get_member (object, "tokens");
  g_autoptr (ThAppRecord) self = NULL;
  JsonArray *array;

  if (name == NULL || !is_app_name (name) || created < 1 || list == NULL ||
      !JSON_NODE_HOLDS_ARRAY (list) || records->len == TH_APPS_MAX ||
      th_app_records_get (records, name) != NULL)
    return FALSE;
  self = record_new (name, strlen (name), created);
  array = json_node_get_array (list);
  for (guint i = 0; i < json_array_get_length (array); i++)
    if (!read_digest (self, json_array_get_element (array, i)))
      return FALSE;
  if (self->digests->len == 0)
    return FALSE;
  g_ptr_array_add (records, g_steal_pointer (&self));
  return TRUE;
}

static void
print_record (JsonBuilder *builder, gconstpointer record)
{
  const ThAppRecord *self = record;

  th_json_add_text (builder, "name", self->name);
  th_json_add_number (builder, "created", self->created);
  json_builder_set_member_name (builder, "tokens");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->digests->len; i++)
    {
      const ThAppDigest *digest = get_digest (self, i);

      json_builder_begin_object (builder);
      th_kept_json_add_hex (builder, "sha256", digest->sha256, sizeof digest->sha256);
      if (digest->expires_at != 0)
        th_json_add_number (builder, "expires", digest->expires_at);
      json_builder_end_object (builder);
    }
  json_builder_end_array (builder);
}

const ThRecordForm th_app_record_form = {
  .file_name = "tokens.json",
  .member = "apps",
  /* Translators: goes on with "… put a good copy back, or start again: " */
  .lost = N_("then apps need new tokens"),
  .free = (GDestroyNotify) th_app_record_free,
  .read = read_record,
  .print = print_record,
};

void
th_app_digest (const char *token, guint8 *digest)
{
  if (gnutls_hash_fast (GNUTLS_DIG_SHA256, token, strlen (token), digest) < 0)
    g_error ("SHA-256 is not available"); /* GnuTLS cannot work without it */
}

GPtrArray *
th_app_records_from_pairs (const char *const *pairs)
{
  GPtrArray *records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) th_app_record_free);

  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *colon = strchr (pairs[i], ':');
      ThAppRecord *record;
      ThAppDigest digest = { 0 };

      if (colon == NULL || colon[1] == '\0')
        continue;
      g_autofree char *name = g_strndup (pairs[i], colon - pairs[i]);
      record = th_app_records_get (records, name);
      if (record == NULL)
        {
          record = record_new (name, strlen (name), 0);
          g_ptr_array_add (records, record);
        }
      th_app_digest (colon + 1, digest.sha256);
      g_array_append_val (record->digests, digest);
    }
  return records;
}

ThAppRecord *
th_app_records_get (GPtrArray *records, const char *name)
{
  for (guint i = 0; i < records->len; i++)
    {
      ThAppRecord *record = g_ptr_array_index (records, i);

      if (g_str_equal (record->name, name))
        return record;
    }
  return NULL;
}

const ThAppRecord *
th_app_records_find (GPtrArray *records, const char *token, gint64 now)
{
  const ThAppRecord *found = NULL;
  guint8 sha256[TH_APP_DIGEST_SIZE];

  th_app_digest (token, sha256);
  for (guint i = 0; i < records->len; i++)
    {
      const ThAppRecord *record = g_ptr_array_index (records, i);

      for (guint j = 0; j < record->digests->len; j++)
        {
          const ThAppDigest *digest = get_digest (record, j);
          gboolean ended = digest->expires_at != 0 && digest->expires_at <= now;

          if (th_equal_in_constant_time (digest->sha256, sha256, sizeof sha256) && !ended)
            found = record;
        }
    }
  return found;
}

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

static gboolean
fail (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  if (error != NULL)
    *error = g_error_new_valist (TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE, format,
                                 arguments);
  va_end (arguments);
  return FALSE;
}

gboolean
th_app_records_add (GPtrArray *records,
                    guint n_others,
                    const char *name,
                    const guint8 *digest,
                    gint64 now,
                    GError **error)
{
  ThAppRecord *record;
  ThAppDigest fresh = { 0 };

  if (!is_app_name (name))
    return fail (error,
                 _("This name is not allowed; it must be 1 to %d bytes of UTF-8 without colons and "
                   "control characters"),
                 TH_APP_NAME_MAX);
  if (th_app_records_get (records, name) != NULL)
    return fail (error, _("There is already an app named %s"), name);
  if (records->len + n_others >= TH_APPS_MAX)
    return fail (error, _("There are %1$d apps, and no room for %2$s"), TH_APPS_MAX, name);

  record = record_new (name, strlen (name), now);
  memcpy (fresh.sha256, digest, sizeof fresh.sha256);
  g_array_append_val (record->digests, fresh);
  g_ptr_array_add (records, record);
  return TRUE;
}

static void
drop_ended (ThAppRecord *record, gint64 now)
{
  for (guint i = record->digests->len; i > 1; i--)
    if (get_digest (record, i - 1)->expires_at <= now)
      g_array_remove_index (record->digests, i - 1);
}

gboolean
th_app_records_replace (GPtrArray *records,
                        const char *name,
                        const guint8 *digest,
                        gint64 now,
                        gint64 grace,
                        GError **error)
{
  ThAppRecord *record = th_app_records_get (records, name);
  ThAppDigest fresh = { 0 };

  if (record == NULL)
    return fail (error, _("There is no app named %s"), name);
  get_digest (record, 0)->expires_at = now + MIN (grace, G_MAXINT64 - now);
  memcpy (fresh.sha256, digest, sizeof fresh.sha256);
  g_array_prepend_val (record->digests, fresh);
  if (record->digests->len > TH_APP_TOKENS_KEPT)
    g_array_set_size (record->digests, TH_APP_TOKENS_KEPT);
  drop_ended (record, now);
  record->created = now;
  return TRUE;
}

gboolean
th_app_records_remove (GPtrArray *records, const char *name, GError **error)
{
  ThAppRecord *record = th_app_records_get (records, name);

  if (record == NULL)
    return fail (error, _("There is no app named %s"), name);
  g_ptr_array_remove (records, record);
  return TRUE;
}
