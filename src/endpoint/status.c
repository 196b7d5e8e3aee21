/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /api/status.
 */
#include "endpoint/status.h"

#include <gnutls/gnutls.h>
#include <locale.h>
#include <string.h>

#include "endpoint/reply.h"
#include "endpoint/traffic-rate.h"
#include "relay/listener-info.h"

static void
begin_member (JsonBuilder *object, const char *name)
{
  json_builder_set_member_name (object, name);
  json_builder_begin_object (object);
}

static void
add_counts (JsonBuilder *object, const ThRelayStatistics *counted)
{
  begin_member (object, "now");
  th_json_add_number (object, "sessions", counted->sessions);
  th_json_add_number (object, "connections", counted->connections);
  json_builder_end_object (object);

  begin_member (object, "total");
  th_json_add_number (object, "allocations", counted->allocations_made);
  th_json_add_number (object, "bytesToPeers", counted->bytes_to_peers);
  th_json_add_number (object, "bytesToClients", counted->bytes_to_clients);
  th_json_add_number (object, "packetsToPeers", counted->packets_to_peers);
  th_json_add_number (object, "packetsToClients", counted->packets_to_clients);
  th_json_add_number (object, "bindings", counted->bindings_answered);
  th_json_add_number (object, "wrongCredentials", counted->wrong_credentials);
  th_json_add_number (object, "expiredCredentials", counted->expired_credentials);
  th_json_add_number (object, "peersRefused", counted->peers_refused);
  json_builder_end_object (object);
}

static void
add_rates (JsonBuilder *object, const ThTrafficRate *rate)
{
  gboolean known = rate != NULL;

  begin_member (object, "bitsPerSecond");
  th_json_add_number (object, "toPeers", known ? th_traffic_rate_to_peers (rate) : 0);
  th_json_add_number (object, "toClients", known ? th_traffic_rate_to_clients (rate) : 0);
  json_builder_end_object (object);
}

/* In English, whatever the language of the program. */
static void
add_system_error (JsonBuilder *object, const char *name, int error_number)
{
  locale_t english = newlocale (LC_ALL_MASK, "C", (locale_t) 0);

  if (english == (locale_t) 0) /* no memory */
    return;
  th_json_add_text (object, name, strerror_l (error_number, english));
  freelocale (english);
}

static void
add_listener (JsonBuilder *array, ThListenerInfo *listener)
{
  json_builder_begin_object (array);
  th_json_add_text (array, "transport", th_listener_info_get_transport (listener));
  th_json_add_text (array, "address", th_listener_info_get_address (listener));
  th_json_add_number (array, "port", th_listener_info_get_port (listener));
  th_json_add_flag (array, "bound", th_listener_info_is_bound (listener));
  if (!th_listener_info_is_bound (listener))
    add_system_error (array, "problem", th_listener_info_get_error_number (listener));
  json_builder_end_object (array);
}

static void
add_listeners (JsonBuilder *object, GListModel *listeners)
{
  json_builder_set_member_name (object, "listeners");
  json_builder_begin_array (object);
  for (guint i = 0; i < g_list_model_get_n_items (listeners); i++)
    {
      g_autoptr (ThListenerInfo) listener = g_list_model_get_item (listeners, i);

      add_listener (object, listener);
    }
  json_builder_end_array (object);
}

static void
add_versions (JsonBuilder *object)
{
  g_autofree char *glib =
      g_strdup_printf ("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  g_autofree char *soup = g_strdup_printf ("%u.%u.%u", soup_get_major_version (),
                                           soup_get_minor_version (), soup_get_micro_version ());

  begin_member (object, "versions");
  th_json_add_text (object, "turnhouse", TH_VERSION);
  th_json_add_text (object, "glib", glib);
  th_json_add_text (object, "libsoup", soup);
  th_json_add_text (object, "gnutls", gnutls_check_version (NULL));
  json_builder_end_object (object);
}

void
th_status_add_members (JsonBuilder *object,
                       const ThEndpointBackend *backend,
                       gpointer backend_data)
{
  ThRelayStatistics counted;

  backend->get_statistics (backend_data, &counted);
  th_json_add_flag (object, "running", backend->is_relay_running (backend_data));
  th_json_add_flag (object, "draining", backend->is_draining (backend_data));
  add_counts (object, &counted);
  add_rates (object, backend->get_rate (backend_data));
  add_listeners (object, backend->get_listeners (backend_data));
  add_versions (object);
}

void
th_status_add_certificate (JsonBuilder *object, ThCertificate *certificate)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gint64 end;

  if (certificate == NULL)
    return;
  end = th_certificate_get_not_after (certificate);
  json_builder_set_member_name (object, "certificate");
  json_builder_begin_object (object);
  json_builder_set_member_name (object, "names");
  json_builder_begin_array (object);
  th_json_add_strings (object, (char **) th_certificate_get_names (certificate));
  json_builder_end_array (object);
  th_json_add_text (object, "issuer", th_certificate_get_issuer (certificate));
  th_json_add_flag (object, "selfSigned", th_certificate_is_self_signed (certificate));
  th_json_add_time (object, "expiresAt", end);
  th_json_add_number (object, "secondsLeft", end - now);
  th_json_add_text (object, "sha256", th_certificate_get_fingerprint (certificate));
  json_builder_end_object (object);
}

void
th_answer_status (const ThRequest *request)
{
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_status_add_members (object, request->backend, request->backend_data);
  th_status_add_certificate (object, request->certificate);
  json_builder_end_object (object);
  th_reply_json (request->message, 200, object);
}
