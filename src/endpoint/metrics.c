/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /metrics: the families named turnhouse_*, then those of others' naming.
 */
#include "endpoint/metrics.h"

#include "endpoint/coturn-metrics.h"
#include "endpoint/exposition.h"
#include "endpoint/process-metrics.h"
#include "endpoint/request-metrics.h"
#include "endpoint/secret-metrics.h"
#include "relay/listener-info.h"

/* One value of the label that tells the samples of a family apart. */
typedef struct {
  const char *label;
  guint64 value;
} Sample;

static void
add_family (ThExposition *exposition,
            const char *name,
            const char *help,
            const char *label,
            const Sample *samples,
            guint n_samples)
{
  th_exposition_family (exposition, name, TH_METRIC_COUNTER, help);
  for (guint i = 0; i < n_samples; i++)
    th_exposition_add (exposition, (double) samples[i].value, label, samples[i].label, NULL);
}

static void
add_build (ThExposition *exposition, gboolean running)
{
  th_exposition_family (exposition, "turnhouse_build_info", TH_METRIC_GAUGE,
                        "Always 1; the version is a label.");
  th_exposition_add (exposition, 1, "version", TH_VERSION, NULL);
  th_exposition_single (exposition, "turnhouse_relay_running", TH_METRIC_GAUGE,
                        "Whether the relay runs (1) or not (0).", running);
}

static void
add_listeners (ThExposition *exposition, GListModel *listeners)
{
  if (g_list_model_get_n_items (listeners) == 0)
    return;
  th_exposition_family (exposition, "turnhouse_listener_bound", TH_METRIC_GAUGE,
                        "Whether the relay listens there (1) or could not (0).");
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) info = g_list_model_get_item (listeners, i);
      g_autofree char *transport = g_ascii_strdown (th_listener_info_get_transport (info), -1);
      g_autofree char *port = g_strdup_printf ("%u", th_listener_info_get_port (info));

      th_exposition_add (exposition, th_listener_info_is_bound (info), "transport", transport,
                         "address", th_listener_info_get_address (info), "port", port, NULL);
    }
}

static double
tally_live (const ThSessionTally *tally)
{
  return (double) tally->live;
}

static double
tally_made (const ThSessionTally *tally)
{
  return (double) tally->made;
}

static void
add_tally (ThExposition *exposition,
           const ThRelayStatistics *counted,
           double (*get) (const ThSessionTally *))
{
  static const char *const transports[TH_N_TRANSPORTS] = { "udp", "tcp", "tls", "dtls" };
  static const char *const families[TH_N_FAMILIES] = { "ipv4", "ipv6" };

  for (guint i = 0; i < TH_N_TRANSPORTS; i++)
    for (guint j = 0; j < TH_N_FAMILIES; j++)
      th_exposition_add (exposition, get (&counted->tally[i][j]), "transport", transports[i],
                         "family", families[j], NULL);
}

static void
add_sessions (ThExposition *exposition, const ThRelayStatistics *counted)
{
  th_exposition_family (exposition, "turnhouse_sessions", TH_METRIC_GAUGE,
                        "Sessions now, by how the client reaches the relay.");
  add_tally (exposition, counted, tally_live);
  th_exposition_family (exposition, "turnhouse_allocations_total", TH_METRIC_COUNTER,
                        "Allocations made, by how the client reaches the relay.");
  add_tally (exposition, counted, tally_made);
  th_exposition_single (exposition, "turnhouse_tcp_connections", TH_METRIC_GAUGE,
                        "Connections of clients over TCP now, with TLS or without.",
                        counted->connections);
  th_exposition_single (exposition, "turnhouse_dtls_sessions", TH_METRIC_GAUGE,
                        "Clients over DTLS now, with handshakes that go on.",
                        counted->dtls_sessions);
}

static void
add_traffic (ThExposition *exposition, const ThRelayStatistics *counted)
{
  const Sample bytes[] = {
    { "to_peers", counted->bytes_to_peers },
    { "to_clients", counted->bytes_to_clients },
  };
  const Sample packets[] = {
    { "to_peers", counted->packets_to_peers },
    { "to_clients", counted->packets_to_clients },
  };
  const Sample drops[] = {
    { "malformed", counted->malformed },
    { "no_permission", counted->dropped_no_permission },
    { "no_allocation", counted->dropped_no_allocation },
    { "queue_full", counted->dropped_queue_full },
    { "send_error", counted->dropped_send_error },
    { "receive_buffer", counted->dropped_receive_buffer },
  };

  add_family (exposition, "turnhouse_relayed_bytes_total", "Payload bytes relayed.", "direction",
              bytes, G_N_ELEMENTS (bytes));
  add_family (exposition, "turnhouse_relayed_packets_total", "Packets relayed.", "direction",
              packets, G_N_ELEMENTS (packets));
  add_family (exposition, "turnhouse_dropped_packets_total", "Packets that went nowhere, by cause.",
              "cause", drops, G_N_ELEMENTS (drops));
}

static void
add_refusals (ThExposition *exposition, const ThRelayStatistics *counted)
{
  const Sample failures[] = {
    { "stale_nonce", counted->stale_nonces },
    { "wrong_credentials", counted->wrong_credentials },
    { "expired_credentials", counted->expired_credentials },
  };
  const struct {
    const char *name, *help;
    guint64 value;
  } singles[] = {
    { "turnhouse_challenges_total",
      "Requests without fitting credentials that were answered so (401 and 438).",
      counted->challenges },
    { "turnhouse_challenges_withheld_total",
      "Requests left without an answer, by the limit per client network.",
      counted->challenges_withheld },
    { "turnhouse_quota_refusals_total", "Allocations refused for a quota or want of capacity.",
      counted->quota_refusals },
    { "turnhouse_peers_refused_total", "Requests for a peer that is not allowed.",
      counted->peers_refused },
    { "turnhouse_bindings_total", "STUN Binding requests answered.", counted->bindings_answered },
    { "turnhouse_binding_errors_total", "STUN Binding requests answered with an error.",
      counted->binding_errors },
  };

  add_family (exposition, "turnhouse_auth_failures_total", "Failed authentications, by reason.",
              "reason", failures, G_N_ELEMENTS (failures));
  for (guint i = 0; i < G_N_ELEMENTS (singles); i++)
    th_exposition_single (exposition, singles[i].name, TH_METRIC_COUNTER, singles[i].help,
                          (double) singles[i].value);
}

static void
add_certificate (ThExposition *exposition, ThCertificate *certificate)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;

  if (certificate != NULL)
    th_exposition_single (exposition, "turnhouse_certificate_expiry_seconds", TH_METRIC_GAUGE,
                          "Seconds until the certificate of HTTPS expires; negative: since it did.",
                          (double) (th_certificate_get_not_after (certificate) - now));
}

void
th_answer_metrics (const ThRequest *request)
{
  const ThEndpointBackend *backend = request->backend;
  g_autoptr (ThExposition) exposition = th_exposition_new ();
  ThRelayStatistics counted;

  backend->get_statistics (request->backend_data, &counted);
  add_build (exposition, backend->is_relay_running (request->backend_data));
  add_listeners (exposition, backend->get_listeners (request->backend_data));
  add_sessions (exposition, &counted);
  add_traffic (exposition, &counted);
  add_refusals (exposition, &counted);
  th_secret_metrics_add (exposition, backend, request->backend_data);
  th_request_metrics_add (exposition, request->counters);
  add_certificate (exposition, request->certificate);
  th_process_metrics_add (exposition);
  th_coturn_metrics_add (exposition, &counted, request->config->realm);

  char *text = th_exposition_dup_text (exposition);
  soup_server_message_set_status (request->message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (request->message, TH_EXPOSITION_CONTENT_TYPE, SOUP_MEMORY_TAKE,
                                    text, strlen (text));
}
