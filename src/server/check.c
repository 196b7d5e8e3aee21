/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --check: what would be wrong is better known before it is.
 */
#include "app/engine.h"
#include "app/self-test.h"
#include "app/state-directory.h"
#include "server/commands.h"

typedef struct {
  GMainLoop *loop;
  gboolean well;
} Check;

static void
print_result (const ThSelfTestResult *result)
{
  if (result->problem == NULL)
    g_print ("ok    allocation over %s: %s\n", result->listener, result->relayed);
  else
    g_print ("FAIL  allocation over %s: %s\n", result->listener, result->problem);
}

static void
on_self_test_finished (GObject *engine, GAsyncResult *async, gpointer data)
{
  Check *check = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) results = th_self_test_run_finish (TH_ENGINE (engine), async, &error);

  if (results == NULL)
    {
      g_print ("FAIL  self-test: %s\n", error->message);
      check->well = FALSE;
    }
  for (guint i = 0; results != NULL && i < results->len; i++)
    {
      const ThSelfTestResult *result = g_ptr_array_index (results, i);

      print_result (result);
      check->well = check->well && result->problem == NULL;
    }
  g_main_loop_quit (check->loop);
}

static void
print_listeners (ThEngine *engine)
{
  GListModel *listeners = th_relay_get_listeners (th_engine_get_relay (engine));

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);
      const char *address = th_listener_info_get_address (info);
      gboolean ipv6 = th_listener_info_get_family (info) == 6;

      if (th_listener_info_is_bound (info))
        g_print ("ok    listens on %s %s%s%s:%u\n", th_listener_info_get_transport (info),
                 ipv6 ? "[" : "", address, ipv6 ? "]" : "", th_listener_info_get_port (info));
    }
}

static void
print_urls (ThEngine *engine)
{
  GListModel *urls = th_engine_get_urls (engine);

  for (guint i = 0; i < g_list_model_get_n_items (urls); i++)
    {
      g_autoptr (ThConnectUrl) url = g_list_model_get_item (urls, i);

      g_print ("ok    %s: %s\n", th_connect_url_get_label (url), th_connect_url_get_url (url));
    }
}

static void
print_problems (ThEngine *engine)
{
  GListModel *problems = th_engine_get_problems (engine);

  for (guint i = 0; i < g_list_model_get_n_items (problems); i++)
    {
      g_autoptr (ThProblem) problem = g_list_model_get_item (problems, i);

      g_print ("FAIL  %s. %s\n", th_problem_get_title (problem), th_problem_get_detail (problem));
    }
}

int
th_command_check (ThSettings *settings)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autofree char *state_directory = th_state_directory_find ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ThEngine) engine = th_engine_new (settings, state_directory, &error);
  Check check = { .loop = loop };

  if (engine == NULL)
    return th_command_fail (error);
  g_print ("ok    configuration and secrets\n");
  th_acme_set_asks (th_engine_get_acme (engine), FALSE);
  check.well = th_engine_start (engine, NULL) &&
               g_list_model_get_n_items (th_engine_get_problems (engine)) == 0;
  print_listeners (engine);
  print_urls (engine);
  print_problems (engine);
  if (th_engine_get_state (engine) == TH_ENGINE_RUNNING)
    {
      th_self_test_run_async (engine, NULL, on_self_test_finished, &check);
      g_main_loop_run (loop);
    }
  th_engine_stop (engine);
  return check.well ? TH_EXIT_WELL : TH_EXIT_FAILED;
}
