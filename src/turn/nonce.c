/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making and checking nonces. The text is: nonce cookie, security features, the time in seconds as
 * eight hexadecimal digits, and the first 96 bits of an HMAC-SHA-256 over all that and the client's
 * address. A nonce is checked by making the one it claims to be, and comparing.
 */
#include "turn/nonce.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "stun/bytes.h"
#include "stun/integrity.h"
#include "turn/random.h"

/*
 * The nonce cookie, then 24 security feature bits in base64 (RFC 8489, sections 9.2 and 18.1). Bit
 * 0, password algorithms, is the lowest one: the RFC's text counts from the other side, but its
 * erratum, the test vector in its appendix B.1 and the clients do it so.
 */
#define HEAD "obMatJos2AAAB"
#define HEAD_SIZE (sizeof HEAD - 1)
#define TIME_SIZE 8
#define MAC_SIZE 12
#define MAC_TEXT_SIZE 16
/* What g_base64_encode_step() may ask for. */
#define MAC_TEXT_ROOM ((MAC_SIZE / 3 + 1) * 4 + 4)

#define SHA256_SIZE 32
#define ADDRESS_SIZE (1 + 2 + 16)

G_STATIC_ASSERT (TH_NONCE_SIZE == HEAD_SIZE + TIME_SIZE + MAC_TEXT_SIZE);

/* The client as the hash sees it: family, port, host. */
static gsize
write_address (const ThAddress *client, guint8 out[ADDRESS_SIZE])
{
  gsize length;
  const guint8 *bytes = th_address_bytes (client, &length);

  out[0] = (guint8) th_address_family (client);
  th_write_u16 (out + 1, th_address_port (client));
  memcpy (out + 3, bytes, length);
  return 3 + length;
}

static void
write_mac (const ThNonceKey *key, const ThAddress *client, const char *text, char *out)
{
  guint8 message[HEAD_SIZE + TIME_SIZE + ADDRESS_SIZE];
  guint8 mac[SHA256_SIZE];
  char encoded[MAC_TEXT_ROOM];
  gsize length = HEAD_SIZE + TIME_SIZE;
  int state = 0, save = 0;

  memcpy (message, text, length);
  length += write_address (client, message + length);
  if (gnutls_hmac_fast (GNUTLS_MAC_SHA256, key->key, sizeof key->key, message, length, mac) < 0)
    g_error ("HMAC-SHA-256 is not to be had");
  g_base64_encode_step (mac, MAC_SIZE, FALSE, encoded, &state, &save);
  memcpy (out, encoded, MAC_TEXT_SIZE);
}

static void
write_nonce (const ThNonceKey *key, const ThAddress *client, guint32 time, char *out)
{
  static const char digits[] = "0123456789abcdef";

  memcpy (out, HEAD, HEAD_SIZE);
  for (guint i = 0; i < TIME_SIZE; i++)
    out[HEAD_SIZE + i] = digits[time >> (28 - 4 * i) & 0xf];
  write_mac (key, client, out, out + HEAD_SIZE + TIME_SIZE);
}

/* What is no digit counts as zero: the comparison with the nonce's text finds it. */
static guint32
read_time (const guint8 *nonce)
{
  guint32 time = 0;

  for (guint i = 0; i < TIME_SIZE; i++)
    time = time << 4 | (guint32) MAX (g_ascii_xdigit_value ((char) nonce[HEAD_SIZE + i]), 0);
  return time;
}

static guint32
nonce_time (const ThNonceKey *key, gint64 monotonic_us)
{
  return (guint32) (monotonic_us / G_USEC_PER_SEC) + key->epoch;
}

void
th_nonce_key_init (ThNonceKey *self)
{
  th_random_bytes (self->key, sizeof self->key);
  th_random_bytes (&self->epoch, sizeof self->epoch);
}

void
th_nonce_make (const ThNonceKey *key,
               const ThAddress *client,
               gint64 monotonic_us,
               char out[TH_NONCE_SIZE + 1])
{
  write_nonce (key, client, nonce_time (key, monotonic_us), out);
  out[TH_NONCE_SIZE] = '\0';
}

ThNonceVerdict
th_nonce_check (const ThNonceKey *key,
                const ThAddress *client,
                gint64 monotonic_us,
                gint64 lifetime_us,
                const guint8 *nonce,
                gsize length)
{
  char expected[TH_NONCE_SIZE];
  guint32 time, age_s;
  gint64 age_us;

  if (length != TH_NONCE_SIZE)
    return TH_NONCE_STALE;
  time = read_time (nonce);
  write_nonce (key, client, time, expected);
  if (!th_equal_in_constant_time (nonce, expected, sizeof expected))
    return TH_NONCE_STALE;

  /* Modulo 2^32 as the time itself, so one from the future is 136 years old. */
  age_s = nonce_time (key, monotonic_us) - time;
  age_us = age_s * G_GINT64_CONSTANT (1000000) + monotonic_us % G_USEC_PER_SEC;
  return age_us <= lifetime_us ? TH_NONCE_VALID : TH_NONCE_STALE;
}

guint32
th_nonce_age (const ThNonceKey *key, gint64 monotonic_us, const guint8 *nonce)
{
  return nonce_time (key, monotonic_us) - read_time (nonce);
}
