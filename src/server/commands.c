/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What all commands have in common.
 */
#include "server/commands.h"

int
th_command_fail (const GError *error)
{
  gboolean of_config = error->domain == TH_SETTINGS_ERROR || error->domain == G_OPTION_ERROR ||
                       g_error_matches (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE);

  g_printerr ("%s\n", error->message);
  return of_config ? TH_EXIT_USAGE : TH_EXIT_FAILED;
}
