/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a self-signed certificate, for servers that have no other: it keeps listeners out, though
 * nobody vouches for the server. And for the challenges of authorities.
 */
#pragma once

#include "network/pem-file.h"

G_BEGIN_DECLS

/* How long one is valid. Apple's systems take no server certificate that is valid for longer than
 * 825 days, not even one that their user trusts; nobody else minds. */
#define TH_CERTIFICATE_MADE_DAYS 820

/**
 * th_certificate_make:
 * @file: name of the file that it will be kept in, for messages
 * @names: DNS names and numeric addresses, most telling first; at least one
 * @earlier: (nullable): PEM whose private key goes on being used, so that those who know the server
 *   by its key still do; NULL, or without a key: a new one is made
 * @now: seconds since 1970
 *
 * ECDSA with P-256 and SHA-256, which every client understands. Not to sign others with.
 *
 * Returns: (transfer full) (nullable): private key and certificate
 */
ThPem *th_certificate_make (const char *file,
                            const char *const *names,
                            const ThPem *earlier,
                            gint64 now,
                            GError **error);

#define TH_CERTIFICATE_DIGEST_SIZE 32 /* SHA-256 */

/**
 * th_certificate_make_answer:
 * @digest: TH_CERTIFICATE_DIGEST_SIZE bytes, of what the authority wants to see
 *
 * What an authority is shown that asks over TLS whether this machine has that @name (RFC 8737,
 * section 3); no client would believe it.
 *
 * Returns: (transfer full) (nullable): private key and certificate
 */
ThPem *th_certificate_make_answer (const char *file,
                                   const char *name,
                                   const guint8 *digest,
                                   gint64 now,
                                   GError **error);

G_END_DECLS
