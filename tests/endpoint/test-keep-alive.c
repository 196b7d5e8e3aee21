/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Connections that stay: for one request after another, but not for ever, and not at the cost of
 * those who have none.
 */
#include "fixture.h"

#include "endpoint/acceptor.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/keep-alive/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define REQUEST "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
#define ANSWER  "HTTP/1.1 200 OK\r\n"

static guint
count (const char *text, const char *what)
{
  guint n = 0;

  for (; (text = strstr (text, what)) != NULL; text++)
    n++;
  return n;
}

/* Reads for a while; fails unless the connection is @open after it. */
static char *
read_for (GSocket *client, double seconds, gboolean open)
{
  gboolean ended;
  char *text = client_read_all (client, seconds, &ended);

  g_assert_true (ended == !open);
  return text;
}

static void
ask (GSocket *client, const char *request)
{
  g_autoptr (GString) text = g_string_new (NULL);

  client_send (client, request, -1);
  while (!g_str_has_suffix (text->str, "}"))
    {
      g_autofree char *more = read_for (client, 0.005, TRUE);

      g_string_append (text, more);
    }
  g_assert_cmpuint (count (text->str, ANSWER), ==, 1);
  g_assert_null (strstr (text->str, "Connection: close"));
}

static void
test_many_requests (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  for (guint i = 0; i < 3; i++)
    {
      ask (client, REQUEST);
      ask (client, "POST /api/ice-servers HTTP/1.1\r\nHost: localhost\r\n"
                   "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n"
                   "{\"user\":\"anna\"}");
      g_assert_cmpstr (fixture->user, ==, "anna");
    }
}

/* All of them at once: all are answered, in their order. */
static void
test_pipelining (Fixture *fixture, gconstpointer data)
{
  const char *requests = REQUEST "GET /nowhere HTTP/1.1\r\nHost: localhost\r\n\r\n" REQUEST
                                 "GET /turn HTTP/1.1\r\nHost: localhost\r\n"
                                 "Connection: close\r\n\r\n";
  const char *not_found, *last;

  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  client_send (client, requests, -1);
  g_autofree char *text = read_for (client, 2, FALSE);
  g_assert_cmpuint (count (text, ANSWER), ==, 3);
  not_found = strstr (text, "HTTP/1.1 404");
  last = strstr (text, "\"uris\"");
  g_assert_nonnull (not_found);
  g_assert_nonnull (last);
  g_assert_cmpuint (count (not_found, ANSWER), ==, 2);
  g_assert_true (not_found < last);
}

static void
test_client_that_closes (Fixture *fixture, gconstpointer data)
{
  const char *requests[] = {
    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n",
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autoptr (GSocket) client = client_connect (fixture);

      client_send (client, requests[i], -1);
      g_autofree char *text = read_for (client, 2, FALSE);
      g_assert_cmpuint (count (text, " 200 OK\r\n"), ==, 1);
    }
}

static guint
count_descriptors (void)
{
  g_autoptr (GDir) dir = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Between two requests, which is where a connection ends that was to stay. */
static void
test_clients_that_leave (Fixture *fixture, gconstpointer data)
{
  guint before;

  fixture->config->request_timeout = 200;
  fixture_start (fixture);
  before = count_descriptors ();
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (GSocket) client = client_connect (fixture);

      ask (client, REQUEST);
    }
  for (guint i = 0; i < 200 && count_descriptors () > before; i++)
    run_for (0.05);
  g_assert_cmpuint (count_descriptors (), ==, before);
}

static void
test_idle_connection (Fixture *fixture, gconstpointer data)
{
  fixture->config->request_timeout = 200;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  for (guint i = 0; i < 4; i++) /* longer in all than the time for one */
    {
      ask (client, REQUEST);
      run_for (0.05);
    }
  g_autofree char *text = read_for (client, 1, FALSE);
  g_assert_cmpstr (text, ==, "");
}

/* A good beginning does not buy time for what follows. */
static void
test_slow_second_request (Fixture *fixture, gconstpointer data)
{
  const char *request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaa";

  fixture->config->request_timeout = 200;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  ask (client, REQUEST);
  for (guint i = 0; i < 40; i++)
    {
      client_send (client, request + i, 1);
      run_for (0.01);
    }
  g_autofree char *text = read_for (client, 1, FALSE);
  g_assert_cmpstr (text, ==, "");
}

static void
test_stalled_second_body (Fixture *fixture, gconstpointer data)
{
  fixture->config->request_timeout = 100;
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  ask (client, REQUEST);
  client_send (client,
               "POST /turn HTTP/1.1\r\nHost: localhost\r\n"
               "Content-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"user\":",
               -1);
  g_autofree char *text = read_for (client, 1, FALSE);
  g_assert_cmpstr (text, ==, "");
  g_assert_null (fixture->user);
}

static void
test_refusal_of_second_body (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  ask (client, REQUEST);
  client_send (client,
               "POST /turn HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n", -1);
  g_autofree char *text = read_for (client, 3, FALSE);
  g_assert_nonnull (strstr (text, "HTTP/1.1 413"));
  g_assert_nonnull (strstr (text, "Connection: close"));
}

/* With every place taken by idle connections, the one that is idle for longest makes way. */
static void
test_idle_ones_make_way (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) clients = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;

  fixture_start (fixture);
  for (guint i = 0; i < TH_ACCEPTOR_CONNECTIONS; i++)
    {
      GSocket *client = client_connect (fixture);

      g_ptr_array_add (clients, client);
      client_send (client, REQUEST, -1);
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
  run_for (0.2);
  g_autoptr (GSocket) newcomer = client_connect (fixture);
  ask (newcomer, REQUEST);
  first = read_for (clients->pdata[0], 0.2, FALSE);
  second = read_for (clients->pdata[1], 0.05, TRUE);
  g_assert_cmpuint (count (first, ANSWER), ==, 1);
  g_assert_cmpuint (count (second, ANSWER), ==, 1);
}

static void
test_stop (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) client = client_connect (fixture);
  ask (client, REQUEST);
  th_endpoint_stop (fixture->endpoint);
  g_autofree char *text = read_for (client, 1, FALSE);
  g_assert_cmpstr (text, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("one-request-after-another", test_many_requests);
  add ("pipelined-requests-are-answered-in-order", test_pipelining);
  add ("client-that-closes", test_client_that_closes);
  add ("clients-that-leave-leave-no-descriptors", test_clients_that_leave);
  add ("idle-connection-is-dropped", test_idle_connection);
  add ("slow-second-request-is-dropped", test_slow_second_request);
  add ("stalled-second-body-is-dropped", test_stalled_second_body);
  add ("huge-second-body-is-413", test_refusal_of_second_body);
  add ("idle-ones-make-way", test_idle_ones_make_way);
  add ("stop-ends-idle-connections", test_stop);
  return g_test_run ();
}
