/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Walks the paths of the ICE test through each of the relay's own listeners, all at once.
 */
#include "app/self-test.h"

#include "ice/ice-path.h"
#include "relay/listener-info.h"

#define CREDENTIAL_TTL 60 /* seconds */

typedef struct {
  GPtrArray *paths;     /* (element-type ThIcePath) */
  GPtrArray *listeners; /* (element-type char*): what each goes to */
  guint n_running;
  GSource *cancelled; /* nullable */
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  if (test->cancelled != NULL)
    g_source_destroy (test->cancelled);
  g_clear_pointer (&test->cancelled, g_source_unref);
  g_ptr_array_unref (test->paths);
  g_ptr_array_unref (test->listeners);
  g_free (test);
}

static void
result_free (gpointer data)
{
  ThSelfTestResult *result = data;

  g_free (result->listener);
  g_free (result->relayed);
  g_free (result->problem);
  g_free (result);
}

/* An address to connect to: the loopback one where it listens on all. */
static gboolean
find_address (ThListenerInfo *info, ThAddress *address)
{
  guint16 port = th_listener_info_get_port (info);

  if (!th_listener_info_is_bound (info) ||
      !th_address_parse (address, th_listener_info_get_address (info), port))
    return FALSE;
  if (th_address_is_wildcard (address))
    th_address_parse (address, th_address_is_ipv6 (address) ? "::1" : "127.0.0.1", port);
  return TRUE;
}

/* Each path is a user of its own, so that even the smallest quota is enough for all. */
static ThCredential *
mint (ThEngine *engine, guint number, GError **error)
{
  g_autofree char *user = g_strdup_printf ("self-test-%u", number);

  return th_secret_ring_mint (th_engine_get_secret_ring (engine), user, CREDENTIAL_TTL,
                              g_get_real_time () / G_USEC_PER_SEC, error);
}

/* RFC 7065 */
static char *
make_url (const char *transport, const char *address)
{
  gboolean udp = g_str_equal (transport, "UDP") || g_str_equal (transport, "DTLS");
  gboolean secure = g_str_equal (transport, "TLS") || g_str_equal (transport, "DTLS");

  return g_strdup_printf ("%s:%s?transport=%s", secure ? "turns" : "turn", address,
                          udp ? "udp" : "tcp");
}

static gboolean
add_path (Test *test, ThEngine *engine, ThListenerInfo *info, GError **error)
{
  g_autoptr (ThCredential) credential = NULL;
  const char *transport = th_listener_info_get_transport (info);
  g_autoptr (ThIceTrust) trust = th_ice_trust_new_for_own ();
  ThIcePathOptions options = { .trust = trust };
  g_autoptr (ThIceServer) server = NULL;
  g_autofree char *url = NULL;
  char text[TH_ADDRESS_STRING_SIZE];
  ThAddress address;

  if (!find_address (info, &address))
    return TRUE;
  credential = mint (engine, test->paths->len, error);
  if (credential == NULL)
    return FALSE;
  url = make_url (transport, th_address_format (&address, text));
  server = th_ice_server_new (url, credential->username, credential->password, NULL);
  g_ptr_array_add (test->paths,
                   th_ice_path_new (server, th_address_family (&address), &options));
  g_ptr_array_add (test->listeners, g_strdup_printf ("%s %s", transport, text));
  return TRUE;
}

static ThSelfTestResult *
tell_result (ThIcePath *path, const char *listener)
{
  ThSelfTestResult *result = g_new0 (ThSelfTestResult, 1);
  ThIceStage *failure = th_ice_path_get_failure (path);

  result->listener = g_strdup (listener);
  result->relayed = g_strdup (
      th_ice_stage_get_observed (th_ice_path_get_stage (path, TH_ICE_STAGE_ALLOCATE)));
  if (failure != NULL)
    result->problem = g_strdup_printf ("%s: %s %s", th_ice_stage_get_name (failure),
                                       th_ice_stage_get_cause (failure),
                                       th_ice_stage_get_remedy (failure));
  return result;
}

static void
return_results (GTask *task)
{
  Test *test = g_task_get_task_data (task);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (result_free);

  for (guint i = 0; i < test->paths->len; i++)
    g_ptr_array_add (results, tell_result (g_ptr_array_index (test->paths, i),
                                           g_ptr_array_index (test->listeners, i)));
  g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_ptr_array_unref);
}

static void
on_path_finished (ThIcePath *path, gpointer data)
{
  g_autoptr (GTask) task = data; /* one reference for each path */
  Test *test = g_task_get_task_data (task);

  if (--test->n_running == 0)
    return_results (task);
}

static gboolean
on_cancelled (GCancellable *cancellable, gpointer data)
{
  g_autoptr (GTask) task = g_object_ref (data);
  Test *test = g_task_get_task_data (task);

  for (guint i = 0; i < test->paths->len; i++)
    th_ice_path_stop (g_ptr_array_index (test->paths, i));
  return G_SOURCE_REMOVE;
}

static void
watch_cancellable (GTask *task)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Test *test = g_task_get_task_data (task);

  if (cancellable == NULL)
    return;
  test->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (test->cancelled, G_SOURCE_FUNC (on_cancelled), task, NULL);
  g_source_attach (test->cancelled, NULL);
}

static void
start (GTask *task)
{
  Test *test = g_task_get_task_data (task);

  watch_cancellable (task);
  test->n_running = test->paths->len;
  for (guint i = 0; i < test->paths->len; i++)
    g_signal_connect (g_ptr_array_index (test->paths, i), "finished",
                      G_CALLBACK (on_path_finished), g_object_ref (task));
  for (guint i = 0; i < test->paths->len; i++)
    th_ice_path_start (g_ptr_array_index (test->paths, i));
  if (test->paths->len == 0)
    return_results (task);
}

void
th_self_test_run_async (ThEngine *engine,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, data);
  GListModel *listeners = th_relay_get_listeners (th_engine_get_relay (engine));
  g_autoptr (GError) error = NULL;
  Test *test = g_new0 (Test, 1);

  test->paths = g_ptr_array_new_with_free_func (g_object_unref);
  test->listeners = g_ptr_array_new_with_free_func (g_free);
  g_task_set_task_data (task, test, test_free);
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (!add_path (test, engine, info, &error))
        {
          g_task_return_error (task, g_steal_pointer (&error));
          return;
        }
    }
  start (task);
}

GPtrArray *
th_self_test_run_finish (ThEngine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
