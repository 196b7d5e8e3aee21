/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * An endpoint under test and a client that may misbehave, both on one main loop.
 */
#include "fixture.h"

#include "../credentials/sign-jwt.h"
#include "folder.h"
#include "relay/listener-info.h"

#define PATIENCE 10.0 /* seconds */

static ThCredential *
fake_mint (gpointer data, const char *user, gint64 ttl, GError **error)
{
  Fixture *fixture = data;

  g_free (fixture->user);
  fixture->user = g_strdup (user);
  fixture->ttl = ttl;
  if (fixture->mint_fails)
    {
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE, "disk on fire");
      return NULL;
    }

  ThCredential *credential = g_new0 (ThCredential, 1);
  credential->username = g_strdup_printf ("1700000000:%s", user);
  credential->password = g_strdup ("cGFzc3dvcmQ=");
  credential->ttl = ttl;
  credential->expires_at = 1700000000;
  return credential;
}

static ThCredential *
fake_mint_jwt (gpointer data, const char *user, GError **error)
{
  ThCredential *credential;

  if (strchr (user, ':') != NULL)
    {
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE, "not for %s", user);
      return NULL;
    }
  credential = fake_mint (data, user, 0, error);
  if (credential == NULL)
    return NULL;
  g_free (credential->username);
  credential->username = g_strdup (user);
  credential->ttl = 1234;
  return credential;
}

static ThJwtVerdict
fake_check_jwt (gpointer data, const char *token, char **user)
{
  const ThAcceptedSecret api = { FIXTURE_API_KEY, FIXTURE_API_SECRET, 1, 0 };

  return th_jwt_check (token, &api, 1, g_get_real_time () / G_USEC_PER_SEC, user);
}

static const char *
fake_find_app (gpointer data, const char *token)
{
  return th_app_tokens_find (((Fixture *) data)->apps, token);
}

static void
fake_note_app (gpointer data, const char *name, ThRingKind kind)
{
  Fixture *fixture = data;

  g_string_append_printf (fixture->noted, "%s:%u ", name, kind);
}

static void
fake_get_secret_facts (gpointer data, ThRingKind kind, ThSecretFacts *facts)
{
  *facts = ((Fixture *) data)->facts[kind];
}

static ThRelayUrls *
fake_get_urls (gpointer data, gboolean for_browser_here)
{
  Fixture *fixture = data;
  ThRelayUrls *urls = g_new0 (ThRelayUrls, 1);
  gboolean turn = fixture->has_turn;

  fixture->for_browser_here = for_browser_here;
  urls->stun = g_strsplit (turn ? "stun:192.0.2.1:3478" : "", " ", -1);
  urls->turn_udp = g_strsplit (turn ? "turn:192.0.2.1:3478?transport=udp" : "", " ", -1);
  urls->turn_tcp = g_strsplit (turn ? "turn:192.0.2.1:3478?transport=tcp" : "", " ", -1);
  urls->turns = g_strsplit (
      fixture->has_turns ? "turns:turn.example.org:5349?transport=tcp" : "", " ", -1);
  return urls;
}

static gboolean
fake_is_relay_running (gpointer data)
{
  return ((Fixture *) data)->running;
}

static GListModel *
fake_get_listeners (gpointer data)
{
  return G_LIST_MODEL (((Fixture *) data)->listeners);
}

static void
fake_get_statistics (gpointer data, ThRelayStatistics *statistics)
{
  *statistics = ((Fixture *) data)->counted;
}

static const ThTrafficRate *
fake_get_rate (gpointer data)
{
  return ((Fixture *) data)->rate;
}

static ThOneTime *
fake_get_test_links (gpointer data)
{
  return ((Fixture *) data)->test_links;
}

static gpointer
fake_begin_test (gpointer data, const char *user_agent, const ThAddress *address)
{
  Fixture *fixture = data;

  g_free (fixture->user_agent);
  fixture->user_agent = g_strdup (user_agent);
  fixture->address = *address;
  return g_new0 (char, 1);
}

static gboolean
fake_take_test_message (gpointer data, gpointer visit, const char *text, gsize length)
{
  Fixture *fixture = data;

  g_string_append_len (fixture->told, text, (gssize) length);
  g_string_append_c (fixture->told, ' ');
  return length > 0 && text[0] == '{';
}

static void
fake_end_test (gpointer data, gpointer visit)
{
  g_string_append (((Fixture *) data)->told, "end ");
  g_free (visit);
}

static gboolean
fake_is_draining (gpointer data)
{
  return ((Fixture *) data)->draining;
}

static const ThEndpointBackend fake_backend = {
  .mint = fake_mint,
  .mint_jwt = fake_mint_jwt,
  .check_jwt = fake_check_jwt,
  .find_app = fake_find_app,
  .note_app = fake_note_app,
  .get_secret_facts = fake_get_secret_facts,
  .get_urls = fake_get_urls,
  .is_relay_running = fake_is_relay_running,
  .is_draining = fake_is_draining,
  .get_listeners = fake_get_listeners,
  .get_statistics = fake_get_statistics,
  .get_rate = fake_get_rate,
  .get_test_links = fake_get_test_links,
  .begin_test = fake_begin_test,
  .take_test_message = fake_take_test_message,
  .end_test = fake_end_test,
};

void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->config = th_endpoint_config_new ();
  fixture->config->requests_per_minute = 0;
  fixture->folder = test_folder_new ();
  fixture->apps = th_app_tokens_open (fixture->folder, NULL);
  fixture->noted = g_string_new (NULL);
  fixture->told = g_string_new (NULL);
  fixture->running = TRUE;
  fixture->has_turn = TRUE;
  fixture->listeners = g_list_store_new (TH_TYPE_LISTENER_INFO);
}

void
fixture_set_token (Fixture *fixture, const char *pair)
{
  const char *pairs[] = { pair, NULL };

  th_app_tokens_set_configured (fixture->apps, pairs);
}

void
fixture_start (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->endpoint = th_endpoint_new (fixture->config, &fake_backend, fixture);
  th_endpoint_start (fixture->endpoint, &error);
  g_assert_no_error (error);
  fixture->port = th_endpoint_get_port (fixture->endpoint);
  g_assert_cmpuint (fixture->port, !=, 0);
}

void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->endpoint);
  th_endpoint_config_free (fixture->config);
  g_clear_pointer (&fixture->test_links, th_one_time_free);
  g_object_unref (fixture->listeners);
  g_object_unref (fixture->apps);
  test_folder_free (fixture->folder);
  g_string_free (fixture->noted, TRUE);
  g_string_free (fixture->told, TRUE);
  g_free (fixture->user_agent);
  g_free (fixture->user);
}

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
run_for (double seconds)
{
  gboolean over = FALSE;

  g_timeout_add (seconds * 1000, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

GSocket *
client_connect (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address =
      g_inet_socket_address_new_from_string ("127.0.0.1", fixture->port);
  GSocket *client = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM,
                                  G_SOCKET_PROTOCOL_TCP, &error);

  g_assert_no_error (error);
  g_socket_connect (client, address, NULL, &error); /* the kernel answers for the endpoint */
  g_assert_no_error (error);
  g_socket_set_blocking (client, FALSE);
  return client;
}

/* The other side may have ended meanwhile; that is for the reader to find out. */
void
client_send (GSocket *client, const char *bytes, gssize length)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) (PATIENCE * G_USEC_PER_SEC);
  gsize left = length < 0 ? strlen (bytes) : (gsize) length;

  while (left > 0 && g_get_monotonic_time () < deadline)
    {
      g_autoptr (GError) error = NULL;
      gssize sent = g_socket_send (client, bytes, left, NULL, &error);

      if (sent > 0)
        {
          bytes += sent;
          left -= sent;
        }
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return;
      while (g_main_context_iteration (NULL, FALSE))
        ;
    }
}

char *
client_read_all (GSocket *client, double seconds, gboolean *ended)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);
  GString *text = g_string_new (NULL);
  char buffer[4096];

  *ended = FALSE;
  while (!*ended && g_get_monotonic_time () < deadline)
    {
      g_autoptr (GError) error = NULL;
      gssize length = g_socket_receive (client, buffer, sizeof buffer, NULL, &error);

      if (length > 0)
        g_string_append_len (text, buffer, length);
      else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        {
          g_main_context_iteration (NULL, FALSE);
          g_usleep (200);
        }
      else
        *ended = TRUE;
    }
  return g_string_free (text, FALSE);
}

static JsonObject *
parse_json (const char *text)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  JsonNode *root;

  if (*text == '\0' || !json_parser_load_from_data (parser, text, -1, NULL))
    return NULL;
  root = json_parser_get_root (parser);
  return root != NULL && JSON_NODE_HOLDS_OBJECT (root)
             ? json_object_ref (json_node_get_object (root))
             : NULL;
}

static Reply *
reply_new (const char *text)
{
  Reply *reply = g_new0 (Reply, 1);
  const char *end = strstr (text, "\r\n\r\n");

  if (end != NULL && g_str_has_prefix (text, "HTTP/1."))
    reply->status = g_ascii_strtoull (text + strlen ("HTTP/1.1 "), NULL, 10);
  reply->headers = end != NULL ? g_strndup (text, end + 2 - text) : g_strdup ("");
  reply->body = g_strdup (end != NULL ? end + 4 : "");
  reply->json = parse_json (reply->body);
  return reply;
}

void
reply_free (Reply *reply)
{
  g_free (reply->headers);
  g_free (reply->body);
  g_clear_pointer (&reply->json, json_object_unref);
  g_free (reply);
}

char *
reply_get_header (const Reply *reply, const char *name)
{
  g_auto (GStrv) lines = g_strsplit (reply->headers, "\r\n", -1);
  gsize length = strlen (name);

  for (guint i = 0; lines[i] != NULL; i++)
    if (g_ascii_strncasecmp (lines[i], name, length) == 0 && lines[i][length] == ':')
      return g_strstrip (g_strdup (lines[i] + length + 1));
  return NULL;
}

const char *
reply_get_error (const Reply *reply)
{
  if (reply->json == NULL)
    return "";
  return json_object_get_string_member_with_default (reply->json, "error", "");
}

Reply *
fixture_send_raw (Fixture *fixture, const char *bytes, gssize length)
{
  g_autoptr (GSocket) client = client_connect (fixture);
  gboolean ended;

  client_send (client, bytes, length);
  g_autofree char *text = client_read_all (client, PATIENCE, &ended);
  g_assert_true (ended);
  return reply_new (text);
}

Reply *
fixture_request (Fixture *fixture,
                 const char *request_line,
                 const char *headers,
                 const char *body)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "%s HTTP/1.1\r\nConnection: close\r\n%s", request_line, headers);
  if (strstr (headers, "Host:") == NULL)
    g_string_append_printf (text, "Host: 127.0.0.1:%u\r\n", fixture->port);
  if (body != NULL)
    g_string_append_printf (text, "Content-Length: %" G_GSIZE_FORMAT "\r\n", strlen (body));
  g_string_append_printf (text, "\r\n%s", body != NULL ? body : "");
  return fixture_send_raw (fixture, text->str, text->len);
}

char *
fixture_bearer (const char *header, const char *claims, const char *secret)
{
  g_autofree char *token = sign_jwt (G_CHECKSUM_SHA256, header, -1, claims, -1,
                                     secret != NULL ? secret : FIXTURE_API_SECRET);

  return g_strdup_printf ("Authorization: Bearer %s\r\n", token);
}

char *
fixture_bearer_of (const char *user)
{
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *claims =
      g_strdup_printf ("{\"iss\":\"" FIXTURE_API_KEY "\",\"sub\":\"%s\",\"exp\":%" G_GINT64_FORMAT
                       "}",
                       user, now + 60);

  return fixture_bearer ("{\"alg\":\"HS256\"}", claims, NULL);
}
