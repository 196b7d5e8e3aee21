/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/ice-servers, and the list in it. Entries that would have no URL are left out: browsers
 * refuse them.
 */
#include "endpoint/ice-servers.h"

#include "endpoint/grant.h"
#include "endpoint/reply.h"

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
  th_json_add_strings (object, fallback);
  th_json_add_strings (object, own);
  json_builder_end_array (object);
  json_builder_end_object (object);
}

static void
add_turn_server (JsonBuilder *object, const ThRelayUrls *urls, const ThCredential *credential)
{
  if (urls->turn_udp[0] == NULL && urls->turn_tcp[0] == NULL)
    return;
  begin_urls (object);
  th_json_add_strings (object, urls->turn_udp);
  th_json_add_strings (object, urls->turn_tcp);
  json_builder_end_array (object);
  th_json_add_text (object, "username", credential->username);
  th_json_add_text (object, "credential", credential->password);
  json_builder_end_object (object);
}

static void
add_lifetime (JsonBuilder *object, const ThCredential *credential)
{
  g_autoptr (GDateTime) expiry = g_date_time_new_from_unix_utc (credential->expires_at);
  g_autofree char *text = g_date_time_format (expiry, "%Y-%m-%dT%H:%M:%SZ");

  th_json_add_number (object, "ttl", credential->ttl);
  th_json_add_text (object, "expiresAt", text);
}

void
th_ice_servers_add (JsonBuilder *object, const ThRequest *request, const ThCredential *credential)
{
  char *none[] = { NULL };
  char **fallback = request->config->hybrid ? request->config->fallback_stun : none;
  g_autoptr (ThRelayUrls) urls =
      request->backend->get_urls (request->backend_data, request->caller.browser_here);

  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  add_stun_server (object, fallback, urls->stun);
  add_turn_server (object, urls, credential);
  json_builder_end_array (object);
}

void
th_answer_ice_servers (const ThRequest *request)
{
  g_autoptr (ThCredential) credential = th_request_grant (request);
  g_autoptr (JsonBuilder) object = NULL;

  if (credential == NULL)
    return;
  object = json_builder_new ();
  json_builder_begin_object (object);
  th_ice_servers_add (object, request, credential);
  add_lifetime (object, credential);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}
