/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks, and prints the answer in words, or as it came.
 */
#include "control/control-commands.h"

#include "control/control-client.h"
#include "control/status-text.h"

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
print_status (JsonObject *answer, gboolean json)
{
  g_autofree char *text = NULL;

  if (json)
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
print_rotation (JsonObject *answer, const ThControlRequest *request)
{
  const char *until = json_object_get_string_member_with_default (answer, "formerUntil", NULL);
  gboolean api = request->kind == TH_RING_API;

  g_print ("A new %s is in force.\n", api ? "API secret" : "secret");
  if (request->revoke)
    {
      g_print ("Former ones work no longer: ");
      print_count (answer, "ended", "ended");
    }
  else if (until != NULL)
    g_print ("The former one works until %s.\n", until);
  else
    g_print ("The former one opens no new sessions.\n"); /* no grace */
}

/* The link alone on a line, for whoever makes a QR code or a message of it. */
static void
print_test_link (JsonObject *answer)
{
  const char *until = json_object_get_string_member_with_default (answer, "expiresAt", "");

  g_print ("%s\n", json_object_get_string_member_with_default (answer, "url", ""));
  g_printerr ("It opens once, until %s.\n", until);
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

gboolean
th_control_command (const char *const *state_directories,
                    const ThControlRequest *request,
                    gboolean json,
                    GError **error)
{
  g_autoptr (JsonObject) answer = th_control_ask (state_directories, request, error);

  if (answer == NULL)
    return FALSE;
  switch (request->command)
    {
    case TH_CONTROL_STATUS:
      print_status (answer, json);
      break;
    case TH_CONTROL_ROTATE:
      print_rotation (answer, request);
      break;
    case TH_CONTROL_DISCONNECT:
      print_count (answer, "ended", "ended");
      break;
    case TH_CONTROL_TEST_LINK:
      print_test_link (answer);
      break;
    case TH_CONTROL_DRAIN:
      print_drain (answer);
      break;
    default:
      g_assert_not_reached ();
    }
  return TRUE;
}
