/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The TLS stream by itself, with a client of GnuTLS's at the other end of a socket: bytes arrive as
 * they were sent, however they are cut and however slow the other side is.
 */
#include "endpoint/tls-stream.h"
#include "network/certificate.h"

#include <string.h>
#include <sys/socket.h>

#include "pki.h"

#define DAY      86400
#define PATIENCE 20 /* seconds */
#define MUCH     (3 * 1024 * 1024)

#define add(path, test)                                                                            \
  g_test_add ("/endpoint/tls-stream/" path, Fixture, NULL, set_up, test, tear_down)

typedef struct
{
  ThTlsContext *context;
  ThTlsStream *server;
  GSocket *socket; /* of the client */
  gnutls_certificate_credentials_t trust;
  gnutls_session_t client;
  char *bytes;    /* MUCH of them */
  guint patience; /* source */
} Fixture;

static ThTlsContext *
make_context (void)
{
  g_autoptr (PkiPair) pair = pki_make ("localhost", NULL, PKI_EC, -DAY, DAY);
  g_autoptr (GError) error = NULL;
  char *chain = pki_certificate (pair);
  char *key = pki_key (pair);
  g_autoptr (ThPem) chain_pem = th_pem_new_take ("chain", chain, strlen (chain));
  g_autoptr (ThPem) key_pem = th_pem_new_take ("key", key, strlen (key));
  g_autoptr (ThCertificate) certificate =
      th_certificate_new (chain_pem, key_pem, g_get_real_time () / G_USEC_PER_SEC, &error);
  ThTlsContext *context;

  g_assert_no_error (error);
  context = th_certificate_new_context (certificate, TH_TLS_1_2, &error);
  g_assert_no_error (error);
  return context;
}

static GSocket *
make_socket (int fd)
{
  GSocket *socket = g_socket_new_from_fd (fd, NULL);

  g_assert_nonnull (socket);
  g_socket_set_blocking (socket, FALSE);
  return socket;
}

static gboolean
on_patience_over (gpointer data)
{
  g_error ("Nothing happened");
  return G_SOURCE_REMOVE;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  int ends[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
  g_autoptr (GSocket) socket = make_socket (ends[0]);
  g_autoptr (GSocketConnection) connection = g_socket_connection_factory_create_connection (socket);

  fixture->socket = make_socket (ends[1]);
  fixture->context = make_context ();
  fixture->server = th_tls_stream_new (connection, fixture->context);
  gnutls_certificate_allocate_credentials (&fixture->trust);
  gnutls_init (&fixture->client, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL);
  gnutls_set_default_priority (fixture->client);
  gnutls_credentials_set (fixture->client, GNUTLS_CRD_CERTIFICATE, fixture->trust);
  gnutls_transport_set_int (fixture->client, ends[1]);
  fixture->bytes = g_malloc (MUCH);
  for (guint i = 0; i < MUCH; i++)
    fixture->bytes[i] = (char) (i % 251);
  fixture->patience = g_timeout_add_seconds (PATIENCE, on_patience_over, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_source_remove (fixture->patience);
  gnutls_deinit (fixture->client);
  gnutls_certificate_free_credentials (fixture->trust);
  g_clear_object (&fixture->server);
  g_clear_pointer (&fixture->context, th_tls_context_unref);
  g_clear_object (&fixture->socket);
  g_free (fixture->bytes);
}

static void
shake_hands (Fixture *fixture)
{
  gboolean server_done = FALSE;
  int result = GNUTLS_E_AGAIN;

  while (!server_done || result < 0)
    {
      g_autoptr (GError) error = NULL;

      if (result < 0)
        result = gnutls_handshake (fixture->client);
      g_assert_true (result == 0 || result == GNUTLS_E_AGAIN);
      if (!server_done)
        server_done = th_tls_stream_handshake (fixture->server, &error);
      if (!server_done)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
on_written (GObject *stream, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_output_stream_write_all_finish (G_OUTPUT_STREAM (stream), result, data, &error);
  g_assert_no_error (error);
}

static void
test_much_to_a_slow_reader (Fixture *fixture, gconstpointer data)
{
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (fixture->server));
  g_autofree char *received = g_malloc (MUCH);
  gsize written = 0, length = 0;

  shake_hands (fixture);
  g_output_stream_write_all_async (output, fixture->bytes, MUCH, G_PRIORITY_DEFAULT, NULL,
                                   on_written, &written);
  while (length < MUCH || written < MUCH)
    {
      gssize n = gnutls_record_recv (fixture->client, received + length,
                                     MIN (1 + length % 5000, MUCH - length));

      g_assert_true (n > 0 || n == GNUTLS_E_AGAIN || length == MUCH);
      if (n > 0)
        length += n;
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpmem (received, length, fixture->bytes, MUCH);
}

static void
on_read (GObject *stream, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  g_input_stream_read_all_finish (G_INPUT_STREAM (stream), result, data, &error);
  g_assert_no_error (error);
}

static void
test_much_from_a_slow_writer (Fixture *fixture, gconstpointer data)
{
  GInputStream *input = g_io_stream_get_input_stream (G_IO_STREAM (fixture->server));
  g_autofree char *received = g_malloc (MUCH);
  gsize read = 0, sent = 0;

  shake_hands (fixture);
  g_input_stream_read_all_async (input, received, MUCH, G_PRIORITY_DEFAULT, NULL, on_read, &read);
  while (sent < MUCH || read < MUCH)
    {
      gssize n = sent == MUCH ? 0
                              : gnutls_record_send (fixture->client, fixture->bytes + sent,
                                                    MIN (1 + sent % 7000, MUCH - sent));

      g_assert_true (n >= 0 || n == GNUTLS_E_AGAIN);
      if (n > 0)
        sent += n;
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpmem (received, read, fixture->bytes, MUCH);
}

static void
test_goodbye (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gssize result;
  char byte;

  shake_hands (fixture);
  g_io_stream_close (G_IO_STREAM (fixture->server), NULL, &error);
  g_assert_no_error (error);
  do
    result = gnutls_record_recv (fixture->client, &byte, 1); /* session tickets come first */
  while (result == GNUTLS_E_AGAIN);
  g_assert_cmpint (result, ==, 0);
}

/* A connection that was cut is told apart from one that ended. */
static void
test_cut (Fixture *fixture, gconstpointer data)
{
  GPollableInputStream *input =
      G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (G_IO_STREAM (fixture->server)));
  g_autoptr (GError) error = NULL;
  char byte;

  shake_hands (fixture);
  g_socket_shutdown (fixture->socket, TRUE, TRUE, NULL);
  g_assert_cmpint (g_pollable_input_stream_read_nonblocking (input, &byte, 1, NULL, &error), ==,
                   -1);
  g_assert_error (error, G_TLS_ERROR, G_TLS_ERROR_EOF);
}

/* Input and output held by somebody for longer than the stream do no harm. */
static void
test_ends_outlive_the_stream (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GInputStream) input =
      g_object_ref (g_io_stream_get_input_stream (G_IO_STREAM (fixture->server)));
  g_autoptr (GOutputStream) output =
      g_object_ref (g_io_stream_get_output_stream (G_IO_STREAM (fixture->server)));
  g_autoptr (GError) read_error = NULL, write_error = NULL;
  char byte = 0;

  shake_hands (fixture);
  g_clear_object (&fixture->server);
  g_assert_cmpint (g_input_stream_read (input, &byte, 1, NULL, &read_error), ==, -1);
  g_assert_error (read_error, G_IO_ERROR, G_IO_ERROR_CLOSED);
  g_assert_cmpint (g_output_stream_write (output, &byte, 1, NULL, &write_error), ==, -1);
  g_assert_error (write_error, G_IO_ERROR, G_IO_ERROR_CLOSED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("much-to-a-slow-reader", test_much_to_a_slow_reader);
  add ("much-from-a-slow-writer", test_much_from_a_slow_writer);
  add ("close-says-goodbye", test_goodbye);
  add ("cut-is-no-end", test_cut);
  add ("ends-outlive-the-stream", test_ends_outlive_the_stream);
  return g_test_run ();
}
