/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Probes the relay from a thread.
 */
#include "app/self-test.h"

#include "app/turn-probe.h"
#include "relay/listener-info.h"

#define CREDENTIAL_TTL 60 /* seconds */

typedef struct {
  ThTransport transport;
  ThAddress server;
} Target;

typedef struct {
  GArray *targets;
  ThCredential *credential;
} Plan;

static void
plan_free (gpointer data)
{
  Plan *plan = data;

  g_array_unref (plan->targets);
  th_credential_free (plan->credential);
  g_free (plan);
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
make_target (ThListenerInfo *info, Target *target)
{
  ThAddress *server = &target->server;
  guint16 port = th_listener_info_get_port (info);

  if (!th_listener_info_is_bound (info) ||
      !th_address_parse (server, th_listener_info_get_address (info), port))
    return FALSE;
  if (th_address_is_wildcard (server))
    th_address_parse (server, th_address_is_ipv6 (server) ? "::1" : "127.0.0.1", port);
  target->transport = g_str_equal (th_listener_info_get_transport (info), "TCP")
                          ? TH_TRANSPORT_TCP
                          : TH_TRANSPORT_UDP;
  return TRUE;
}

static GArray *
find_targets (ThEngine *engine)
{
  GListModel *listeners = th_relay_get_listeners (th_engine_get_relay (engine));
  GArray *targets = g_array_new (FALSE, FALSE, sizeof (Target));
  Target target;

  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);

      if (make_target (info, &target))
        g_array_append_val (targets, target);
    }
  return targets;
}

static ThSelfTestResult *
probe (const Target *target, const ThCredential *credential)
{
  ThSelfTestResult *result = g_new0 (ThSelfTestResult, 1);
  char text[TH_ADDRESS_STRING_SIZE];
  g_autoptr (GError) error = NULL;
  ThAddress relayed;

  result->listener = g_strdup_printf (
      "%s %s", target->transport == TH_TRANSPORT_UDP ? "UDP" : "TCP",
      th_address_format (&target->server, text));
  if (th_turn_probe (target->transport, &target->server, credential->username,
                     credential->password, &relayed, &error))
    result->relayed = g_strdup (th_address_format (&relayed, text));
  else
    result->problem = g_strdup (error->message);
  return result;
}

static void
run_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Plan *plan = data;
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (result_free);

  for (guint i = 0; i < plan->targets->len && !g_cancellable_is_cancelled (cancellable); i++)
    g_ptr_array_add (results, probe (&g_array_index (plan->targets, Target, i), plan->credential));
  g_task_return_pointer (task, g_steal_pointer (&results), (GDestroyNotify) g_ptr_array_unref);
}

void
th_self_test_run_async (ThEngine *engine,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer data)
{
  g_autoptr (GTask) task = g_task_new (engine, cancellable, callback, data);
  g_autoptr (GError) error = NULL;
  ThCredential *credential =
      th_secret_ring_mint (th_engine_get_secret_ring (engine), "self-test", CREDENTIAL_TTL,
                           g_get_real_time () / G_USEC_PER_SEC, &error);

  if (credential == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }

  Plan *plan = g_new0 (Plan, 1);
  plan->credential = credential;
  plan->targets = find_targets (engine);
  g_task_set_task_data (task, plan, plan_free);
  g_task_run_in_thread (task, run_in_thread);
}

GPtrArray *
th_self_test_run_finish (ThEngine *engine, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
