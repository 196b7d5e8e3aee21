/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/livekit/ice-config. One entry for each way in, in the order these apps try them.
 */
#include "endpoint/livekit-ice-config.h"

#include "endpoint/grant.h"
#include "endpoint/ice-servers.h"
#include "endpoint/reply.h"

/* (transfer full) (nullable): NULL if the request has been answered with an error */
static ThCredential *
mint (const ThRequest *request)
{
  g_autoptr (ThParameters) parameters = th_request_read_parameters (request, FALSE);
  const char *user = parameters != NULL ? th_request_choose_user (request, parameters) : NULL;
  g_autoptr (GError) error = NULL;
  ThCredential *credential;

  if (user == NULL)
    return NULL;
  credential = request->backend->mint_jwt (request->backend_data, user, &error);
  if (credential != NULL)
    th_request_note_minted (request, TH_RING_API);
  else if (g_error_matches (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE))
    th_reply_error (request->message, 400, error->message); /* not every id can have a token */
  else
    {
      g_warning ("No token could be made: %s", error->message);
      th_reply_error (request->message, 500, "Failed to generate ICE config");
    }
  return credential;
}

static void
add_ice_servers (JsonBuilder *object, const ThRequest *request, const ThCredential *credential)
{
  g_autoptr (ThRelayUrls) urls =
      request->backend->get_urls (request->backend_data, request->caller.browser_here);

  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  th_ice_servers_add_stun (object, request, urls->stun);
  th_ice_servers_add_turn (object, urls->turns, NULL, NULL, credential);
  th_ice_servers_add_turn (object, urls->turn_udp, NULL, NULL, credential);
  json_builder_end_array (object);
}

void
th_answer_livekit_ice_config (const ThRequest *request)
{
  g_autoptr (ThCredential) credential = mint (request);
  g_autoptr (JsonBuilder) object = NULL;

  if (credential == NULL)
    return;
  object = json_builder_new ();
  json_builder_begin_object (object);
  add_ice_servers (object, request, credential);
  th_ice_servers_add_lifetime (object, credential);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}
