/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GnuTLS makes and checks the cookies; here are their keys, and whom they are for.
 */
#include "relay/dtls-cookies.h"

#include <string.h>

#include "turn/random.h"

/* Family, host and port of both ends. */
typedef struct {
  guint8 bytes[2 * (1 + sizeof (struct in6_addr) + 2)];
  gsize length;
} Tuple;

typedef struct {
  guint8 *bytes;
  gsize length;
} Answer;

static void
add_address (Tuple *self, const ThAddress *address)
{
  gsize length;
  const guint8 *host = th_address_bytes (address, &length);
  guint8 *at = self->bytes + self->length;

  at[0] = (guint8) length;
  memcpy (at + 1, host, length);
  memcpy (at + 1 + length, &address->v4.sin_port, 2);
  self->length += 1 + length + 2;
}

static Tuple
tuple_of (const ThTurnClient *client)
{
  Tuple self = { .length = 0 };

  add_address (&self, &client->address);
  add_address (&self, &client->local);
  return self;
}

static gnutls_datum_t
key_datum (const ThDtlsCookies *self, guint index)
{
  return (gnutls_datum_t) { (guint8 *) self->keys[index], sizeof self->keys[index] };
}

static gssize
on_answer_written (gnutls_transport_ptr_t data, const void *bytes, size_t length)
{
  Answer *answer = data;

  g_return_val_if_fail (length <= TH_DTLS_COOKIE_ANSWER_MAX, -1);
  memcpy (answer->bytes, bytes, length);
  answer->length = length;
  return (gssize) length;
}

void
th_dtls_cookies_init (ThDtlsCookies *self, gint64 now)
{
  th_random_bytes (self->keys, sizeof self->keys);
  self->changed = now;
}

void
th_dtls_cookies_clear (ThDtlsCookies *self)
{
  explicit_bzero (self->keys, sizeof self->keys);
}

void
th_dtls_cookies_change (ThDtlsCookies *self, gint64 now)
{
  if (now - self->changed < TH_DTLS_COOKIE_LIFETIME)
    return;
  memcpy (self->keys[1], self->keys[0], sizeof self->keys[0]);
  th_random_bytes (self->keys[0], sizeof self->keys[0]);
  self->changed = now;
}

gboolean
th_dtls_cookies_check (const ThDtlsCookies *self,
                       const ThTurnClient *client,
                       const ThDtlsRecord *hello,
                       gnutls_dtls_prestate_st *state)
{
  Tuple tuple = tuple_of (client);

  for (guint i = 0; i < G_N_ELEMENTS (self->keys); i++)
    {
      gnutls_datum_t key = key_datum (self, i);

      *state = (gnutls_dtls_prestate_st) { 0 };
      if (gnutls_dtls_cookie_verify (&key, tuple.bytes, tuple.length, (guint8 *) hello->bytes,
                                     hello->length, state) == 0)
        return TRUE;
    }
  return FALSE;
}

gsize
th_dtls_cookies_answer (const ThDtlsCookies *self,
                        const ThTurnClient *client,
                        const ThDtlsRecord *hello,
                        guint8 *answer)
{
  gnutls_dtls_prestate_st state = { .record_seq = hello->bytes[TH_DTLS_HEADER_SIZE - 3] };
  gnutls_datum_t key = key_datum (self, 0);
  Tuple tuple = tuple_of (client);
  Answer written = { .bytes = answer };

  gnutls_dtls_cookie_send (&key, tuple.bytes, tuple.length, &state, &written, on_answer_written);
  return written.length;
}
