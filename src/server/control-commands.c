/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --status, --rotate, --disconnect, --drain, --renew: asks the server that runs, and says what it
 * said.
 */
#include "server/commands.h"
#include "server/control-client.h"
#include "server/status-text.h"

static void
print_json (JsonObject *answer)
{
  g_autoptr (JsonNode) root = json_node_alloc ();
  g_autofree char *text = NULL;

  json_object_remove_member (answer, "ok"); /* it is, or this was not reached */
  json_node_init_object (root, answer);
  text = json_to_string (root, TRUE);
  g_print ("%s\n", text);
}

static void
print_status (JsonObject *answer, const ThOptions *options)
{
  g_autofree char *text = NULL;

  if (options->json)
    {
      print_json (answer);
      return;
    }
  text = th_status_to_text (answer);
  g_print ("%s", text);
}

static void
print_count (JsonObject *answer, const char *member, const char *what)
{
  gint64 n = json_object_get_int_member_with_default (answer, member, 0);

  g_print ("%" G_GINT64_FORMAT " session%s %s\n", n, n == 1 ? "" : "s", what);
}

static void
print_rotation (JsonObject *answer, const ThOptions *options)
{
  const char *until = json_object_get_string_member_with_default (answer, "formerUntil", NULL);
  gboolean api = options->kind == TH_RING_API;

  g_print ("A new %s is in force.\n", api ? "API secret" : "secret");
  if (options->revoke)
    {
      g_print ("Former ones work no longer: ");
      print_count (answer, "ended", "ended");
    }
  else if (until != NULL)
    g_print ("The former one works until %s.\n", until);
  else
    g_print ("The former one opens no new sessions.\n"); /* no grace */
}

static void
print_drain (JsonObject *answer)
{
  gint64 n = json_object_get_int_member_with_default (answer, "sessions", 0);

  if (n == 0)
    g_print ("No sessions: the server ends now.\n");
  else
    g_print ("No new sessions: the server ends with the last of %" G_GINT64_FORMAT ".\n", n);
}

int
th_command_control (const ThOptions *options)
{
  ThControlRequest request = { .kind = options->kind, .revoke = options->revoke };
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) answer = NULL;

  request.command = options->command == TH_COMMAND_STATUS       ? TH_CONTROL_STATUS
                    : options->command == TH_COMMAND_ROTATE     ? TH_CONTROL_ROTATE
                    : options->command == TH_COMMAND_DISCONNECT ? TH_CONTROL_DISCONNECT
                    : options->command == TH_COMMAND_RENEW      ? TH_CONTROL_RENEW
                                                                : TH_CONTROL_DRAIN;
  request.user = options->user;
  answer = th_control_ask (&request, &error);
  if (answer == NULL)
    return th_command_fail (error);
  if (options->command == TH_COMMAND_STATUS)
    print_status (answer, options);
  else if (options->command == TH_COMMAND_ROTATE)
    print_rotation (answer, options);
  else if (options->command == TH_COMMAND_DISCONNECT)
    print_count (answer, "ended", "ended");
  else if (options->command == TH_COMMAND_RENEW)
    g_print ("The authority is being asked; --status tells how it went.\n");
  else
    print_drain (answer);
  return TH_EXIT_WELL;
}
