/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The endpoint: takes each request from libsoup through the same steps (size, origin, route,
 * method, caller, rate) to its route's answer.
 */
#include "endpoint/endpoint.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <libsoup/soup.h>

#include "endpoint/acceptor.h"
#include "endpoint/reply.h"
#include "endpoint/routes.h"
#include "endpoint/test-page.h"
#include "endpoint/test-stream.h"

struct _ThEndpoint {
  GObject parent_instance;
  ThEndpointConfig *config;
  const ThEndpointBackend *backend;
  gpointer backend_data;
  ThRateLimit *rate_limit;
  ThEndpointCounters counters;
  ThOneTime *test_tickets;
  ThTestStreams *test_streams;
  ThTlsContext *tls;    /* nullable */
  SoupServer *server;   /* nullable: not started */
  ThAcceptor *acceptor; /* nullable: the same */
};

G_DEFINE_FINAL_TYPE (ThEndpoint, th_endpoint, G_TYPE_OBJECT)
G_DEFINE_QUARK (th-endpoint-error-quark, th_endpoint_error)

static void
set_header (SoupServerMessage *message, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), name, value);
}

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static void
add_common_headers (ThEndpoint *self, SoupServerMessage *message)
{
  const char *origin = get_header (message, "Origin");

  set_header (message, "Cache-Control", "no-store");
  set_header (message, "X-Content-Type-Options", "nosniff");
  set_header (message, "Vary", "Origin");
  if (origin != NULL && th_caller_may_read (message, origin, self->config))
    set_header (message, "Access-Control-Allow-Origin", origin);
}

/* OPTIONS, and the question browsers ask before they let a page ask (Fetch standard, 3.2.2). */
static void
answer_options (SoupServerMessage *message, const ThRoute *route)
{
  const char *methods = th_route_get_methods (route);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);

  set_header (message, "Allow", methods);
  if (soup_message_headers_get_one (headers, "Access-Control-Allow-Origin") != NULL)
    {
      set_header (message, "Access-Control-Allow-Methods", methods);
      set_header (message, "Access-Control-Allow-Headers", "authorization, content-type");
      set_header (message, "Access-Control-Max-Age", "600");
    }
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

/* Who shows a token learns that it is the token (RFC 6750, section 3.1). */
static void
answer_unknown_caller (SoupServerMessage *message, ThRefusal refusal)
{
  set_header (message, "WWW-Authenticate",
              refusal == TH_REFUSAL_NOTHING_SHOWN
                  ? "Bearer realm=\"turnhouse\""
                  : "Bearer realm=\"turnhouse\", error=\"invalid_token\"");
  th_reply_error (message, SOUP_STATUS_UNAUTHORIZED, "Not authenticated");
}

/*
 * Whoever is unknown is counted by address: guessing tokens is slow, and an address that guessed
 * too much is not heard for a while even with the right one. Only on loopback it is: behind a proxy
 * on this machine all callers have that address, and one of them must not lock out the others.
 */
static gboolean
is_within_limit (ThEndpoint *self,
                 const ThRoute *route,
                 SoupServerMessage *message,
                 const ThCaller *caller,
                 guint *retry_after)
{
  const ThCaller stranger = { .kind = TH_CALLER_UNKNOWN };
  gboolean watches = caller->kind == TH_CALLER_LOCAL || caller->kind == TH_CALLER_APP;
  gboolean counts = route->access == TH_ACCESS_CALLER || !watches;
  g_autofree char *address = th_caller_dup_bucket (&stranger, message);
  g_autofree char *bucket = th_caller_dup_bucket (caller, message);
  gint64 now = g_get_monotonic_time ();

  if (!caller->from_loopback &&
      th_rate_limit_is_reached (self->rate_limit, address, now, retry_after))
    return FALSE;
  return !counts || th_rate_limit_take (self->rate_limit, bucket, now, retry_after);
}

/* Whether the route may answer; else it has been answered. */
static gboolean
admit (ThEndpoint *self, const ThRoute *route, SoupServerMessage *message, const ThCaller *caller)
{
  guint retry_after;

  if (!is_within_limit (self, route, message, caller, &retry_after))
    {
      self->counters.rate_limited[caller->kind]++;
      th_reply_too_many (message, retry_after);
    }
  else if (caller->kind == TH_CALLER_UNKNOWN)
    {
      self->counters.refused[caller->refusal]++;
      answer_unknown_caller (message, caller->refusal);
    }
  else if (caller->kind == TH_CALLER_USER && route->access == TH_ACCESS_WATCHER)
    th_reply_error (message, SOUP_STATUS_FORBIDDEN, "This is not for users");
  else
    {
      if (caller->kind == TH_CALLER_APP)
        self->backend->note_app (self->backend_data, caller->name, TH_RING_N_KINDS);
      return TRUE;
    }
  return FALSE;
}

static void
answer (ThEndpoint *self, SoupServerMessage *message, const ThRoute *route)
{
  ThRequest request = {
    .message = message,
    .config = self->config,
    .backend = self->backend,
    .backend_data = self->backend_data,
    .rate_limit = self->rate_limit,
    .counters = &self->counters,
    .certificate = self->tls != NULL ? th_certificate_of_context (self->tls) : NULL,
    .acceptor = self->acceptor,
    .test_tickets = self->test_tickets,
    .test_streams = self->test_streams,
  };

  if (route->access != TH_ACCESS_OPEN)
    th_caller_identify (&request.caller, message, self->config, self->backend, self->backend_data);
  if (route->access == TH_ACCESS_OPEN || admit (self, route, message, &request.caller))
    route->answer (&request);
  th_caller_clear (&request.caller);
}

static void
count_answer (ThEndpoint *self, const char *path, guint status)
{
  const ThRoute *route = th_route_find (path, self->config);

  th_endpoint_counters_add_answer (&self->counters, route != NULL ? route->path : NULL, status);
}

static void
dispatch (ThEndpoint *self, SoupServerMessage *message, const char *path)
{
  const ThRoute *route = th_route_find (path, self->config);
  const char *method = soup_server_message_get_method (message);

  add_common_headers (self, message);
  if (route == NULL)
    th_reply_error (message, SOUP_STATUS_NOT_FOUND, "No such page");
  else if (g_str_equal (method, "OPTIONS"))
    answer_options (message, route);
  else if (!th_route_allows (route, method))
    {
      set_header (message, "Allow", th_route_get_methods (route));
      th_reply_error (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "This method is not allowed here");
    }
  else
    answer (self, message, route);
}

static void
on_server_request (SoupServer *server,
                   SoupServerMessage *message,
                   const char *path,
                   GHashTable *query,
                   gpointer data)
{
  ThEndpoint *self = data;

  dispatch (self, message, path);
  count_answer (self, path, soup_server_message_get_status (message));
}

static void
refuse_body (ThEndpoint *self, SoupServerMessage *message)
{
  g_autofree char *body = th_reply_error_body ("The body is longer than 64 KiB");

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_server_message_set_status (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, NULL);
  count_answer (self, g_uri_get_path (soup_server_message_get_uri (message)),
                SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE);
  th_acceptor_refuse (self->acceptor, message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, body);
}

static void
on_message_got_chunk (SoupServerMessage *message, GBytes *chunk, gpointer data)
{
  ThEndpoint *self = data;
  goffset length = soup_server_message_get_request_body (message)->length;

  if (self->acceptor != NULL && soup_server_message_get_status (message) == 0 &&
      length > TH_ENDPOINT_BODY_MAX)
    refuse_body (self, message);
}

/* The headers are there, the body is not yet. */
static void
on_server_early_request (SoupServer *server,
                         SoupServerMessage *message,
                         const char *path,
                         GHashTable *query,
                         gpointer data)
{
  ThEndpoint *self = data;
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);

  th_acceptor_got_headers (self->acceptor, message);
  if (soup_message_headers_get_content_length (headers) > TH_ENDPOINT_BODY_MAX)
    refuse_body (self, message);
  else
    g_signal_connect_object (message, "got-chunk", G_CALLBACK (on_message_got_chunk), self, 0);
}

static SoupServer *
make_server (ThEndpoint *self)
{
  /* Paths are compared as they were sent: one path has one spelling. */
  SoupServer *server = soup_server_new ("raw-paths", TRUE, NULL);

  soup_server_add_early_handler (server, NULL, on_server_early_request, self, NULL);
  soup_server_add_handler (server, NULL, on_server_request, self, NULL);
  return server;
}

static void
set_bind_error (GError **error, const GError *cause, const char *address, guint16 port)
{
  /* Under which code GLib tells of an address that is gone differs between its versions. */
  int gone = g_io_error_from_errno (EADDRNOTAVAIL);
  ThEndpointError code = TH_ENDPOINT_ERROR_SYSTEM;

  if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    code = TH_ENDPOINT_ERROR_PORT_IN_USE;
  else if (g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    code = TH_ENDPOINT_ERROR_PORT_FORBIDDEN;
  else if (g_error_matches (cause, G_IO_ERROR, gone) ||
           g_error_matches (cause, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED))
    code = TH_ENDPOINT_ERROR_ADDRESS;
  /* Translators: %1$s is an address, %2$u a port, %3$s why not, in the system's words */
  g_set_error (error, TH_ENDPOINT_ERROR, code,
               _("The endpoint cannot listen on %1$s port %2$u: %3$s"), address, port, cause->message);
}

static gboolean
listen_on (ThEndpoint *self, const char *text, GError **error)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (text);
  g_autoptr (GError) cause = NULL;
  /* With any port, the first socket chooses for all. */
  guint16 port =
      self->config->port != 0 ? self->config->port : th_acceptor_get_port (self->acceptor);

  if (address == NULL)
    {
      g_set_error (error, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_ADDRESS,
                   _("%s is no numeric address"), text);
      return FALSE;
    }
  if (th_acceptor_listen (self->acceptor, address, port, &cause))
    return TRUE;
  set_bind_error (error, cause, text, port);
  return FALSE;
}

/* A machine without IPv6 has no "::" to listen on; that is no error. */
static gboolean
listen_everywhere (ThEndpoint *self, GError **error)
{
  g_autoptr (GError) cause = NULL;

  if (!listen_on (self, "0.0.0.0", error))
    return FALSE;
  if (listen_on (self, "::", &cause) ||
      g_error_matches (cause, TH_ENDPOINT_ERROR, TH_ENDPOINT_ERROR_ADDRESS))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean
listen_on_all (ThEndpoint *self, GError **error)
{
  if (self->config->listen[0] == NULL)
    return listen_everywhere (self, error);
  for (guint i = 0; self->config->listen[i] != NULL; i++)
    if (!listen_on (self, self->config->listen[i], error))
      return FALSE;
  return TRUE;
}

static void
th_endpoint_finalize (GObject *object)
{
  ThEndpoint *self = TH_ENDPOINT (object);

  th_endpoint_stop (self);
  g_clear_pointer (&self->config, th_endpoint_config_free);
  g_clear_pointer (&self->rate_limit, th_rate_limit_free);
  g_clear_pointer (&self->test_tickets, th_one_time_free);
  g_clear_pointer (&self->test_streams, th_test_streams_free);
  th_endpoint_counters_clear (&self->counters);
  g_clear_pointer (&self->tls, th_tls_context_unref);
  G_OBJECT_CLASS (th_endpoint_parent_class)->finalize (object);
}

static void
th_endpoint_class_init (ThEndpointClass *class)
{
  G_OBJECT_CLASS (class)->finalize = th_endpoint_finalize;
}

static void
th_endpoint_init (ThEndpoint *self)
{
  th_endpoint_counters_init (&self->counters);
  self->test_tickets = th_one_time_new (TH_TEST_LINKS_MAX, TH_TEST_TICKET_LIFETIME);
}

ThEndpoint *
th_endpoint_new (const ThEndpointConfig *config,
                 const ThEndpointBackend *backend,
                 gpointer backend_data)
{
  ThEndpoint *self = g_object_new (TH_TYPE_ENDPOINT, NULL);

  self->config = th_endpoint_config_copy (config);
  self->backend = backend;
  self->backend_data = backend_data;
  self->rate_limit = th_rate_limit_new (config->requests_per_minute);
  self->test_streams = th_test_streams_new (backend, backend_data);
  return self;
}

void
th_endpoint_set_tls (ThEndpoint *self, ThTlsContext *context)
{
  g_clear_pointer (&self->tls, th_tls_context_unref);
  self->tls = context != NULL ? th_tls_context_ref (context) : NULL;
  if (self->acceptor != NULL)
    th_acceptor_set_tls (self->acceptor, context);
}

gboolean
th_endpoint_start (ThEndpoint *self, GError **error)
{
  g_return_val_if_fail (self->server == NULL, FALSE);

  self->server = make_server (self);
  self->acceptor = th_acceptor_new (self->server, self->config->request_timeout);
  th_acceptor_set_tls (self->acceptor, self->tls);
  if (!listen_on_all (self, error))
    {
      th_endpoint_stop (self);
      return FALSE;
    }
  return TRUE;
}

void
th_endpoint_stop (ThEndpoint *self)
{
  if (self->server == NULL)
    return;
  /* libsoup goes on with what it has begun to read, but nobody is here to answer. */
  soup_server_remove_handler (self->server, NULL);
  soup_server_disconnect (self->server);
  th_test_streams_close (self->test_streams);
  g_clear_pointer (&self->acceptor, th_acceptor_free);
  g_clear_object (&self->server);
}

guint16
th_endpoint_get_port (ThEndpoint *self)
{
  return self->acceptor == NULL ? 0 : th_acceptor_get_port (self->acceptor);
}
