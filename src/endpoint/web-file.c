/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Serving compiled-in files.
 */
#include "endpoint/web-file.h"

#include "endpoint/web-resources.h"

#define FOLDER "/io/github/turnhouse/web/"

GBytes *
th_web_file_get (const char *name)
{
  g_autofree char *path = g_strconcat (FOLDER, name, NULL);
  g_autoptr (GError) error = NULL;
  GBytes *file = g_resource_lookup_data (th_web_get_resource (), path,
                                         G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

  g_assert_no_error (error);
  return file;
}

void
th_web_file_answer (SoupServerMessage *message, const char *name, const char *type)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autoptr (GBytes) file = th_web_file_get (name);

  soup_message_headers_set_content_type (headers, type, NULL);
  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_message_body_append_bytes (soup_server_message_get_response_body (message), file);
}

void
th_answer_client_module (const ThRequest *request)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (request->message);

  soup_message_headers_replace (headers, "Access-Control-Allow-Origin", "*");
  soup_message_headers_replace (headers, "Cache-Control", "public, max-age=3600");
  th_web_file_answer (request->message, "client.mjs", "text/javascript; charset=utf-8");
}
