/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The answer is there while the challenge is open, and for whoever asks: it proves nothing but that
 * it stands here.
 */
#include "endpoint/acme-challenge.h"

#include <string.h>

#include "endpoint/reply.h"

void
th_answer_acme_challenge (const ThRequest *request)
{
  const char *path = g_uri_get_path (soup_server_message_get_uri (request->message));
  const char *token = path + strlen (TH_ACME_CHALLENGE_PATH);
  const char *answer = request->backend->find_challenge (request->backend_data, token);

  if (answer == NULL)
    {
      th_reply_error (request->message, SOUP_STATUS_NOT_FOUND, "No such challenge");
      return;
    }
  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (request->message, "application/octet-stream", SOUP_MEMORY_COPY,
                                    answer, strlen (answer));
}
