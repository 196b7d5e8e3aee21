/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading and checking what a caller asks for.
 */
#include "endpoint/parameters.h"

#include "credentials/json-object.h"
#include "endpoint/reply.h"

/* What apps call the user; the first of these that is there counts. */
static const char *const user_names[] = { "user", "userId", "username" };

static gboolean
fail (GError **error, guint status, const char *text)
{
  g_set_error_literal (error, TH_HTTP_ERROR, status, text);
  return FALSE;
}

static gboolean
has_forbidden_character (const char *user)
{
  for (const char *p = user; *p != '\0'; p = g_utf8_next_char (p))
    if (*p == ':' || g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

/* A colon would be read as the end of the expiry time in "expiry:user". */
static gboolean
set_user (ThParameters *self, const char *user, GError **error)
{
  gsize length = strlen (user);

  if (length < 1 || length > TH_PARAMETERS_USER_MAX || !g_utf8_validate (user, length, NULL) ||
      has_forbidden_character (user))
    return fail (error, 400,
                 "user must be 1 to 256 bytes of UTF-8, without control characters and colons");
  g_free (self->user);
  self->user = g_strdup (user);
  return TRUE;
}

static gboolean
set_ttl (ThParameters *self, double ttl, GError **error)
{
  if (!(ttl >= 1)) /* so written that what is no number fails, too */
    return fail (error, 400, "ttl must be a number of seconds, 1 or more");
  self->ttl = ttl >= (double) G_MAXINT64 ? G_MAXINT64 : (gint64) ttl;
  return TRUE;
}

static gboolean
set_ttl_from_text (ThParameters *self, const char *text, GError **error)
{
  gboolean digits = *text != '\0' && text[strspn (text, "0123456789")] == '\0';

  return set_ttl (self, digits ? g_ascii_strtod (text, NULL) : -1, error);
}

static gboolean
read_query (ThParameters *self, const char *query, gboolean with_ttl, GError **error)
{
  /* Strict: a bad escape, a NUL or bytes that are no UTF-8 are errors, not other names. */
  g_autoptr (GHashTable) values =
      g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);

  if (values == NULL)
    return fail (error, 400, "the query is not well-formed");

  self->service = g_strdup (g_hash_table_lookup (values, "service"));

  const char *user = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (user_names) && user == NULL; i++)
    user = g_hash_table_lookup (values, user_names[i]);
  if (user != NULL && !set_user (self, user, error))
    return FALSE;

  const char *ttl = with_ttl ? g_hash_table_lookup (values, "ttl") : NULL;
  return ttl == NULL || set_ttl_from_text (self, ttl, error);
}

static gboolean
read_user_member (ThParameters *self, JsonObject *object, GError **error)
{
  JsonNode *user = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (user_names) && user == NULL; i++)
    user = json_object_get_member (object, user_names[i]);
  if (user == NULL || self->user != NULL)
    return TRUE;
  if (json_node_get_value_type (user) != G_TYPE_STRING)
    return fail (error, 400, "user must be text");
  return set_user (self, json_node_get_string (user), error);
}

static gboolean
read_service_member (ThParameters *self, JsonObject *object, GError **error)
{
  JsonNode *service = json_object_get_member (object, "service");

  if (service == NULL || self->service != NULL)
    return TRUE;
  if (json_node_get_value_type (service) != G_TYPE_STRING)
    return fail (error, 400, "service must be text");
  self->service = json_node_dup_string (service);
  return TRUE;
}

static gboolean
read_ttl_member (ThParameters *self, JsonObject *object, GError **error)
{
  JsonNode *ttl = json_object_get_member (object, "ttl");

  if (ttl == NULL || self->ttl != 0)
    return TRUE;
  GType type = json_node_get_value_type (ttl);
  gboolean number = type == G_TYPE_INT64 || type == G_TYPE_DOUBLE;
  return set_ttl (self, number ? json_node_get_double (ttl) : -1, error);
}

static gboolean
read_body (ThParameters *self,
           const char *content_type,
           GBytes *body,
           gboolean with_ttl,
           GError **error)
{
  g_autoptr (JsonObject) object = NULL;
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  if (content_type == NULL || g_ascii_strcasecmp (content_type, "application/json") != 0)
    return fail (error, 415, "the body must be JSON, with Content-Type: application/json");

  object = th_json_object_parse (text, length, TH_PARAMETERS_DEPTH_MAX);
  if (object == NULL)
    return fail (error, 400,
                 "the body must be a JSON object in UTF-8, not nested deep, no member twice");
  return read_user_member (self, object, error) &&
         (!with_ttl || read_ttl_member (self, object, error)) &&
         read_service_member (self, object, error);
}

ThParameters *
th_parameters_parse (const char *query,
                     const char *content_type,
                     GBytes *body,
                     gboolean with_ttl,
                     GError **error)
{
  g_autoptr (ThParameters) self = g_new0 (ThParameters, 1);

  if (query != NULL && !read_query (self, query, with_ttl, error))
    return NULL;
  if (body != NULL && g_bytes_get_size (body) > 0 &&
      !read_body (self, content_type, body, with_ttl, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
th_parameters_free (ThParameters *self)
{
  if (self == NULL)
    return;
  g_free (self->user);
  g_free (self->service);
  g_free (self);
}
