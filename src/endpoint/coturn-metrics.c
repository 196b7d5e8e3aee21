/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * All of them are untyped: the names do not follow the rules for counters and gauges, and queries
 * do not look at the type.
 */
#include "endpoint/coturn-metrics.h"

typedef struct {
  const char *name, *help;
  guint64 value;
} Row;

static void
add_row (ThExposition *exposition, const Row *row)
{
  th_exposition_single (exposition, row->name, TH_METRIC_UNTYPED, row->help, (double) row->value);
}

static guint64
count_drops (const ThRelayStatistics *counted)
{
  return counted->malformed + counted->dropped_no_permission + counted->dropped_no_allocation +
         counted->dropped_queue_full + counted->dropped_send_error +
         counted->dropped_receive_buffer;
}

static guint64
count_processed (const ThRelayStatistics *counted)
{
  return counted->packets_to_peers + counted->packets_to_clients + counted->bindings_answered;
}

/* "rcv" and "sent" as the relay does it; "peer" is its far side. Once by realm, once in total. */
static void
add_traffic (ThExposition *exposition, const ThRelayStatistics *counted, const char *realm)
{
  const struct {
    const char *by_realm, *total, *help;
    guint64 value;
  } rows[] = {
    { "turn_traffic_rcvp", "turn_total_traffic_rcvp", "Packets from clients.",
      counted->packets_to_peers },
    { "turn_traffic_rcvb", "turn_total_traffic_rcvb", "Payload bytes from clients.",
      counted->bytes_to_peers },
    { "turn_traffic_sentp", "turn_total_traffic_sentp", "Packets to clients.",
      counted->packets_to_clients },
    { "turn_traffic_sentb", "turn_total_traffic_sentb", "Payload bytes to clients.",
      counted->bytes_to_clients },
    { "turn_traffic_peer_rcvp", "turn_total_traffic_peer_rcvp", "Packets from peers.",
      counted->packets_to_clients },
    { "turn_traffic_peer_rcvb", "turn_total_traffic_peer_rcvb", "Payload bytes from peers.",
      counted->bytes_to_clients },
    { "turn_traffic_peer_sentp", "turn_total_traffic_peer_sentp", "Packets to peers.",
      counted->packets_to_peers },
    { "turn_traffic_peer_sentb", "turn_total_traffic_peer_sentb", "Payload bytes to peers.",
      counted->bytes_to_peers },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row total = { rows[i].total, rows[i].help, rows[i].value };

      th_exposition_family (exposition, rows[i].by_realm, TH_METRIC_UNTYPED, rows[i].help);
      th_exposition_add (exposition, (double) rows[i].value, "realm", realm, NULL);
      add_row (exposition, &total);
    }
}

static void
add_allocations (ThExposition *exposition, const ThRelayStatistics *counted)
{
  th_exposition_family (exposition, "turn_total_allocations", TH_METRIC_UNTYPED,
                        "Allocations now.");
  for (guint i = 0; i < TH_N_TRANSPORTS; i++)
    th_exposition_add (exposition, (double) (counted->tally[i][0].live + counted->tally[i][1].live),
                       "type", th_transport_get_name (i), NULL);
}

static void
add_others (ThExposition *exposition, const ThRelayStatistics *counted)
{
  const Row rows[] = {
    { "stun_binding_request", "STUN Binding requests.", counted->bindings_answered },
    { "stun_binding_response", "STUN Binding requests answered well.",
      counted->bindings_answered - MIN (counted->binding_errors, counted->bindings_answered) },
    { "stun_binding_error", "STUN Binding requests answered with an error.",
      counted->binding_errors },
    { "turn_packet_processed", "Packets relayed, and Binding requests.",
      count_processed (counted) },
    { "turn_packet_dropped", "Packets that went nowhere.", count_drops (counted) },
    { "coturn_allocations_total", "Allocations now.", counted->sessions },
    { "coturn_traffic_peer_rx_bytes", "Payload bytes from peers.", counted->bytes_to_clients },
    { "coturn_traffic_peer_tx_bytes", "Payload bytes to peers.", counted->bytes_to_peers },
    { "coturn_errors_total",
      "Wrong or expired credentials, quotas reached and packets not sent.",
      counted->wrong_credentials + counted->expired_credentials + counted->quota_refusals +
          counted->dropped_send_error },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    add_row (exposition, &rows[i]);
}

void
th_coturn_metrics_add (ThExposition *exposition,
                       const ThRelayStatistics *counted,
                       const char *realm)
{
  add_allocations (exposition, counted);
  add_traffic (exposition, counted, realm);
  add_others (exposition, counted);
}
