/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Lines for people as each path ends, and then what was found; or the report as JSON.
 */
#include "panel/ice-command.h"

#include <stdio.h>

#include "credentials/secret.h"
#include "ice/ice-report.h"
#include "ice/ice-server-list.h"

#define EXIT_NOTHING 2

static void
append_standard_input (GString *text)
{
  char bytes[4096];
  size_t length;

  while (text->len <= TH_ICE_TEXT_SIZE_MAX &&
         (length = fread (bytes, 1, sizeof bytes, stdin)) > 0)
    g_string_append_len (text, bytes, (gssize) length);
}

static char *
gather_text (const ThIceCommand *command, ThSettings *settings)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; command->words && command->words[i]; i++)
    {
      if (g_str_equal (command->words[i], "-"))
        append_standard_input (text);
      else
        g_string_append (text, command->words[i]);
      g_string_append_c (text, '\n');
    }
  if (!command->words)
    g_string_append_printf (text, "http://127.0.0.1:%u/api/ice-servers",
                            (guint) th_settings_get_integer (settings, TH_SETTING_ENDPOINT_PORT));
  return g_string_free (text, FALSE);
}

static void
print_path (ThIcePath *path)
{
  const ThIceServer *server = th_ice_path_get_server (path);
  int family = th_ice_path_get_family (path) == TH_STUN_FAMILY_IPV6 ? 6 : 4;
  ThIceStage *failure = th_ice_path_get_failure (path);
  ThIceStageKind last = server->kind == TH_ICE_TURN ? TH_ICE_STAGE_ALLOCATE : TH_ICE_STAGE_BINDING;

  if (failure)
    printf ("FAIL  %s IPv%d: %s: %s\n", server->url, family, th_ice_stage_get_name (failure),
            th_ice_stage_get_cause (failure));
  else if (th_ice_path_is_well (path))
    printf ("ok    %s IPv%d: %s, %.1f ms\n", server->url, family,
            th_ice_stage_get_observed (th_ice_path_get_stage (path, last)),
            th_ice_path_get_round_trip (path) / 1000.0);
  else
    printf ("–     %s IPv%d: %s\n", server->url, family,
            th_ice_stage_get_cause (th_ice_path_get_stage (path, TH_ICE_STAGE_DNS)));
}

static void
print_finding (ThIceFinding *finding)
{
  static const char *const marks[] = { "note ", "warn ", "FAIL " };

  printf ("\n%s %s\n      %s\n      %s\n", marks[th_ice_finding_get_severity (finding)],
          th_ice_finding_get_what (finding), th_ice_finding_get_cause (finding),
          th_ice_finding_get_remedy (finding));
}

static void
print_lines (ThIceTest *test)
{
  GListModel *paths = th_ice_test_get_paths (test);
  GListModel *findings = th_ice_test_get_findings (test);
  const char *const *refused = th_ice_test_get_refused_rows (test);

  for (guint i = 0; refused[i]; i++)
    printf ("FAIL  %s\n", refused[i]);
  for (guint i = 0; i < g_list_model_get_n_items (paths); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);
      print_path (path);
    }
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);
      print_finding (finding);
    }
  printf ("\n%s\n", th_ice_test_get_headline (test));
}

static void
print_json (ThIceTest *test)
{
  g_autofree char *report = th_ice_report_json (test);
  printf ("%s\n", report);
}

static int
exit_code (ThIceTest *test)
{
  if (g_list_model_get_n_items (th_ice_test_get_paths (test)) == 0)
    return EXIT_NOTHING;
  return th_ice_test_get_verdict (test) == TH_ICE_VERDICT_BAD ? 1 : 0;
}

static void
on_finished (ThIceTest *test, GMainLoop *loop)
{
  g_main_loop_quit (loop);
}

int
th_ice_command_run (const ThIceCommand *command, ThSettings *settings)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (ThSecretText) text = gather_text (command, settings);
  ThIceTestOptions options = {
    .text = text,
    .username = command->user,
    .password = g_getenv ("TURN_PASSWORD"),
    .secret = g_getenv ("TURN_SECRET"),
    .token = g_getenv ("TURN_TOKEN"),
    .own_relay = !command->words,
    .trust_file = command->ca_file,
  };
  g_autoptr (ThIceTest) test = th_ice_test_new (&options);

  g_signal_connect (test, "finished", G_CALLBACK (on_finished), loop);
  th_ice_test_start (test);
  g_main_loop_run (loop);
  if (command->json)
    print_json (test);
  else
    print_lines (test);
  return exit_code (test);
}
