/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /client/meta.
 */
#include "endpoint/client-meta.h"

#include "endpoint/grant.h"
#include "endpoint/ice-servers.h"
#include "endpoint/reply.h"

void
th_answer_client_meta (const ThRequest *request)
{
  g_autoptr (ThCredential) credential = th_request_grant (request);
  g_autoptr (JsonBuilder) object = NULL;

  if (credential == NULL)
    return;
  object = json_builder_new ();
  json_builder_begin_object (object);
  th_json_add_text (object, "name", "Turnhouse");
  th_json_add_text (object, "version", TH_VERSION);
  th_json_add_number (object, "maxFileSize", TH_CLIENT_MAX_FILE_SIZE);
  th_ice_servers_add (object, request, credential);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}
