/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/ice-servers. Entries that would have no URL are left out: browsers refuse them.
 */
#include "endpoint/ice-servers.h"

#include "endpoint/parameters.h"
#include "endpoint/reply.h"

static ThParameters *
read_parameters (SoupServerMessage *message, GError **error)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));

  return th_parameters_parse (query, content_type, body, error);
}

static ThCredential *
mint (const ThRequest *request, const ThParameters *parameters, GError **error)
{
  const char *user = parameters->user != NULL ? parameters->user : request->caller.name;
  gint64 ttl = parameters->ttl != 0 ? parameters->ttl : request->config->default_ttl;

  return request->backend->mint (request->backend_data, user,
                                 MIN (ttl, request->config->max_ttl), error);
}

static void
add_strings (JsonBuilder *object, char **strings)
{
  for (guint i = 0; strings[i] != NULL; i++)
    json_builder_add_string_value (object, strings[i]);
}

static void
begin_urls (JsonBuilder *object)
{
  json_builder_begin_object (object);
  json_builder_set_member_name (object, "urls");
  json_builder_begin_array (object);
}

static void
add_stun_server (JsonBuilder *object, char **fallback, char **own)
{
  if (fallback[0] == NULL && own[0] == NULL)
    return;
  begin_urls (object);
  add_strings (object, fallback);
  add_strings (object, own);
  json_builder_end_array (object);
  json_builder_end_object (object);
}

static void
add_turn_server (JsonBuilder *object, const ThRelayUrls *urls, const ThCredential *credential)
{
  if (urls->turn_udp[0] == NULL && urls->turn_tcp[0] == NULL)
    return;
  begin_urls (object);
  add_strings (object, urls->turn_udp);
  add_strings (object, urls->turn_tcp);
  json_builder_end_array (object);
  json_builder_set_member_name (object, "username");
  json_builder_add_string_value (object, credential->username);
  json_builder_set_member_name (object, "credential");
  json_builder_add_string_value (object, credential->password);
  json_builder_end_object (object);
}

static void
add_lifetime (JsonBuilder *object, const ThCredential *credential)
{
  g_autoptr (GDateTime) expiry = g_date_time_new_from_unix_utc (credential->expires_at);
  g_autofree char *text = g_date_time_format (expiry, "%Y-%m-%dT%H:%M:%SZ");

  json_builder_set_member_name (object, "ttl");
  json_builder_add_int_value (object, credential->ttl);
  json_builder_set_member_name (object, "expiresAt");
  json_builder_add_string_value (object, text);
}

static void
reply (const ThRequest *request, const ThCredential *credential)
{
  char *none[] = { NULL };
  char **fallback = request->config->hybrid ? request->config->fallback_stun : none;
  g_autoptr (ThRelayUrls) urls =
      request->backend->get_urls (request->backend_data, request->caller.browser_here);
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  add_stun_server (object, fallback, urls->stun);
  add_turn_server (object, urls, credential);
  json_builder_end_array (object);
  add_lifetime (object, credential);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}

void
th_answer_ice_servers (const ThRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThParameters) parameters = read_parameters (request->message, &error);

  if (parameters == NULL)
    {
      th_reply_error (request->message, error->code, error->message);
      return;
    }

  g_autoptr (ThCredential) credential = mint (request, parameters, &error);
  if (credential == NULL)
    {
      g_warning ("No credential could be made: %s", error->message);
      th_reply_error (request->message, 500, "No credential could be made");
      return;
    }
  reply (request, credential);
}
