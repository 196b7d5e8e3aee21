/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Forms of a credential: JSON as the endpoint answers, JavaScript, a URL.
 */
#include "panel/credential-text.h"

#include "app/connect-url.h"
#include "credentials/json-object.h"
#include "credentials/secret.h"

static gboolean
is_stun (const char *url)
{
  return g_str_has_prefix (url, "stun:");
}

static gboolean
is_turn (const char *url)
{
  return g_str_has_prefix (url, "turn:") || g_str_has_prefix (url, "turns:");
}

/* Returns: (transfer full): NULL-terminated */
static char **
pick_urls (GListModel *urls, gboolean (*is_wanted) (const char *url))
{
  GStrvBuilder *picked = g_strv_builder_new ();
  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) url = g_list_model_get_item (urls, i);
      if (th_connect_url_is_for_browsers (url) && is_wanted (th_connect_url_get_url (url)))
        g_strv_builder_add (picked, th_connect_url_get_url (url));
    }
  char **all = g_strv_builder_end (picked);
  g_strv_builder_unref (picked);
  return all;
}

/* A server with these URLs; with the credential, unless that is NULL. */
static void
add_server (JsonBuilder *servers, char **urls, const ThCredential *credential)
{
  if (!urls[0])
    return;
  json_builder_begin_object (servers);
  json_builder_set_member_name (servers, "urls");
  json_builder_begin_array (servers);
  th_json_add_strings (servers, urls);
  json_builder_end_array (servers);
  if (credential)
    {
      th_json_add_text (servers, "username", credential->username);
      th_json_add_text (servers, "credential", credential->password);
    }
  json_builder_end_object (servers);
}

/* Begins an object whose first member is the list of servers. */
static JsonBuilder *
begin_configuration (char **stun, char **turn, const ThCredential *credential)
{
  JsonBuilder *object = json_builder_new ();
  json_builder_begin_object (object);
  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  add_server (object, stun, NULL);
  add_server (object, turn, credential);
  json_builder_end_array (object);
  return object;
}

static char *
end_configuration (JsonBuilder *object, gboolean one_line)
{
  json_builder_end_object (object);
  g_autoptr (JsonNode) root = json_builder_get_root (object);
  return json_to_string (root, !one_line);
}

char *
th_credential_text_json (GListModel *urls, const ThCredential *credential, gboolean one_line)
{
  g_auto (GStrv) stun = pick_urls (urls, is_stun);
  g_auto (GStrv) turn = pick_urls (urls, is_turn);
  if (!turn[0])
    return NULL;

  g_autoptr (JsonBuilder) object = begin_configuration (stun, turn, credential);
  th_json_add_number (object, "ttl", credential->ttl);
  th_json_add_time (object, "expiresAt", credential->expires_at);
  return end_configuration (object, one_line);
}

char *
th_credential_text_web (GListModel *urls, const ThCredential *credential)
{
  g_auto (GStrv) stun = pick_urls (urls, is_stun);
  g_auto (GStrv) turn = pick_urls (urls, is_turn);
  if (!turn[0])
    return NULL;

  g_autoptr (JsonBuilder) object = begin_configuration (stun, turn, credential);
  g_autoptr (ThSecretText) configuration = end_configuration (object, FALSE);
  return g_strdup_printf ("new RTCPeerConnection(%s)", configuration);
}

char *
th_credential_text_url (GListModel *urls, const ThCredential *credential)
{
  g_auto (GStrv) turn = pick_urls (urls, is_turn);
  if (!turn[0])
    return NULL;

  g_autofree char *user = g_uri_escape_string (credential->username, NULL, FALSE);
  g_autoptr (ThSecretText) password = g_uri_escape_string (credential->password, NULL, FALSE);
  const char *place = strchr (turn[0], ':') + 1;
  int scheme_length = place - 1 - turn[0];
  return g_strdup_printf ("%.*s://%s:%s@%s", scheme_length, turn[0], user, password, place);
}
