/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DtlsEnd: a client's end of DTLS, over a datagram socket that is connected to the relay. What it
 * sends and gets passes a test that may look at it, and lose it.
 */
#pragma once

#include <gio/gio.h>
#include <gnutls/dtls.h>

typedef struct _DtlsEnd DtlsEnd;

/* Returns: whether the datagram is lost */
typedef gboolean (*DtlsFilter) (gboolean outgoing,
                                const guint8 *bytes,
                                gsize length,
                                gpointer data);

struct _DtlsEnd {
  int fd; /* its user's */
  gnutls_session_t tls;
  gnutls_certificate_credentials_t credentials;
  DtlsFilter filter; /* NULL: nothing is lost */
  gpointer filter_data;
  GPtrArray *sent; /* GBytes: every datagram, lost ones too; NULL: not kept */
  gsize bytes_sent, bytes_received;
  gboolean ended; /* the relay has said so */
};

DtlsEnd *dtls_end_new (int fd);
void dtls_end_free (DtlsEnd *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DtlsEnd, dtls_end_free)

/* One step of it. Returns: what gnutls_handshake() did */
int dtls_end_step (DtlsEnd *self);

/* All of it. Returns: FALSE if that fails for good */
gboolean dtls_end_shake_hands (DtlsEnd *self);

void dtls_end_write (DtlsEnd *self, const void *bytes, gsize length);

/* Returns: the length of the next message; 0: none is there */
gsize dtls_end_read (DtlsEnd *self, void *bytes, gsize size);
