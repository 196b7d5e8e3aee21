/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a request to a WebSocket that libsoup speaks, and from there to the backend. The handshake
 * is done here rather than by a handler of SoupServer's, because what the WebSocket reads from has
 * to be bounded first.
 */
#include "endpoint/test-stream.h"

#include <string.h>

#include "credentials/secret.h"
#include "endpoint/budget-stream.h"
#include "endpoint/guesses.h"
#include "endpoint/ice-servers.h"
#include "endpoint/reply.h"

typedef struct {
  ThTestStreams *all; /* not owned: owns this */
  SoupWebsocketConnection *socket;
  gpointer visit; /* NULL: ended */
  guint n_messages;
  gint64 second; /* monotonic microseconds: when the current second began */
  guint n_in_second;
} Stream;

struct _ThTestStreams {
  const ThEndpointBackend *backend;
  gpointer backend_data;
  GPtrArray *streams; /* Stream */
  guint n_pending;    /* handshakes that were accepted */
};

/* A handshake that was accepted; its answer is on the way. */
typedef struct {
  ThTestStreams *all; /* a reference */
  char *start;        /* the first message; holds a credential */
  char *user_agent;   /* nullable */
  ThAddress address;  /* unset where it is not known */
} Upgrade;

static void
streams_release (ThTestStreams *self)
{
  g_rc_box_release (self);
}

static void
stream_end_visit (Stream *stream)
{
  gpointer visit = g_steal_pointer (&stream->visit);

  if (visit != NULL)
    stream->all->backend->end_test (stream->all->backend_data, visit);
}

static void
stream_free (gpointer data)
{
  Stream *stream = data;

  g_signal_handlers_disconnect_by_data (stream->socket, stream);
  stream_end_visit (stream);
  g_object_unref (stream->socket);
  g_free (stream);
}

/* Whatever still comes is passed over. libsoup gives the other side some seconds to agree. */
static void
stream_end (Stream *stream, gushort code)
{
  stream_end_visit (stream);
  if (soup_websocket_connection_get_state (stream->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (stream->socket, code, NULL);
}

static gboolean
is_within_limits (Stream *stream)
{
  gint64 now = g_get_monotonic_time ();

  if (now - stream->second >= G_USEC_PER_SEC)
    {
      stream->second = now;
      stream->n_in_second = 0;
    }
  return ++stream->n_messages <= TH_TEST_MESSAGES_MAX && ++stream->n_in_second <= TH_TEST_RATE_MAX;
}

static void
on_socket_message (SoupWebsocketConnection *socket, int type, GBytes *message, gpointer data)
{
  Stream *stream = data;
  const ThEndpointBackend *backend = stream->all->backend;
  gsize length;
  const char *text = g_bytes_get_data (message, &length);

  if (stream->visit == NULL)
    return;
  if (type != SOUP_WEBSOCKET_DATA_TEXT)
    stream_end (stream, SOUP_WEBSOCKET_CLOSE_UNSUPPORTED_DATA);
  else if (length > TH_TEST_MESSAGE_MAX)
    stream_end (stream, SOUP_WEBSOCKET_CLOSE_TOO_BIG);
  else if (!is_within_limits (stream))
    stream_end (stream, SOUP_WEBSOCKET_CLOSE_POLICY_VIOLATION);
  else if (!backend->take_test_message (stream->all->backend_data, stream->visit,
                                        text != NULL ? text : "", length))
    stream_end (stream, SOUP_WEBSOCKET_CLOSE_BAD_DATA);
}

static void
on_socket_closed (SoupWebsocketConnection *socket, gpointer data)
{
  Stream *stream = data;

  g_ptr_array_remove_fast (stream->all->streams, stream);
}

static void
open_stream (Upgrade *upgrade, SoupServerMessage *message)
{
  ThTestStreams *all = upgrade->all;
  g_autoptr (GIOStream) base = soup_server_message_steal_connection (message);
  g_autoptr (ThBudgetStream) bounded = th_budget_stream_new (base, TH_TEST_BYTES_MAX);
  Stream *stream;

  if (all->streams == NULL) /* the endpoint has ended */
    return;
  stream = g_new0 (Stream, 1);
  stream->all = all;
  stream->socket = soup_websocket_connection_new (
      G_IO_STREAM (bounded), soup_server_message_get_uri (message),
      SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (stream->socket, TH_TEST_MESSAGE_MAX);
  stream->visit = all->backend->begin_test (all->backend_data, upgrade->user_agent,
                                            &upgrade->address);
  g_signal_connect (stream->socket, "message", G_CALLBACK (on_socket_message), stream);
  g_signal_connect (stream->socket, "closed", G_CALLBACK (on_socket_closed), stream);
  g_ptr_array_add (all->streams, stream);
  soup_websocket_connection_send_text (stream->socket, upgrade->start);
}

static void
on_message_wrote_informational (SoupServerMessage *message, gpointer data)
{
  open_stream (data, message);
}

static void
upgrade_free (gpointer data, GClosure *closure)
{
  Upgrade *upgrade = data;

  upgrade->all->n_pending--;
  streams_release (upgrade->all);
  th_secret_free (upgrade->start);
  g_free (upgrade->user_agent);
  g_free (upgrade);
}

static const char *
get_header (const ThRequest *request, const char *name)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (request->message);

  return soup_message_headers_get_one (headers, name);
}

/* The page's own server is the only one it may come from. Whether the page came over TLS cannot be
 * told here, where a proxy may have ended that. */
static gboolean
is_own_origin (const ThRequest *request)
{
  const char *origin = get_header (request, "Origin");
  const char *host = get_header (request, "Host");

  if (origin == NULL || host == NULL)
    return FALSE;
  if (g_str_has_prefix (origin, "http://"))
    return g_ascii_strcasecmp (origin + strlen ("http://"), host) == 0;
  return g_str_has_prefix (origin, "https://") &&
         g_ascii_strcasecmp (origin + strlen ("https://"), host) == 0;
}

static gboolean
take_ticket (const ThRequest *request)
{
  const char *query = g_uri_get_query (soup_server_message_get_uri (request->message));
  g_autoptr (GHashTable) fields = query != NULL ? soup_form_decode (query) : NULL;
  const char *ticket = fields != NULL ? g_hash_table_lookup (fields, "ticket") : NULL;

  return ticket != NULL &&
         th_one_time_take (request->test_tickets, ticket, g_get_monotonic_time ());
}

/* Only this relay's own: the page shall talk with nobody else. STUN needs no credential, but may
 * stand beside URLs that do. */
static void
add_servers (JsonBuilder *object, const ThRequest *request, const ThCredential *credential)
{
  ThCaller caller;
  g_autoptr (ThRelayUrls) urls = NULL;

  th_caller_identify (&caller, request->message, request->config, request->backend,
                      request->backend_data);
  urls = request->backend->get_urls (request->backend_data, caller.browser_here);
  th_caller_clear (&caller);
  json_builder_set_member_name (object, "iceServers");
  json_builder_begin_array (object);
  th_ice_servers_add_turn (object, urls->turn_udp, urls->turn_tcp, NULL, credential);
  th_ice_servers_add_turn (object, urls->turns, urls->stun, NULL, credential);
  json_builder_end_array (object);
}

/* Returns: (transfer full) (nullable): the first message; NULL if it was answered with an error */
static char *
make_start (const ThRequest *request)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThCredential) credential =
      request->backend->mint (request->backend_data, "test",
                              MIN (TH_TEST_CREDENTIAL_TTL, request->config->max_ttl), &error);
  g_autoptr (JsonBuilder) object = NULL;
  g_autoptr (JsonNode) root = NULL;

  if (credential == NULL)
    {
      g_warning ("No credential could be made: %s", error->message);
      th_reply_error (request->message, 500, "No credential could be made");
      return NULL;
    }
  object = json_builder_new ();
  json_builder_begin_object (object);
  th_json_add_text (object, "type", "start");
  add_servers (object, request, credential);
  json_builder_end_object (object);
  root = json_builder_get_root (object);
  return json_to_string (root, FALSE);
}

static ThAddress
get_address (SoupServerMessage *message)
{
  GSocketAddress *remote = soup_server_message_get_remote_address (message);
  struct sockaddr_storage bytes = { 0 };
  ThAddress address = TH_ADDRESS_NONE;

  if (remote != NULL && g_socket_address_to_native (remote, &bytes, sizeof bytes, NULL))
    th_address_from_sockaddr (&address, (struct sockaddr *) &bytes,
                              (gsize) g_socket_address_get_native_size (remote));
  return address;
}

static void
begin_upgrade (const ThRequest *request, char *start)
{
  Upgrade *upgrade = g_new0 (Upgrade, 1);

  upgrade->all = g_rc_box_acquire (request->test_streams);
  upgrade->all->n_pending++;
  upgrade->start = start;
  upgrade->user_agent = g_strdup (get_header (request, "User-Agent"));
  upgrade->address = get_address (request->message);
  g_signal_connect_data (request->message, "wrote-informational",
                         G_CALLBACK (on_message_wrote_informational), upgrade, upgrade_free, 0);
  th_acceptor_let_live (request->acceptor, request->message, TH_TEST_DURATION_MAX);
}

ThTestStreams *
th_test_streams_new (const ThEndpointBackend *backend, gpointer backend_data)
{
  ThTestStreams *self = g_rc_box_new0 (ThTestStreams);

  self->backend = backend;
  self->backend_data = backend_data;
  self->streams = g_ptr_array_new_with_free_func (stream_free);
  return self;
}

void
th_test_streams_free (ThTestStreams *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->streams, g_ptr_array_unref);
  streams_release (self);
}

void
th_test_streams_close (ThTestStreams *self)
{
  g_ptr_array_set_size (self->streams, 0);
}

void
th_answer_test_stream (const ThRequest *request)
{
  SoupServerMessage *message = request->message;
  ThTestStreams *all = request->test_streams;
  g_autoptr (GError) error = NULL;
  char *start;

  if (!soup_websocket_server_check_handshake (message, NULL, NULL, NULL, &error))
    th_reply_error (message, SOUP_STATUS_BAD_REQUEST, "This is a WebSocket");
  else if (!is_own_origin (request))
    th_reply_error (message, SOUP_STATUS_FORBIDDEN, "Only the test page may open this");
  else if (all->streams->len + all->n_pending >= TH_TEST_STREAMS_MAX)
    th_reply_error (message, SOUP_STATUS_SERVICE_UNAVAILABLE, "Too many tests are running");
  else if (!th_guesses_allow (request))
    return;
  else if (!take_ticket (request))
    {
      if (th_guesses_count (request))
        th_reply_error (message, SOUP_STATUS_FORBIDDEN, "This ticket was used, or is too old");
    }
  else
    {
      start = make_start (request);
      if (start != NULL &&
          soup_websocket_server_process_handshake (message, NULL, NULL, NULL, NULL))
        begin_upgrade (request, start);
      else
        th_secret_free (start);
    }
}
