/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way from a request to a credential.
 */
#include "endpoint/grant.h"

#include "endpoint/reply.h"

ThParameters *
th_request_read_parameters (const ThRequest *request, gboolean with_ttl)
{
  SoupServerMessage *message = request->message;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *content_type = soup_message_headers_get_content_type (headers, NULL);
  const char *query = g_uri_get_query (soup_server_message_get_uri (message));
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  ThParameters *parameters = th_parameters_parse (query, content_type, body, with_ttl, &error);

  if (parameters == NULL)
    th_reply_error (message, error->code, error->message);
  return parameters;
}

const char *
th_request_choose_user (const ThRequest *request, const ThParameters *parameters)
{
  const ThCaller *caller = &request->caller;

  if (parameters->user == NULL)
    return caller->name;
  if (caller->kind != TH_CALLER_USER || g_str_equal (parameters->user, caller->name))
    return parameters->user;
  th_reply_error (request->message, SOUP_STATUS_FORBIDDEN,
                  "user must be the one that the token was signed for");
  return NULL;
}

ThCredential *
th_request_mint (const ThRequest *request, const ThParameters *parameters)
{
  const char *user = th_request_choose_user (request, parameters);
  gint64 ttl = parameters->ttl != 0 ? parameters->ttl : request->config->default_ttl;
  g_autoptr (GError) error = NULL;
  ThCredential *credential;

  if (user == NULL)
    return NULL;
  credential = request->backend->mint (request->backend_data, user,
                                       MIN (ttl, request->config->max_ttl), &error);
  if (credential != NULL)
    th_request_note_minted (request, TH_RING_SECRET);
  else
    {
      g_warning ("No credential could be made: %s", error->message);
      th_reply_error (request->message, 500, "No credential could be made");
    }
  return credential;
}

void
th_request_note_minted (const ThRequest *request, ThRingKind kind)
{
  request->counters->minted[kind]++;
  if (request->caller.kind == TH_CALLER_APP)
    request->backend->note_app (request->backend_data, request->caller.name, kind);
}

ThCredential *
th_request_grant (const ThRequest *request)
{
  g_autoptr (ThParameters) parameters = th_request_read_parameters (request, TRUE);

  return parameters == NULL ? NULL : th_request_mint (request, parameters);
}
