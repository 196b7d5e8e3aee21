/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /turn (draft-uberti-behave-turn-rest).
 */
#include "endpoint/turn-rest.h"

#include "endpoint/grant.h"
#include "endpoint/reply.h"

static void
add_uris (JsonBuilder *object, const ThRequest *request)
{
  g_autoptr (ThRelayUrls) urls =
      request->backend->get_urls (request->backend_data, request->caller.browser_here);

  json_builder_set_member_name (object, "uris");
  json_builder_begin_array (object);
  th_json_add_strings (object, urls->turn_udp);
  th_json_add_strings (object, urls->turn_tcp);
  th_json_add_strings (object, urls->turns);
  json_builder_end_array (object);
}

static void
reply (const ThRequest *request, const ThCredential *credential)
{
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_text (object, "username", credential->username);
  th_json_add_text (object, "password", credential->password);
  th_json_add_number (object, "ttl", credential->ttl);
  add_uris (object, request);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}

void
th_answer_turn_rest (const ThRequest *request)
{
  g_autoptr (ThParameters) parameters = th_request_read_parameters (request, TRUE);
  g_autoptr (ThCredential) credential = NULL;

  if (parameters == NULL)
    return;
  if (parameters->service != NULL && !g_str_equal (parameters->service, "turn"))
    {
      th_reply_error (request->message, 400, "service must be turn");
      return;
    }
  credential = th_request_mint (request, parameters);
  if (credential != NULL)
    reply (request, credential);
}
