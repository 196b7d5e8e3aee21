/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Keys and message integrity, with GnuTLS doing the hashing. Messages are hashed in pieces where
 * they lie: first the header with the length it must pretend to have, then the rest.
 */
#include "stun/integrity.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>

#include "stun/bytes.h"

#define MAC_SIZE_MAX 32

/* A run of bytes to be hashed. */
typedef struct {
  const void *bytes;
  gsize length;
} Piece;

/* The hash of @pieces with a colon between them; FALSE if the algorithm is not to be had. */
static gboolean
hash_with_colons (gnutls_digest_algorithm_t algorithm,
                  const Piece *pieces,
                  gsize n_pieces,
                  guint8 *hash)
{
  gnutls_hash_hd_t context;
  gboolean ok = TRUE;

  if (gnutls_hash_init (&context, algorithm) < 0)
    return FALSE;
  for (gsize i = 0; i < n_pieces; i++)
    {
      if (i > 0)
        ok = gnutls_hash (context, ":", 1) == 0 && ok;
      if (pieces[i].length > 0)
        ok = gnutls_hash (context, pieces[i].bytes, pieces[i].length) == 0 && ok;
    }
  gnutls_hash_deinit (context, hash);
  return ok;
}

static gboolean
hmac_of_pieces (gnutls_mac_algorithm_t algorithm,
                const guint8 *key,
                gsize key_length,
                const Piece *pieces,
                gsize n_pieces,
                guint8 *mac)
{
  gnutls_hmac_hd_t context;
  gboolean ok = TRUE;

  if (gnutls_hmac_init (&context, algorithm, key, key_length) < 0)
    return FALSE;
  for (gsize i = 0; i < n_pieces; i++)
    ok = gnutls_hmac (context, pieces[i].bytes, pieces[i].length) == 0 && ok;
  gnutls_hmac_deinit (context, mac);
  return ok;
}

/* GNUTLS_MAC_UNKNOWN where @type and @length do not belong together (sections 14.5 and 14.6). */
static gnutls_mac_algorithm_t
mac_algorithm (guint16 type, gsize length)
{
  if (type == TH_STUN_MESSAGE_INTEGRITY && length == 20)
    return GNUTLS_MAC_SHA1;
  if (type == TH_STUN_MESSAGE_INTEGRITY_SHA256 && length >= 16 && length <= 32 && length % 4 == 0)
    return GNUTLS_MAC_SHA256;
  return GNUTLS_MAC_UNKNOWN;
}

gsize
th_stun_long_term_key (ThStunPasswordAlgorithm algorithm,
                       const char *username,
                       gsize username_length,
                       const char *realm,
                       gsize realm_length,
                       const char *password,
                       gsize password_length,
                       guint8 *key)
{
  const Piece pieces[] = { { username, username_length },
                           { realm, realm_length },
                           { password, password_length } };
  gboolean is_sha256 = algorithm == TH_STUN_ALGORITHM_SHA256;

  if (!hash_with_colons (is_sha256 ? GNUTLS_DIG_SHA256 : GNUTLS_DIG_MD5,
                         pieces, G_N_ELEMENTS (pieces), key))
    return 0;
  return is_sha256 ? 32 : 16;
}

void
th_stun_userhash (const char *username,
                  gsize username_length,
                  const char *realm,
                  gsize realm_length,
                  guint8 *hash)
{
  const Piece pieces[] = { { username, username_length }, { realm, realm_length } };

  if (!hash_with_colons (GNUTLS_DIG_SHA256, pieces, G_N_ELEMENTS (pieces), hash))
    g_error ("GnuTLS cannot compute SHA-256");
}

char *
th_stun_prepare_string (const char *text)
{
  const unsigned char *bytes = (const unsigned char *) text;
  gnutls_datum_t prepared = { NULL, 0 };
  char *result;

  /* An empty string is none (RFC 8265, section 4.2.2). */
  if (*text == '\0' || gnutls_utf8_password_normalize (bytes, strlen (text), &prepared, 0) < 0)
    return NULL;
  result = g_strndup ((const char *) prepared.data, prepared.size);
  gnutls_memset (prepared.data, 0, prepared.size);
  gnutls_free (prepared.data);
  return result;
}

gboolean
th_stun_compute_integrity (const guint8 *bytes,
                           gsize end,
                           guint16 type,
                           gsize mac_length,
                           const guint8 *key,
                           gsize key_length,
                           guint8 *mac)
{
  gnutls_mac_algorithm_t algorithm = mac_algorithm (type, mac_length);
  gsize whole = end + TH_STUN_ATTRIBUTE_HEADER_SIZE + mac_length;
  guint8 full[MAC_SIZE_MAX];
  guint8 length[2];
  const Piece pieces[] = { { bytes, 2 }, { length, 2 }, { bytes + 4, end - 4 } };

  if (algorithm == GNUTLS_MAC_UNKNOWN || key_length == 0)
    return FALSE;
  th_write_u16 (length, (guint16) (whole - TH_STUN_HEADER_SIZE));
  if (!hmac_of_pieces (algorithm, key, key_length, pieces, G_N_ELEMENTS (pieces), full))
    return FALSE;
  memcpy (mac, full, mac_length);
  return TRUE;
}

gboolean
th_stun_check_integrity (const ThStunMessage *message,
                         const ThStunAttribute *attribute,
                         const guint8 *key,
                         gsize key_length)
{
  gsize end = (gsize) (attribute->value - message->bytes) - TH_STUN_ATTRIBUTE_HEADER_SIZE;
  guint8 mac[MAC_SIZE_MAX];

  return th_stun_compute_integrity (message->bytes, end, attribute->type, attribute->length,
                                    key, key_length, mac) &&
         th_equal_in_constant_time (mac, attribute->value, attribute->length);
}

gboolean
th_equal_in_constant_time (const void *a, const void *b, gsize length)
{
  return gnutls_memcmp (a, b, length) == 0;
}
