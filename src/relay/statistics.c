/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sum of what several workers count.
 */
#include "relay/statistics-private.h"

void
th_relay_statistics_add (ThRelayStatistics *sum,
                         const ThTurnCounters *turn,
                         const ThDropCounters *drops)
{
  sum->bytes_to_peers += th_counter_read (&turn->bytes_up);
  sum->bytes_to_clients += th_counter_read (&turn->bytes_down);
  sum->packets_to_peers += th_counter_read (&turn->packets_up);
  sum->packets_to_clients += th_counter_read (&turn->packets_down);
  sum->allocations_made += th_counter_read (&turn->allocations);
  sum->quota_refusals += th_counter_read (&turn->quota_refusals);
  sum->bindings_answered += th_counter_read (&turn->bindings);
  sum->binding_errors += th_counter_read (&turn->binding_errors);
  sum->challenges += th_counter_read (&turn->challenges);
  sum->stale_nonces += th_counter_read (&turn->stale_nonces);
  sum->wrong_credentials += th_counter_read (&turn->wrong_credentials);
  sum->expired_credentials += th_counter_read (&turn->expired_credentials);
  sum->challenges_withheld += th_counter_read (&turn->challenges_withheld);
  sum->malformed += th_counter_read (&turn->malformed);
  sum->peers_refused += th_counter_read (&turn->peers_refused);
  sum->dropped_no_permission += th_counter_read (&turn->dropped_no_permission);
  sum->dropped_no_allocation += th_counter_read (&turn->dropped_no_allocation);
  sum->dropped_queue_full += th_counter_read (&drops->queue_full);
  sum->dropped_send_error += th_counter_read (&drops->send_error);
  sum->dropped_receive_buffer += th_counter_read (&drops->receive_buffer);
}
