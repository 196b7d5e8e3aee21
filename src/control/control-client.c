/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connect, say one line, hear one line.
 */
#include "control/control-client.h"

#include <string.h>

#include "credentials/json-object.h"
#include "control/control-socket.h"

/* More than a server has to say, with every listener and problem there can be. */
#define ANSWER_MAX (1024 * 1024)

#define DEPTH_MAX 8
#define PATIENCE_SECONDS 30

static GSocket *
connect_to_first (const char *const *state_directories, GError **error)
{
  g_autoptr (GError) why = NULL;
  GSocket *socket = th_control_socket_connect (state_directories[0], &why);

  for (guint i = 1; socket == NULL && state_directories[i] != NULL &&
                    g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
       i++)
    socket = th_control_socket_connect (state_directories[i], NULL);
  if (socket == NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return socket;
}

/* A server that turns a client away may close before it has read; its words come nevertheless. */
static void
send_line (GSocket *socket, const char *line)
{
  gsize left = strlen (line);

  while (left > 0)
    {
      gssize n = g_socket_send (socket, line, left, NULL, NULL);

      if (n <= 0)
        return;
      line += n;
      left -= n;
    }
}

/* (transfer full) (nullable): without its line feed */
static GString *
receive_line (GSocket *socket, GError **error)
{
  g_autoptr (GString) line = g_string_new (NULL);
  char bytes[4096];
  gssize n;

  while ((n = g_socket_receive (socket, bytes, sizeof bytes, NULL, error)) > 0)
    {
      g_string_append_len (line, bytes, n);
      if (line->str[line->len - 1] == '\n')
        {
          g_string_truncate (line, line->len - 1);
          return g_steal_pointer (&line);
        }
      if (line->len > ANSWER_MAX)
        break;
    }
  if (n >= 0)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT,
                         "it ended the connection without an answer");
  return NULL;
}

/* (transfer full) (nullable) */
static JsonObject *
parse_answer (const GString *line, GError **error)
{
  JsonObject *answer = th_json_object_parse (line->str, line->len, DEPTH_MAX);

  if (answer == NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                         "its answer is not understood; it may be of another version");
  return answer;
}

static JsonObject *
exchange (GSocket *socket, const ThControlRequest *request, GError **error)
{
  g_autofree char *text = th_control_request_print (request);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  g_autoptr (GString) answer = NULL;

  g_socket_set_timeout (socket, PATIENCE_SECONDS);
  send_line (socket, line);
  answer = receive_line (socket, error);
  return answer != NULL ? parse_answer (answer, error) : NULL;
}

JsonObject *
th_control_ask (const char *const *state_directories,
                const ThControlRequest *request,
                GError **error)
{
  g_autoptr (GSocket) socket = connect_to_first (state_directories, error);
  g_autoptr (JsonObject) answer = NULL;

  if (socket == NULL)
    return NULL;
  answer = exchange (socket, request, error);
  if (answer == NULL)
    {
      g_prefix_error (error, "What runs there does not answer: ");
      return NULL;
    }
  if (json_object_get_boolean_member_with_default (answer, "ok", FALSE))
    return g_steal_pointer (&answer);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                       json_object_get_string_member_with_default (answer, "error", "It failed"));
  return NULL;
}
