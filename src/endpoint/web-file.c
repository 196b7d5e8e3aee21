/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Serving compiled-in files.
 */
#include "endpoint/web-file.h"

#include "endpoint/web-resources.h"

#define FOLDER "/io/github/turnhouse/web/"

void
th_answer_client_module (const ThRequest *request)
{
  SoupServerMessage *message = request->message;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) file = g_resource_lookup_data (th_web_get_resource (), FOLDER "client.mjs",
                                                    G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Cache-Control", "public, max-age=3600");
  soup_message_headers_set_content_type (headers, "text/javascript; charset=utf-8", NULL);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), file);
}
