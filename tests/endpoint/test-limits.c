/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients that send too much, too slowly, too often, or no HTTP at all: each is told or dropped,
 * and the others do not notice.
 */
#include "fixture.h"

#include <sys/socket.h>

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/limits/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define BYTES(text) text, sizeof text - 1

static void
assert_still_serves (Fixture *fixture)
{
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /healthz", "", NULL);

  g_assert_cmpuint (reply->status, ==, 200);
}

static char *
make_text (char character, gsize length)
{
  char *text = g_malloc (length + 1);

  memset (text, character, length);
  text[length] = '\0';
  return text;
}

static void
assert_too_large (const Reply *reply)
{
  g_assert_cmpuint (reply->status, ==, 413);
  g_assert_cmpstr (reply_get_error (reply), ==, "The body is longer than 64 KiB");
}

static void
test_body_at_the_limit (Fixture *fixture, gconstpointer data)
{
  g_autofree char *padding = make_text ('x', TH_ENDPOINT_BODY_MAX - strlen ("{\"more\":\"\"}"));
  g_autofree char *body = g_strdup_printf ("{\"more\":\"%s\"}", padding);

  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "POST /api/ice-servers",
                                             "Content-Type: application/json\r\n", body);
  g_assert_cmpuint (reply->status, ==, 200);
}

static void
test_oversize_body (Fixture *fixture, gconstpointer data)
{
  g_autofree char *body = make_text (' ', TH_ENDPOINT_BODY_MAX + 1);

  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "POST /api/ice-servers",
                                             "Content-Type: application/json\r\n", body);
  assert_too_large (reply);
  assert_still_serves (fixture);
}

/* Nothing of the body is sent: the announcement is enough for an answer. */
static void
test_announced_oversize_body (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_send_raw (fixture,
                                              "POST /api/ice-servers HTTP/1.1\r\n"
                                              "Host: localhost\r\n"
                                              "Content-Length: 999999999999\r\n\r\n",
                                              -1);
  assert_too_large (reply);
}

static void
test_endless_chunks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("POST /api/ice-servers HTTP/1.1\r\n"
                                           "Host: localhost\r\n"
                                           "Transfer-Encoding: chunked\r\n\r\n");
  g_autofree char *kilobyte = make_text ('[', 1024);

  fixture_start (fixture);
  for (guint i = 0; i < 200; i++)
    g_string_append_printf (text, "400\r\n%s\r\n", kilobyte);
  g_autoptr (Reply) reply = fixture_send_raw (fixture, text->str, text->len);
  assert_too_large (reply);
  assert_still_serves (fixture);
}

static void
test_expectation (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_send_raw (fixture,
                                              "POST /api/ice-servers HTTP/1.1\r\n"
                                              "Host: localhost\r\n"
                                              "Expect: 100-continue\r\n"
                                              "Content-Length: 10000000\r\n\r\n",
                                              -1);
  assert_too_large (reply);
}

static void
test_oversize_headers (Fixture *fixture, gconstpointer data)
{
  g_autofree char *padding = make_text ('x', 300 * 1024);
  g_autofree char *headers = g_strdup_printf ("X-Padding: %s\r\n", padding);

  fixture_start (fixture);
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /healthz", headers, NULL);
  g_assert_cmpuint (reply->status, !=, 200);
  assert_still_serves (fixture);
}

static void
test_no_http (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *bytes;
    gssize length;
  } rows[] = {
    { BYTES ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n") }, /* TLS hello */
    { BYTES ("\x00\x01\x00\x00\x21\x12\xa4\x42zzzzzzzzzzzz\r\n\r\n") },   /* STUN */
    { BYTES ("hello\r\n\r\n") },
    { BYTES ("\r\n\r\n\r\n\r\n") },
    { BYTES ("GET\r\n\r\n") },
    { BYTES ("GET /healthz HTTP/9.9\r\nHost: localhost\r\n\r\n") },
    { BYTES ("GET /healthz HTTP/1.1\r\n\r\n") }, /* no Host */
    { BYTES ("GET /healthz HTTP/1.1\r\nHost: a/b\r\n\r\n") },
    { BYTES ("GET /%zz\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { BYTES ("GET /\0healthz HTTP/1.1\r\nHost: localhost\r\n\r\n") },
    { BYTES ("POST /api/ice-servers HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n") },
    { BYTES ("CONNECT evil.example.net:25 HTTP/1.1\r\nHost: localhost\r\n\r\n") },
  };

  fixture->config->request_timeout = 200;
  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (Reply) reply = fixture_send_raw (fixture, rows[i].bytes, rows[i].length);

      g_test_message ("row %u: %u", i, reply->status);
      g_assert_cmpuint (reply->status, !=, 200);
    }
  assert_still_serves (fixture);
}

/* Whether the endpoint ended the connection in the time a slow client is given. */
static void
assert_dropped (GSocket *client)
{
  gboolean ended;
  g_autofree char *text = client_read_all (client, 2, &ended);

  g_assert_true (ended);
  g_assert_null (strstr (text, "HTTP/1.1 200"));
}

static void
test_silent_client (Fixture *fixture, gconstpointer data)
{
  fixture->config->request_timeout = 100;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  assert_dropped (client);
}

static void
test_slow_sender (Fixture *fixture, gconstpointer data)
{
  const char *request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaa";

  fixture->config->request_timeout = 200;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  for (guint i = 0; i < 40; i++)
    {
      client_send (client, request + i, 1);
      run_for (0.01); /* each byte comes in time, all of them do not */
    }
  assert_dropped (client);
}

static void
test_stalled_body (Fixture *fixture, gconstpointer data)
{
  fixture->config->request_timeout = 100;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  client_send (client,
               "POST /api/ice-servers HTTP/1.1\r\nHost: localhost\r\n"
               "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"user\":",
               -1);
  assert_dropped (client);
  g_assert_null (fixture->user);
}

static void
test_many_connections (Fixture *fixture, gconstpointer data)
{
  const guint many = 300; /* more than are allowed */
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  guint dropped = 0;

  fixture->config->request_timeout = 500;
  fixture_start (fixture);
  for (guint i = 0; i < many; i++)
    {
      g_ptr_array_add (clients, client_connect (fixture));
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  for (guint i = 0; i < many; i++)
    {
      char byte;
      g_autoptr (GError) error = NULL;
      gssize length =
          g_socket_receive (g_ptr_array_index (clients, i), &byte, 1, NULL, &error);

      if (length == 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED))
        dropped++;
    }
  g_assert_cmpuint (dropped, >, 0);
  g_assert_cmpuint (dropped, <=, many - 200);

  run_for (0.7); /* the silent ones have had their time */
  assert_still_serves (fixture);
}

static void
test_reset (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GSocket) client = client_connect (fixture);
      struct linger reset = { .l_onoff = 1 };

      setsockopt (g_socket_get_fd (client), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      client_send (client, "GET /api/ice-servers HTTP/1.1\r\nHost: localhost\r\n", -1);
    }
  assert_still_serves (fixture);
}

static void
test_stop_with_open_connections (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) silent = client_connect (fixture);
  g_autoptr (GSocket) begun = client_connect (fixture);
  client_send (begun, "GET /healthz HTTP/1.1\r\n", -1);
  run_for (0.02);
  th_endpoint_stop (fixture->endpoint);
  assert_dropped (silent);
  assert_dropped (begun);
  g_assert_cmpuint (th_endpoint_get_port (fixture->endpoint), ==, 0);
}

/* All of the request is there when the endpoint goes, and nobody has read it yet. */
static void
test_stop_before_reading (Fixture *fixture, gconstpointer data)
{
  const char *request = "POST /api/ice-servers HTTP/1.1\r\nHost: localhost\r\n"
                        "Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  run_for (0.02);
  g_socket_send (client, request, strlen (request), NULL, NULL);
  g_clear_object (&fixture->endpoint);
  assert_dropped (client);
  g_assert_null (fixture->user);
}

static void
test_too_many_requests (Fixture *fixture, gconstpointer data)
{
  fixture->config->requests_per_minute = 3;
  fixture_set_token (fixture, "chat:open-sesame");
  fixture_start (fixture);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
      g_assert_cmpuint (reply->status, ==, 200);
    }

  g_autoptr (Reply) refused = fixture_request (fixture, "GET /api/ice-servers", "", NULL);
  g_autofree char *retry = reply_get_header (refused, "Retry-After");
  g_assert_cmpuint (refused->status, ==, 429);
  g_assert_cmpstr (reply_get_error (refused), !=, "");
  g_assert_cmpint (g_ascii_strtoll (retry, NULL, 10), >, 0);
  g_assert_cmpint (g_ascii_strtoll (retry, NULL, 10), <=, 21);

  /* Another caller has a count of its own, and health is not counted. */
  g_autoptr (Reply) other = fixture_request (fixture, "GET /api/ice-servers",
                                             "Authorization: Bearer open-sesame\r\n", NULL);
  g_assert_cmpuint (other->status, ==, 200);
  assert_still_serves (fixture);
}

typedef struct {
  const char *headers;
  guint status; /* of the answer */
} Attempt;

static void
assert_attempts (Fixture *fixture, const Attempt *attempts, guint n_attempts)
{
  for (guint i = 0; i < n_attempts; i++)
    {
      g_autoptr (Reply) reply =
          fixture_request (fixture, "GET /api/ice-servers", attempts[i].headers, NULL);

      g_assert_cmpuint (reply->status, ==, attempts[i].status);
    }
}

/* Each user that an app has signed a token for has a count, on every route. */
static void
test_users_apart (Fixture *fixture, gconstpointer data)
{
  g_autofree char *anna = fixture_bearer_of ("anna");
  g_autofree char *bob = fixture_bearer_of ("bob");
  const Attempt attempts[] = {
    { anna, 200 }, { anna, 200 }, { anna, 429 }, { bob, 200 }, { bob, 200 }, { bob, 429 },
  };

  fixture->config->requests_per_minute = 2;
  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  assert_attempts (fixture, attempts, G_N_ELEMENTS (attempts));
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /metrics", anna, NULL);
  g_assert_cmpuint (reply->status, ==, 429);
}

static void
test_guessing (Fixture *fixture, gconstpointer data)
{
  fixture->config->requests_per_minute = 3;
  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *header = g_strdup_printf ("Authorization: Bearer guess-%u\r\n", i);
      g_autoptr (Reply) reply = fixture_request (fixture, "GET /api/ice-servers", header, NULL);

      g_assert_cmpuint (reply->status, ==, i < 3 ? 401 : 429);
    }
}

/* Nor does it count as guessing to come with a token that has expired. */
static void
test_expired_is_no_guess (Fixture *fixture, gconstpointer data)
{
  g_autofree char *expired = fixture_bearer (
      "{\"alg\":\"HS256\"}", "{\"iss\":\"" FIXTURE_API_KEY "\",\"sub\":\"anna\",\"exp\":1}", NULL);
  const Attempt attempts[] = {
    { expired, 401 }, { expired, 401 }, { expired, 429 }, { "", 401 }, { "", 401 }, { "", 429 },
  };

  fixture->config->requests_per_minute = 2;
  fixture->config->trust_loopback = FALSE;
  fixture_start (fixture);
  assert_attempts (fixture, attempts, G_N_ELEMENTS (attempts));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("body-of-64-kib-is-read", test_body_at_the_limit);
  add ("body-over-64-kib-is-413", test_oversize_body);
  add ("announced-huge-body-is-413-at-once", test_announced_oversize_body);
  add ("endless-chunks-are-413", test_endless_chunks);
  add ("expectation-of-a-huge-body-is-413", test_expectation);
  add ("oversize-headers", test_oversize_headers);
  add ("no-http", test_no_http);
  add ("silent-client-is-dropped", test_silent_client);
  add ("slow-sender-is-dropped", test_slow_sender);
  add ("stalled-body-is-dropped", test_stalled_body);
  add ("too-many-connections", test_many_connections);
  add ("reset-in-mid-request", test_reset);
  add ("stop-with-open-connections", test_stop_with_open_connections);
  add ("stop-before-a-request-is-read", test_stop_before_reading);
  add ("too-many-requests-are-429", test_too_many_requests);
  add ("users-are-counted-apart", test_users_apart);
  add ("guessing-tokens-is-slow", test_guessing);
  add ("expired-tokens-are-no-guesses", test_expired_is_no_guess);
  return g_test_run ();
}
