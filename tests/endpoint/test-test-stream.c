/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The WebSocket of the test page: who may open it, and that it is bounded in every way.
 */
#include "fixture.h"

#include <string.h>

#include "endpoint/test-stream.h"

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/test-stream/" path, Fixture, NULL, fixture_set_up, test, fixture_tear_down)

#define PATIENCE (10 * G_USEC_PER_SEC)
#define TEXT 0x81
#define BINARY 0x82
#define FIRST_PIECE 0x01
#define NEXT_PIECE 0x00
#define PING 0x89

/* (transfer full): of a page that was opened just now */
static char *
get_ticket (Fixture *fixture)
{
  g_autoptr (Reply) reply = fixture_request (fixture, "GET /test", "", NULL);
  const char *mark = "name=\"turnhouse-ticket\" content=\"";
  const char *place = strstr (reply->body, mark);

  g_assert_cmpuint (reply->status, ==, 200);
  g_assert_nonnull (place);
  return g_strndup (place + strlen (mark), 22);
}

/* (transfer full): a request to open the WebSocket. @origin: (nullable): that of the page */
static char *
make_request (Fixture *fixture, const char *ticket, const char *origin)
{
  g_autofree char *own = g_strdup_printf ("Origin: http://127.0.0.1:%u\r\n", fixture->port);

  return g_strdup_printf ("GET /test/stream?ticket=%s HTTP/1.1\r\n"
                          "Host: 127.0.0.1:%u\r\n%s"
                          "User-Agent: Mozilla/5.0 (Test)\r\n"
                          "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                          "Sec-WebSocket-Version: 13\r\n"
                          "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                          ticket, fixture->port, origin != NULL ? origin : own);
}

/* Reads until @bytes have come or the other side ends. */
static gboolean
read_until (GSocket *client, GString *got, const char *bytes, gsize length)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;
  char buffer[4096];

  while (g_get_monotonic_time () < deadline)
    {
      gssize n;

      if (bytes != NULL && memmem (got->str, got->len, bytes, length) != NULL)
        return TRUE;
      n = g_socket_receive (client, buffer, sizeof buffer, NULL, NULL);
      if (n > 0)
        g_string_append_len (got, buffer, n);
      else if (n == 0)
        return bytes == NULL;
      else if (g_socket_condition_check (client, G_IO_HUP) & G_IO_HUP)
        return bytes == NULL;
      g_main_context_iteration (NULL, FALSE);
    }
  return FALSE;
}

/* Runs the main loop until test pages told exactly that. */
static void
assert_told (Fixture *fixture, const char *told)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE;

  while (!g_str_equal (fixture->told->str, told) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpstr (fixture->told->str, ==, told);
}

static GSocket *
open_with (Fixture *fixture, const char *ticket)
{
  GSocket *client = client_connect (fixture);
  g_autofree char *request = make_request (fixture, ticket, NULL);
  g_autoptr (GString) got = g_string_new (NULL);

  client_send (client, request, -1);
  g_assert_true (read_until (client, got, "]}", 2)); /* the end of the first message */
  g_assert_true (g_str_has_prefix (got->str, "HTTP/1.1 101 "));
  return client;
}

static GSocket *
open_stream (Fixture *fixture)
{
  g_autofree char *ticket = get_ticket (fixture);

  return open_with (fixture, ticket);
}

static void
send_frame (GSocket *client, guint8 first, const char *payload, gsize length)
{
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  const guint8 mask[4] = { 0 };
  guint8 head[4] = { first, 0x80 | 126, (guint8) (length >> 8), (guint8) length };

  if (length < 126)
    head[1] = 0x80 | (guint8) length;
  g_byte_array_append (frame, head, length < 126 ? 2 : 4);
  g_byte_array_append (frame, mask, sizeof mask);
  g_byte_array_append (frame, (const guint8 *) payload, length);
  client_send (client, (const char *) frame->data, frame->len);
}

static void
send_text (GSocket *client, const char *text)
{
  send_frame (client, TEXT, text, strlen (text));
}

static void
assert_closed_with (GSocket *client, guint16 code)
{
  const char frame[] = { (char) 0x88, 2, (char) (code >> 8), (char) code };
  g_autoptr (GString) got = g_string_new (NULL);

  g_assert_true (read_until (client, got, frame, sizeof frame));
}

static void
test_whole (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) got = g_string_new (NULL);
  g_autofree char *ticket = NULL;
  g_autofree char *request = NULL;

  fixture->has_turns = TRUE;
  fixture_start (fixture);
  ticket = get_ticket (fixture);
  request = make_request (fixture, ticket, NULL);
  g_autoptr (GSocket) client = client_connect (fixture);
  client_send (client, request, -1);
  g_assert_true (read_until (client, got, "]}", 2));
  g_assert_nonnull (memmem (got->str, got->len, "{\"type\":\"start\",\"iceServers\":[", 30));
  g_assert_nonnull (memmem (got->str, got->len, "turns:turn.example.org:5349", 27));
  g_assert_null (memmem (got->str, got->len, "google", 6)); /* nobody else's server */
  g_assert_cmpint (fixture->ttl, ==, TH_TEST_CREDENTIAL_TTL);
  g_assert_cmpstr (fixture->user_agent, ==, "Mozilla/5.0 (Test)");
  g_assert_true (th_address_is_loopback (&fixture->address));

  send_text (client, "{\"a\":1}");
  send_text (client, "{\"b\":2}");
  assert_told (fixture, "{\"a\":1} {\"b\":2} ");
  g_socket_close (client, NULL);
  assert_told (fixture, "{\"a\":1} {\"b\":2} end ");

  g_autoptr (GSocket) again = client_connect (fixture);
  client_send (again, request, -1);
  g_assert_true (read_until (again, got, "HTTP/1.1 403 ", 13));
}

static void
test_refusals (Fixture *fixture, gconstpointer data)
{
  const char *const origins[] = { "", "Origin: null\r\n", "Origin: https://evil.example.net\r\n",
                                  "Origin: http://127.0.0.1:1\r\n", "Origin: 127.0.0.1\r\n" };
  g_autofree char *ticket = NULL;

  fixture_start (fixture);
  ticket = get_ticket (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (origins); i++)
    {
      g_autofree char *request = make_request (fixture, ticket, origins[i]);
      g_autoptr (GSocket) client = client_connect (fixture);
      g_autoptr (GString) got = g_string_new (NULL);

      client_send (client, request, -1);
      g_assert_true (read_until (client, got, "HTTP/1.1 403 ", 13));
    }
  g_autofree char *plain = g_strconcat ("GET /test/stream?ticket=", ticket, NULL);
  g_autoptr (Reply) reply = fixture_request (fixture, plain, "", NULL);
  g_assert_cmpuint (reply->status, ==, 400);
  /* none of them used the ticket up */
  g_autoptr (GSocket) good = open_with (fixture, ticket);
}

static void
assert_refused (Fixture *fixture, const char *request, const char *status)
{
  g_autoptr (GSocket) client = client_connect (fixture);
  g_autoptr (GString) got = g_string_new (NULL);
  g_autofree char *line = g_strdup_printf ("HTTP/1.1 %s ", status);

  client_send (client, request, -1);
  if (!read_until (client, got, line, strlen (line)))
    g_error ("%s\nwas not answered with %s, but with %s", request, status, got->str);
}

static void
test_bad_handshakes (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *part; /* of a good request */
    const char *other;
    const char *status;
  } rows[] = {
    { "Upgrade: websocket", "Upgrade: h2c", "400" },
    { "Connection: Upgrade", "Connection: keep-alive", "400" },
    { "Version: 13", "Version: 8", "400" },
    { "Version: 13", "Version: -13", "400" },
    { "Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: x", "400" },
    { "Key: dGhlIHNhbXBsZSBub25jZQ==", "Key: ", "400" },
    { "GET ", "POST ", "405" },
    { "?ticket=", "?Ticket=", "403" },
    { "?ticket=", "?ticket=x", "403" },
    { "?ticket=", "?ticket=%00", "403" },
    { "?ticket=", "?link=", "403" },
    { "/stream?", "/stream/?", "404" },
  };
  g_autofree char *ticket = NULL;
  g_autofree char *good = NULL;

  fixture_start (fixture);
  ticket = get_ticket (fixture);
  good = make_request (fixture, ticket, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) request = g_string_new (good);

      g_assert_cmpuint (g_string_replace (request, rows[i].part, rows[i].other, 1), ==, 1);
      assert_refused (fixture, request->str, rows[i].status);
    }
  g_autoptr (GSocket) still_good = open_with (fixture, ticket);
}

static void
test_wrong_tickets_count (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ticket = NULL;
  g_autofree char *wrong = NULL;

  fixture->config->requests_per_minute = 2;
  fixture_start (fixture);
  ticket = get_ticket (fixture);
  wrong = make_request (fixture, "AAAAAAAAAAAAAAAAAAAAAA", NULL);
  assert_refused (fixture, wrong, "403");
  assert_refused (fixture, wrong, "403");
  assert_refused (fixture, wrong, "429");
  g_autoptr (GSocket) good = open_with (fixture, ticket); /* as it is on loopback */
}

/* None of them is taken for a message, and all end the visit. */
static void
test_bad_frames (Fixture *fixture, gconstpointer data)
{
  const struct {
    const char *bytes;
    gsize length;
  } rows[] = {
    { "\x81\x02{}", 4 },                                      /* not masked */
    { "\xc1\x82\0\0\0\0{}", 8 },                             /* a reserved bit */
    { "\x83\x82\0\0\0\0{}", 8 },                             /* a reserved opcode */
    { "\x80\x82\0\0\0\0{}", 8 },                             /* continues nothing */
    { "\x09\x80\0\0\0\0", 6 },                               /* a ping in pieces */
    { "\x89\xfe\0\x80\0\0\0\0", 8 },                         /* a ping too long */
    { "\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14 }, /* 2^63 bytes follow */
    { "\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14 },
    { "\x88\x81\0\0\0\0\x03", 7 },                           /* half a code at the close */
    { "GET / HTTP/1.1\r\n\r\n", 18 },
  };

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GSocket) client = open_stream (fixture);

      g_string_truncate (fixture->told, 0);
      client_send (client, rows[i].bytes, (gssize) rows[i].length);
      g_socket_shutdown (client, FALSE, TRUE, NULL);
      assert_told (fixture, "end ");
    }
}

static void
test_bad_messages (Fixture *fixture, gconstpointer data)
{
  static char long_text[TH_TEST_MESSAGE_MAX + 1];

  fixture_start (fixture);
  g_autoptr (GSocket) binary = open_stream (fixture);
  send_frame (binary, BINARY, "{}", 2);
  assert_closed_with (binary, 1003);
  g_autoptr (GSocket) odd = open_stream (fixture);
  send_text (odd, "x");
  assert_closed_with (odd, 1007);
  send_text (odd, "{\"late\":1}");
  g_autoptr (GSocket) not_utf8 = open_stream (fixture);
  send_text (not_utf8, "{\xff}");
  assert_closed_with (not_utf8, 1007);
  g_autoptr (GSocket) large = open_stream (fixture);
  memset (long_text, '{', sizeof long_text);
  send_frame (large, TEXT, long_text, sizeof long_text);
  assert_told (fixture, "end x end end end ");
}

static void
test_too_many_messages (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) client = open_stream (fixture);

  for (guint i = 0; i <= TH_TEST_MESSAGES_MAX; i++)
    send_text (client, "{}");
  assert_closed_with (client, 1008);
  g_assert_cmpuint (fixture->told->len, <=, strlen ("{} ") * TH_TEST_MESSAGES_MAX + 4);
  g_assert_true (g_str_has_suffix (fixture->told->str, "end "));
}

/* A message that never ends, and what never is a message. */
static void
test_endless (Fixture *fixture, gconstpointer data)
{
  static char piece[16000];
  const guint8 kinds[] = { NEXT_PIECE, PING };

  fixture_start (fixture);
  for (guint kind = 0; kind < G_N_ELEMENTS (kinds); kind++)
    {
      g_autoptr (GSocket) client = open_stream (fixture);
      gsize length = kinds[kind] == PING ? 125 : sizeof piece;

      g_string_truncate (fixture->told, 0);
      if (kinds[kind] == NEXT_PIECE)
        send_frame (client, FIRST_PIECE, piece, sizeof piece);
      for (gsize sent = 0; sent < 2 * TH_TEST_BYTES_MAX && fixture->told->len == 0; sent += length)
        send_frame (client, kinds[kind], piece, length);
      assert_told (fixture, "end ");
    }
}

static void
test_outlives_requests (Fixture *fixture, gconstpointer data)
{
  fixture->config->request_timeout = 300;
  fixture_start (fixture);
  g_autoptr (GSocket) client = open_stream (fixture);

  run_for (1);
  send_text (client, "{}");
  assert_told (fixture, "{} ");
}

static void
test_how_many (Fixture *fixture, gconstpointer data)
{
  GSocket *clients[TH_TEST_STREAMS_MAX];
  g_autofree char *ticket = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GString) got = g_string_new (NULL);

  fixture_start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    clients[i] = open_stream (fixture);
  ticket = get_ticket (fixture);
  request = make_request (fixture, ticket, NULL);
  g_autoptr (GSocket) refused = client_connect (fixture);
  client_send (refused, request, -1);
  g_assert_true (read_until (refused, got, "HTTP/1.1 503 ", 13));
  g_object_unref (clients[0]);
  assert_told (fixture, "end ");
  clients[0] = open_with (fixture, ticket); /* which was not used up */
  for (guint i = 0; i < G_N_ELEMENTS (clients); i++)
    g_object_unref (clients[i]);
}

static void
test_endpoint_stops (Fixture *fixture, gconstpointer data)
{
  fixture_start (fixture);
  g_autoptr (GSocket) client = open_stream (fixture);
  g_autoptr (GString) got = g_string_new (NULL);

  th_endpoint_stop (fixture->endpoint);
  assert_told (fixture, "end ");
  g_assert_true (read_until (client, got, NULL, 0));
}

static void
test_no_credential (Fixture *fixture, gconstpointer data)
{
  g_autofree char *ticket = NULL;
  g_autofree char *request = NULL;
  g_autoptr (GString) got = g_string_new (NULL);

  fixture->mint_fails = TRUE;
  fixture_start (fixture);
  ticket = get_ticket (fixture);
  request = make_request (fixture, ticket, NULL);
  g_autoptr (GSocket) client = client_connect (fixture);
  g_test_expect_message ("turnhouse-endpoint", G_LOG_LEVEL_WARNING, "*disk on fire*");
  client_send (client, request, -1);
  g_assert_true (read_until (client, got, "HTTP/1.1 500 ", 13));
  g_test_assert_expected_messages ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("from-start-to-end", test_whole);
  add ("who-may-not-open-it", test_refusals);
  add ("bad-handshakes", test_bad_handshakes);
  add ("wrong-tickets-count", test_wrong_tickets_count);
  add ("bad-frames-end-it", test_bad_frames);
  add ("bad-messages-end-it", test_bad_messages);
  add ("too-many-messages-end-it", test_too_many_messages);
  add ("what-never-ends-is-cut", test_endless);
  add ("outlives-the-limit-of-requests", test_outlives_requests);
  add ("how-many", test_how_many);
  add ("ends-with-the-endpoint", test_endpoint_stops);
  add ("no-credential", test_no_credential);
  return g_test_run ();
}
