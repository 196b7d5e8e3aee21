/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pipe and a client of GnuTLS's own, with nothing between them but memory: whatever goes in at
 * one end comes out at the other, however it is cut up, and bad bytes end it.
 */
#include "tls/tls-pipe.h"

#include <errno.h>
#include <string.h>

#include "made-context.h"

#define MUCH (200 * 1024)

typedef struct {
  ThTlsPipe *pipe;
  ThTlsDesk *desk;
  gnutls_session_t client;
  gnutls_certificate_credentials_t anybody;
  GByteArray *to_client, *to_server; /* under way */
  GByteArray *got;                   /* what the pipe has read */
  gsize piece;                       /* so many bytes reach it at a time */
  gboolean ended;
} Fixture;

static gssize
on_client_pull (gnutls_transport_ptr_t data, void *bytes, size_t size)
{
  Fixture *self = data;
  gsize n = MIN (size, self->to_client->len);

  if (n == 0)
    {
      gnutls_transport_set_errno (self->client, EAGAIN);
      return -1;
    }
  memcpy (bytes, self->to_client->data, n);
  g_byte_array_remove_range (self->to_client, 0, (guint) n);
  return (gssize) n;
}

static gssize
on_client_push (gnutls_transport_ptr_t data, const void *bytes, size_t size)
{
  Fixture *self = data;

  g_byte_array_append (self->to_server, bytes, (guint) size);
  return (gssize) size;
}

static void
take_output (Fixture *self)
{
  g_byte_array_append (self->to_client, self->desk->output->data, self->desk->output->len);
  g_byte_array_set_size (self->desk->output, 0);
}

/* Has the pipe read what is under way. */
static void
carry (Fixture *self)
{
  g_autofree guint8 *bytes = g_malloc (TH_TLS_SPACE + TH_TLS_RECORD_SIZE_MAX);

  while (self->to_server->len > 0 && !self->ended)
    {
      gsize n = MIN (self->piece, self->to_server->len);
      gsize got;

      self->desk->input = self->to_server->data;
      self->desk->input_length = n;
      got = th_tls_pipe_read (self->pipe, self->desk, bytes, n + TH_TLS_RECORD_SIZE_MAX,
                              &self->ended);
      g_byte_array_remove_range (self->to_server, 0, (guint) n);
      g_byte_array_append (self->got, bytes, (guint) got);
      take_output (self);
    }
}

static void
shake_hands (Fixture *self)
{
  int result = GNUTLS_E_AGAIN;

  for (guint i = 0; result == GNUTLS_E_AGAIN; i++)
    {
      g_assert_cmpuint (i, <, 10);
      result = gnutls_handshake (self->client);
      carry (self);
    }
  g_assert_cmpint (result, ==, 0);
  g_assert_true (th_tls_pipe_is_open (self->pipe));
  g_assert_false (self->ended);
}

static void
set_up (Fixture *self, gconstpointer priority)
{
  static const char *const protocols[] = { "this", "that", NULL };
  g_autoptr (ThTlsContext) context = made_context_new (TH_TLS_1_2);
  gnutls_datum_t that = { (guint8 *) "that", 4 };

  self->pipe = th_tls_pipe_new (context, protocols);
  self->desk = th_tls_desk_new ();
  self->to_client = g_byte_array_new ();
  self->to_server = g_byte_array_new ();
  self->got = g_byte_array_new ();
  self->piece = TH_TLS_SPACE;
  gnutls_certificate_allocate_credentials (&self->anybody);
  gnutls_init (&self->client, GNUTLS_CLIENT | GNUTLS_NONBLOCK);
  gnutls_priority_set_direct (self->client, priority, NULL);
  gnutls_credentials_set (self->client, GNUTLS_CRD_CERTIFICATE, self->anybody);
  gnutls_alpn_set_protocols (self->client, &that, 1, 0);
  gnutls_transport_set_ptr (self->client, self);
  gnutls_transport_set_pull_function (self->client, on_client_pull);
  gnutls_transport_set_push_function (self->client, on_client_push);
}

static void
tear_down (Fixture *self, gconstpointer priority)
{
  gnutls_deinit (self->client);
  gnutls_certificate_free_credentials (self->anybody);
  th_tls_pipe_free (self->pipe);
  th_tls_desk_free (self->desk);
  g_byte_array_unref (self->to_client);
  g_byte_array_unref (self->to_server);
  g_byte_array_unref (self->got);
}

static guint8 *
make_much (void)
{
  guint8 *bytes = g_malloc (MUCH);

  for (guint i = 0; i < MUCH; i++)
    bytes[i] = (guint8) (i * 7 + (i >> 10));
  return bytes;
}

/* Tickets come before data, and GnuTLS asks to be asked again then. */
static gssize
receive (Fixture *self, guint8 *bytes, gsize size)
{
  gssize n;

  do
    n = gnutls_record_recv (self->client, bytes, size);
  while (n == GNUTLS_E_AGAIN && self->to_client->len > 0);
  return n;
}

static void
check_down (Fixture *self, const guint8 *bytes)
{
  g_autofree guint8 *got = g_malloc (MUCH);
  gsize length = 0;
  guint n_records = 0;
  gssize n;

  g_assert_true (th_tls_pipe_write (self->pipe, self->desk, bytes, 3));
  g_assert_true (th_tls_pipe_write (self->pipe, self->desk, bytes + 3, MUCH - 3));
  g_assert_true (th_tls_pipe_flush (self->pipe, self->desk));
  take_output (self);
  while (length < MUCH && (n = receive (self, got + length, MUCH - length)) > 0)
    {
      length += (gsize) n;
      n_records++;
    }
  g_assert_cmpmem (got, length, bytes, MUCH);
  g_assert_cmpuint (n_records, ==, (MUCH + TH_TLS_RECORD_MAX - 1) / TH_TLS_RECORD_MAX);
}

static void
check_up (Fixture *self, const guint8 *bytes)
{
  for (gsize sent = 0; sent < MUCH;)
    sent += (gsize) gnutls_record_send (self->client, bytes + sent, MUCH - sent);
  carry (self);
  g_assert_cmpmem (self->got->data, self->got->len, bytes, MUCH);
}

static void
test_much_both_ways (Fixture *self, gconstpointer priority)
{
  g_autofree guint8 *bytes = make_much ();

  shake_hands (self);
  g_assert_true (th_tls_pipe_speaks (self->pipe, "that"));
  g_assert_false (th_tls_pipe_speaks (self->pipe, "this"));
  check_down (self, bytes);
  check_up (self, bytes);
}

static void
test_in_small_pieces (Fixture *self, gconstpointer priority)
{
  self->piece = 1;
  shake_hands (self);
  g_assert_cmpint (gnutls_record_send (self->client, "hello", 5), ==, 5);
  carry (self);
  g_assert_cmpmem (self->got->data, self->got->len, "hello", 5);
}

static void
test_goodbye (Fixture *self, gconstpointer priority)
{
  guint8 byte;

  shake_hands (self);
  gnutls_record_send (self->client, "last", 4);
  gnutls_bye (self->client, GNUTLS_SHUT_WR);
  carry (self);
  g_assert_true (self->ended);
  g_assert_cmpmem (self->got->data, self->got->len, "last", 4);
  th_tls_pipe_say_goodbye (self->pipe, self->desk);
  th_tls_pipe_say_goodbye (self->pipe, self->desk);
  take_output (self);
  g_assert_cmpint (receive (self, &byte, 1), ==, 0);
  g_assert_cmpuint (self->to_client->len, ==, 0);
  g_assert_false (th_tls_pipe_write (self->pipe, self->desk, &byte, 1) &&
                  th_tls_pipe_flush (self->pipe, self->desk));
}

static void
test_listens_after_goodbye (Fixture *self, gconstpointer priority)
{
  shake_hands (self);
  th_tls_pipe_say_goodbye (self->pipe, self->desk);
  take_output (self);
  g_assert_cmpint (gnutls_record_send (self->client, "more", 4), ==, 4);
  carry (self);
  g_assert_false (self->ended);
  g_assert_cmpmem (self->got->data, self->got->len, "more", 4);
}

static void
test_bad_bytes (Fixture *self, gconstpointer priority)
{
  static const struct
  {
    const char *bytes;
    gsize length;
  } rows[] = {
    { "\x17\x03\x03\x00\x20" "01234567890123456789012345678901", 37 }, /* no one's key */
    { "\x17\x03\x03\xff\xff" "and on", 11 },
    { "\x16\x03\x03\x00\x04\x01\x00\x00\x00", 9 },
    { "\x15\x03\x03\x00\x02\x02\x28", 7 },
    { "\x42\x03\x03\x00\x01\x00", 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      Fixture one = { NULL };

      set_up (&one, priority);
      shake_hands (&one);
      g_byte_array_append (one.to_server, (const guint8 *) rows[i].bytes, (guint) rows[i].length);
      carry (&one);
      g_assert_true (one.ended);
      g_assert_cmpuint (one.got->len, ==, 0);
      g_assert_false (th_tls_pipe_is_open (one.pipe));
      tear_down (&one, priority);
    }
}

static void
test_bad_beginnings (Fixture *self, gconstpointer priority)
{
  static const guint8 bytes[] = { 0x16, 0x03, 0x01, 0x00, 0x04, 0x09, 0x00, 0x00, 0x00 };

  g_byte_array_append (self->to_server, bytes, sizeof bytes);
  carry (self);
  g_assert_true (self->ended);
  g_assert_cmpuint (self->to_client->len, >, 0); /* an alert */
  g_assert_cmpuint (self->to_client->data[0], ==, 0x15);
}

static void
add_all (const char *path, const char *priority)
{
  const struct
  {
    const char *name;
    void (*func) (Fixture *, gconstpointer);
  } tests[] = {
    { "much-both-ways", test_much_both_ways }, { "in-small-pieces", test_in_small_pieces },
    { "goodbye", test_goodbye },               { "bad-bytes", test_bad_bytes },
    { "bad-beginnings", test_bad_beginnings },
    { "listens-after-goodbye", test_listens_after_goodbye },
  };

  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *whole = g_strconcat (path, "/", tests[i].name, NULL);

      g_test_add (whole, Fixture, priority, set_up, tests[i].func, tear_down);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_all ("/tls/pipe/1.2", "NORMAL:-VERS-ALL:+VERS-TLS1.2");
  add_all ("/tls/pipe/1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.3");
  return g_test_run ();
}
