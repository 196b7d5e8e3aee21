/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One function a command; what goes with a command is refused without it.
 */
#include "panel/command-line.h"

#include <stdio.h>

#include "control/control-commands.h"
#include "panel/ice-command.h"
#include "panel/panel-settings.h"

#define FAILED 1
#define USAGE 2

static int
run_ice_test (GVariantDict *options)
{
  g_auto (GStrv) words = NULL;
  g_autofree char *user = NULL, *ca_file = NULL;
  g_autoptr (ThSettings) settings = NULL;

  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^as", &words))
    settings = th_panel_settings_load ();
  g_variant_dict_lookup (options, "user", "s", &user);
  g_variant_dict_lookup (options, "ca-file", "^ay", &ca_file);
  ThIceCommand command = {
    .words = words,
    .user = user,
    .ca_file = ca_file,
    .json = g_variant_dict_contains (options, "json"),
  };
  return th_ice_command_run (&command, settings);
}

static int
ask_running (GVariantDict *options, const ThControlRequest *request, const char *state_directory)
{
  const char *const directories[] = { state_directory, NULL };
  g_autoptr (GError) error = NULL;

  if (th_control_command (directories, request, g_variant_dict_contains (options, "json"), &error))
    return 0;
  fprintf (stderr, "turnhouse: %s\n", error->message);
  return FAILED;
}

/* Of the secret, unless the one word that may follow says otherwise. */
static gboolean
read_kind (GVariantDict *options, ThRingKind *kind)
{
  g_autofree const char **words = NULL;

  *kind = TH_RING_SECRET;
  if (!g_variant_dict_lookup (options, G_OPTION_REMAINING, "^a&s", &words))
    return TRUE;
  if (g_str_equal (words[0], "api"))
    *kind = TH_RING_API;
  return words[1] == NULL && (*kind == TH_RING_API || g_str_equal (words[0], "secret"));
}

static int
rotate (GVariantDict *options, const char *state_directory)
{
  ThControlRequest request = { .command = TH_CONTROL_ROTATE,
                               .revoke = g_variant_dict_contains (options, "revoke") };

  if (read_kind (options, &request.kind))
    return ask_running (options, &request, state_directory);
  fprintf (stderr, "turnhouse: --rotate takes \"secret\" or \"api\"\n");
  return USAGE;
}

static int
refuse (GVariantDict *options, const char *const *names, const char *command)
{
  for (guint i = 0; names[i]; i++)
    {
      if (!g_variant_dict_contains (options, names[i]))
        continue;
      fprintf (stderr, "turnhouse: %s%s: only with %s\n", *names[i] ? "--" : "",
               *names[i] ? names[i] : "what follows the options", command);
      return USAGE;
    }
  return -1;
}

int
th_command_line_run (GVariantDict *options, const char *state_directory)
{
  static const char *const of_the_test[] = { "user", "ca-file", NULL };
  static const char *const of_rotation[] = { "revoke", NULL };
  static const char *const of_several[] = { "json", G_OPTION_REMAINING, NULL };
  gboolean test = g_variant_dict_contains (options, "ice-test");
  gboolean rotation = g_variant_dict_contains (options, "rotate");
  gboolean status = g_variant_dict_contains (options, "status");
  int refused = -1;

  if (g_variant_dict_contains (options, "version"))
    {
      printf ("turnhouse %s\n", TH_VERSION);
      return 0;
    }
  if (!test)
    refused = refuse (options, of_the_test, "--ice-test");
  if (refused < 0 && !rotation)
    refused = refuse (options, of_rotation, "--rotate");
  if (refused < 0 && !test && !rotation && !status)
    refused = refuse (options, of_several, "--ice-test, --rotate or --status");
  if (refused >= 0)
    return refused;

  if (test)
    return run_ice_test (options);
  if (rotation)
    return rotate (options, state_directory);
  if (status)
    return ask_running (options, &(ThControlRequest){ .command = TH_CONTROL_STATUS },
                        state_directory);
  return -1;
}
