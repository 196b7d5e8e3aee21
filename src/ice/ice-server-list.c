/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads lists of servers, which may hold anything: what is wrong stays a row, so that the rest can
 * be tested.
 */
#include "ice/ice-server-list.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/json-check.h"
#include "credentials/json-object.h"
#include "credentials/rest.h"
#include "credentials/secret.h"

#define DEPTH_MAX 16
#define LABEL_CHARACTERS_MAX 80
#define BEGINNING 3 /* characters of what may be a secret */
#define SEPARATORS " \t\r\n,;\"'<>"
#define DEFAULT_USER "ice-test"

typedef struct {
  GPtrArray *rows;
  const ThIceLogin *login; /* nullable */
  gint64 now;
  guint n_left_out;
} List;

static char *
shorten (const char *text, glong n_characters)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *start =
      g_utf8_substring (valid, 0, MIN (g_utf8_strlen (valid, -1), n_characters));

  for (char *c = start; *c != '\0'; c++)
    {
      if (g_ascii_iscntrl (*c))
        *c = ' ';
    }
  return g_strconcat (start, strlen (start) < strlen (valid) ? "…" : NULL, NULL);
}

/* In short, and without what stands before an "@", which may be a password. */
static char *
make_label (const char *text)
{
  const char *at = strrchr (text, '@');
  g_autofree char *start = shorten (at != NULL ? at + 1 : text, LABEL_CHARACTERS_MAX);

  return g_strconcat (at != NULL ? "…@" : "", start, NULL);
}

static gboolean
is_known (const List *list, const ThIceServerRow *row)
{
  const char *url = row->server != NULL ? row->server->url : row->endpoint;

  for (guint i = 0; url != NULL && i < list->rows->len; i++)
    {
      const ThIceServerRow *other = g_ptr_array_index (list->rows, i);

      if (row->server != NULL
              ? other->server != NULL && g_str_equal (other->server->url, url) &&
                    g_strcmp0 (other->server->username, row->server->username) == 0
              : g_strcmp0 (other->endpoint, url) == 0)
        return TRUE;
    }
  return FALSE;
}

static void
add_row (List *list, ThIceServerRow *row)
{
  if (is_known (list, row))
    th_ice_server_row_free (row);
  else if (list->rows->len < TH_ICE_SERVERS_MAX)
    g_ptr_array_add (list->rows, row);
  else
    {
      list->n_left_out++;
      th_ice_server_row_free (row);
    }
}

static void
add_error (List *list, const char *label, const char *message)
{
  ThIceServerRow *row = g_new0 (ThIceServerRow, 1);

  row->label = make_label (label);
  row->error = g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_INVALID, message);
  add_row (list, row);
}

/* Gives @server the login where it has none of its own. */
static void
log_in (const List *list, ThIceServer *server)
{
  const ThIceLogin *login = list->login;

  if (server->kind != TH_ICE_TURN || server->password != NULL || login == NULL)
    return;
  g_clear_pointer (&server->username, g_free);
  if (login->secret != NULL)
    th_ice_login_make (login, list->now + TH_ICE_CREDENTIAL_TTL, &server->username,
                       &server->password);
  else
    {
      server->username = g_strdup (login->username);
      server->password = g_strdup (login->password);
    }
}

static gboolean
has_scheme (const char *url, const char *const *schemes)
{
  for (guint i = 0; schemes[i] != NULL; i++)
    {
      if (g_ascii_strncasecmp (url, schemes[i], strlen (schemes[i])) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_endpoint (const char *url)
{
  static const char *const schemes[] = { "http://", "https://", NULL };

  return has_scheme (url, schemes);
}

/* The query of an endpoint's address may hold a key; and a word that is no URL may be the password
 * that was pasted with one. */
static char *
make_url_label (const char *url)
{
  static const char *const schemes[] = { "stun:", "stuns:", "turn:", "turns:", NULL };

  if (has_scheme (url, schemes))
    return make_label (url);
  if (is_endpoint (url))
    {
      gsize length = strcspn (url, "?#");
      g_autofree char *address = g_strndup (url, length);
      g_autofree char *label = make_label (address);

      return g_strconcat (label, url[length] != '\0' ? "?…" : NULL, NULL);
    }
  return shorten (url, BEGINNING);
}

static void
add_url (List *list, const char *url, const char *username, const char *password)
{
  ThIceServerRow *row = g_new0 (ThIceServerRow, 1);

  row->label = make_url_label (url);
  if (is_endpoint (url))
    row->endpoint = g_strdup (url);
  else
    row->server = th_ice_server_new (url, username, password, &row->error);
  if (row->server != NULL)
    log_in (list, row->server);
  add_row (list, row);
}

static void
add_urls (List *list, JsonNode *urls, const char *username, const char *password)
{
  JsonArray *array;

  if (JSON_NODE_HOLDS_VALUE (urls) && json_node_get_value_type (urls) == G_TYPE_STRING)
    {
      add_url (list, json_node_get_string (urls), username, password);
      return;
    }
  if (!JSON_NODE_HOLDS_ARRAY (urls))
    {
      add_error (list, "urls", _("“urls” must be a text or a list of texts."));
      return;
    }
  array = json_node_get_array (urls);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *url = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (url) && json_node_get_value_type (url) == G_TYPE_STRING)
        add_url (list, json_node_get_string (url), username, password);
      else
        add_error (list, "urls", _("“urls” must be a list of texts."));
    }
}

/* One RTCIceServer, or the TURN REST answer with "uris" and "password". */
static void
add_object (List *list, JsonObject *object)
{
  static const char *const names[] = { "urls", "url", "uris" };
  const char *username = th_json_object_get_text (object, "username");
  const char *password = th_json_object_get_text (object, "credential");

  if (password == NULL)
    password = th_json_object_get_text (object, "password");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      JsonNode *urls = json_object_get_member (object, names[i]);

      if (urls == NULL)
        continue;
      add_urls (list, urls, username, password);
      return;
    }
  add_error (list, "{…}", _("This entry has no “urls”."));
}

static void
add_array (List *list, JsonArray *array)
{
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        add_object (list, json_node_get_object (node));
      else
        add_urls (list, node, NULL, NULL);
    }
}

/* Wrapped, an array becomes an object, and passes the same checks as any. */
static gboolean
parse_json (List *list, const char *text, GError **error)
{
  g_autoptr (ThSecretText) wrapped = g_strdup_printf ("{\"iceServers\":%s}", text);
  g_autoptr (JsonObject) outer = th_json_is_well_formed (text, strlen (text), DEPTH_MAX - 1)
                                     ? th_json_object_parse (wrapped, strlen (wrapped), DEPTH_MAX)
                                     : NULL;
  JsonNode *node = outer != NULL ? json_object_get_member (outer, "iceServers") : NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node) &&
      json_object_has_member (json_node_get_object (node), "iceServers"))
    node = json_object_get_member (json_node_get_object (node), "iceServers");
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    add_object (list, json_node_get_object (node));
  else if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    add_array (list, json_node_get_array (node));
  else
    {
      g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                           _("This begins like JSON, but is not: check brackets, commas and "
                             "quotes."));
      return FALSE;
    }
  return TRUE;
}

static void
parse_text (List *list, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, SEPARATORS, -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (*words[i] != '\0')
        add_url (list, words[i], NULL, NULL);
    }
}

static void
add_left_out (List *list)
{
  ThIceServerRow *row;

  if (list->n_left_out == 0)
    return;
  row = g_new0 (ThIceServerRow, 1);
  row->label =
      g_strdup_printf (ngettext ("%u more", "%u more", list->n_left_out), list->n_left_out);
  row->error = g_error_new (TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH,
                            ngettext ("Only the first %u server is tested.",
                                      "Only the first %u servers are tested.",
                                      TH_ICE_SERVERS_MAX),
                            TH_ICE_SERVERS_MAX);
  g_ptr_array_add (list->rows, row);
}

static gboolean
check_text (const char *text, gsize length, GError **error)
{
  if (length > TH_ICE_TEXT_SIZE_MAX)
    {
      g_set_error (error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH,
                   _("This is too long: a list of servers has at most %u KiB."),
                   TH_ICE_TEXT_SIZE_MAX / 1024);
      return FALSE;
    }
  if (g_utf8_validate_len (text, length, NULL))
    return TRUE;
  g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID, _("This is no text."));
  return FALSE;
}

GPtrArray *
th_ice_servers_parse (const char *text,
                      gsize length,
                      const ThIceLogin *login,
                      gint64 now,
                      GError **error)
{
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) th_ice_server_row_free);
  List list = { .rows = rows, .login = login, .now = now };
  g_autoptr (ThSecretText) copy = NULL;

  if (!check_text (text, length, error))
    return NULL;
  copy = g_strstrip (g_strndup (text, length));
  if (*copy != '[' && *copy != '{')
    parse_text (&list, copy);
  else if (!parse_json (&list, copy, error))
    return NULL;
  if (rows->len == 0)
    {
      g_set_error_literal (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID,
                           _("There is no server in this."));
      return NULL;
    }
  add_left_out (&list);
  return g_steal_pointer (&rows);
}

gboolean
th_ice_login_make (const ThIceLogin *self, gint64 expires_at, char **username, char **password)
{
  const char *user = self->username != NULL ? self->username : DEFAULT_USER;
  g_autofree char *name = th_rest_make_name (expires_at, user);
  char *made = g_malloc (TH_REST_PASSWORD_SIZE);

  if (!th_rest_make_password (self->secret, strlen (self->secret), name, strlen (name), made))
    {
      g_free (made);
      return FALSE;
    }
  *username = g_steal_pointer (&name);
  *password = made;
  return TRUE;
}

void
th_ice_server_row_free (ThIceServerRow *self)
{
  g_free (self->label);
  th_ice_server_free (self->server);
  g_free (self->endpoint);
  g_clear_error (&self->error);
  g_free (self);
}
