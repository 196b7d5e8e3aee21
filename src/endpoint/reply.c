/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers of the endpoint, written once for all routes.
 */
#include "endpoint/reply.h"

G_DEFINE_QUARK (th-http-error-quark, th_http_error)

static void
set_body (SoupServerMessage *message, guint status, char *text)
{
  soup_server_message_set_status (message, status, th_status_phrase (status));
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text,
                                    strlen (text));
}

static char *
to_text (JsonBuilder *object)
{
  g_autoptr (JsonNode) root = json_builder_get_root (object);

  return json_to_string (root, FALSE);
}

void
th_reply_json (SoupServerMessage *message, guint status, JsonBuilder *object)
{
  set_body (message, status, to_text (object));
}

void
th_reply_error (SoupServerMessage *message, guint status, const char *text)
{
  set_body (message, status, th_reply_error_body (text));
}

void
th_reply_too_many (SoupServerMessage *message, guint retry_after)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  g_autofree char *seconds = g_strdup_printf ("%u", retry_after);

  soup_message_headers_replace (headers, "Retry-After", seconds);
  th_reply_error (message, 429, "Too many requests");
}

char *
th_reply_error_body (const char *text)
{
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_text (object, "error", text);
  json_builder_end_object (object);
  return to_text (object);
}

const char *
th_status_phrase (guint status)
{
  /* libsoup has no words for this one (RFC 6585, section 4). */
  return status == 429 ? "Too Many Requests" : soup_status_get_phrase (status);
}
