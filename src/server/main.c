/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse-server: the relay without a display.
 */
#include <locale.h>
#include <signal.h>

#include "app/log.h"
#include "server/commands.h"
#include "server/config-file.h"
#include "server/option-table.h"

static void
print_help (void)
{
  g_autofree char *help = th_option_table_make_help ();

  g_print ("%s", help);
}

static int
run_with_settings (const ThOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThSettings) settings = th_config_file_load (options->config, &error);

  if (settings == NULL)
    return th_command_fail (error);
  switch (options->command)
    {
    case TH_COMMAND_CHECK:
      return th_command_check (settings);
    case TH_COMMAND_CREDENTIALS:
      return th_command_credentials (settings, options);
    default:
      return th_command_run (settings, options->config);
    }
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThOptions) options = NULL;

  setlocale (LC_CTYPE, ""); /* and no more: what it says is read by people and programs alike */
  signal (SIGPIPE, SIG_IGN); /* who does not read any more is found out by write() */
  th_log_install ();
  options = th_options_parse (argc, argv, &error);
  if (options == NULL)
    return th_command_fail (error);
  switch (options->command)
    {
    case TH_COMMAND_HELP:
      print_help ();
      return TH_EXIT_WELL;
    case TH_COMMAND_VERSION:
      g_print ("turnhouse-server %s\n", TH_VERSION);
      return TH_EXIT_WELL;
    case TH_COMMAND_INIT:
      return th_command_init (options->config);
    case TH_COMMAND_STATUS:
    case TH_COMMAND_ROTATE:
    case TH_COMMAND_DISCONNECT:
    case TH_COMMAND_TEST_LINK:
    case TH_COMMAND_DRAIN:
      return th_command_control (options);
    default:
      return run_with_settings (options);
    }
}
