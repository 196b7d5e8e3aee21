/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is asked of the server that runs.
 */
#include "app/state-directory.h"
#include "control/control-commands.h"
#include "server/commands.h"

/* Where the systemd unit keeps its state; only root gets in there. */
#define SYSTEM_DIRECTORY "/var/lib/turnhouse"

static ThControlCommand
command_of (const ThOptions *options)
{
  switch (options->command)
    {
    case TH_COMMAND_STATUS:
      return TH_CONTROL_STATUS;
    case TH_COMMAND_ROTATE:
      return TH_CONTROL_ROTATE;
    case TH_COMMAND_DISCONNECT:
      return TH_CONTROL_DISCONNECT;
    case TH_COMMAND_TEST_LINK:
      return TH_CONTROL_TEST_LINK;
    default:
      return TH_CONTROL_DRAIN;
    }
}

int
th_command_control (const ThOptions *options)
{
  g_autofree char *own = th_state_directory_find ();
  gboolean named = g_getenv ("STATE_DIRECTORY") != NULL;
  const char *const directories[] = { own, named ? NULL : SYSTEM_DIRECTORY, NULL };
  ThControlRequest request = {
    .command = command_of (options),
    .kind = options->kind,
    .revoke = options->revoke,
    .user = options->user,
  };
  g_autoptr (GError) error = NULL;

  if (!th_control_command (directories, &request, options->json, &error))
    return th_command_fail (error);
  return TH_EXIT_WELL;
}
