/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/ice-servers, and the list in it.
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

void
th_ice_servers_add_stun (JsonBuilder *array, const ThRequest *request, char **own)
{
  char *none[] = { NULL };
  char **fallback = request->config->hybrid ? request->config->fallback_stun : none;

  if (fallback[0] == NULL && own[0] == NULL)
    return;
  begin_urls (array);
  th_json_add_strings (array, fallback);
  th_json_add_strings (array, own);
  json_builder_end_array (array);
  json_builder_end_object (array);
}

void
th_ice_servers_add_turn (JsonBuilder *array,
                         char **first,
                         char **second,
                         char **third,
                         const ThCredential *credential)
{
  char *none[] = { NULL };

  if (second == NULL)
    second = none;
  if (third == NULL)
    third = none;
  if (first[0] == NULL && second[0] == NULL && third[0] == NULL)
    return;
  begin_urls (array);
  th_json_add_strings (array, first);
  th_json_add_strings (array, second);
  th_json_add_strings (array, third);
  json_builder_end_array (array);
  th_json_add_text (array, "username", credential->username);
  th_json_add_text (array, "credential", credential->password);
  json_builder_end_object (array);
}

void
th_ice_servers_add_lifetime (JsonBuilder *object, const ThCredential *credential)
{
  th_json_add_number (object, "ttl", credential->ttl);
  th_json_add_time (object, "expiresAt", credential->expires_at);
}

void
th_ice_servers_add (JsonBuilder *object, const ThRequest *request, const ThCredential *credential)
{
  g_autoptr (ThRelayUrls) urls =
      request->backend->get_urls (request->backend_data, request->caller.browser_here);

  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  th_ice_servers_add_stun (object, request, urls->stun);
  th_ice_servers_add_turn (object, urls->turn_udp, urls->turn_tcp, urls->turns, credential);
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
  th_ice_servers_add_lifetime (object, credential);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}
