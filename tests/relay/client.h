/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A TURN client for the tests, over UDP, TCP, TLS or DTLS: it asks and waits, running the main
 * context meanwhile. Whatever arrives must be well formed, else the test fails.
 */
#pragma once

#include "dtls-end.h"
#include "stun/builder.h"
#include "stun/message.h"
#include "turn/client.h"

typedef enum {
  PACKET_ANSWER, /* a response to a request */
  PACKET_CHANNEL_DATA,
  PACKET_DATA, /* a Data indication with DATA */
  PACKET_ICMP, /* a Data indication with ICMP */
} PacketKind;

typedef struct {
  PacketKind kind;
  guint16 channel; /* of PACKET_CHANNEL_DATA */
  ThAddress peer;  /* of PACKET_DATA and PACKET_ICMP */
  guint error_type, error_code; /* of PACKET_ICMP */
  guint32 error_data;
  guint8 *data; /* payload; of an answer the whole message */
  gsize length;
} Packet;

void packet_free (Packet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Packet, packet_free)

typedef struct {
  int fd;
  ThTransport transport;
  ThAddress local;
  char *user;
  char *password;
  char *realm; /* NULL until challenged, as the rest */
  char *nonce;
  guint8 key[TH_STUN_KEY_MAX];
  gsize key_length;
  ThAddress relayed; /* since client_allocate() */
  ThStunBuilder builder;
  guint8 *out;
  gnutls_session_t tls; /* NULL: without */
  DtlsEnd *dtls; /* that has the session, over DTLS; else NULL */
  GByteArray *in; /* TCP: the beginning of a frame */
  GQueue waiting; /* Packet: what came while waiting for an answer */
  Packet *answer; /* the last one */
  ThStunMessage message; /* a view of it */
  gboolean ended; /* TCP, TLS and DTLS: the relay has closed the connection */
} Client;

/* Connects; the password is @user and "-secret". Over TLS and DTLS it asks for "stun.turn" and believes any
 * certificate. */
Client *client_new (ThTransport transport, const ThAddress *server, const char *user);

/* As over TLS, but nothing has been said: for the test to set up the session. */
Client *client_new_before_handshake (const ThAddress *server, const char *user);

/* Returns: 0, or GnuTLS's error */
int client_shake_hands (Client *self);
void client_free (Client *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Client, client_free)

/* Before anything is said: another password. */
void client_set_password (Client *self, const char *password);

/* Raw bytes. Returns: FALSE if the relay has closed the connection */
gboolean client_write (Client *self, const void *bytes, gsize length);

/* A message with a fresh transaction id; add attributes to the builder that it returns. */
ThStunBuilder *client_begin (Client *self, ThStunClass class, guint16 method);

/**
 * client_ask:
 *
 * Sends the request begun, with credentials as soon as they are known, and waits for the answer;
 * repeats it when challenged.
 *
 * Returns: 0 for success, else the error code
 */
guint client_ask (Client *self);

/* Sends what was begun as it is. */
void client_tell (Client *self);

/* Asks for an allocation without waiting; the client must have been challenged before. */
void client_tell_allocate (Client *self);

/* Whole exchanges; each returns 0 or the error code. */
guint client_bind_test (Client *self); /* STUN Binding; checks the address in the answer */
guint client_allocate (Client *self);
guint client_refresh (Client *self, guint32 lifetime);
guint client_permit (Client *self, const ThAddress *peer);
guint client_bind_channel (Client *self, guint16 channel, const ThAddress *peer);

void client_send (Client *self, const ThAddress *peer, const void *bytes, gsize length);
void client_send_unfragmented (Client *self,
                               const ThAddress *peer,
                               const void *bytes,
                               gsize length);
void client_send_channel (Client *self, guint16 channel, const void *bytes, gsize length);

/* Returns: (nullable): the next packet; NULL at the end, or if none comes within @milliseconds */
Packet *client_receive (Client *self, guint milliseconds);

/* The next packet must come, be of that kind, and carry that text. */
void client_expect_data (Client *self, const ThAddress *peer, const char *text);
void client_expect_channel_data (Client *self, guint16 channel, const char *text);

/* Waits until the relay has closed the connection. Packets that come before are dropped. */
void client_expect_end (Client *self);
