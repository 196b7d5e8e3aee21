/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceServer: one STUN or TURN server with the way to it, read from a URL by RFC 7064 and
 * RFC 7065. Never changes once made. Any thread may call.
 */
#pragma once

#include <glib-object.h>

#include "ice/ice-error.h"

G_BEGIN_DECLS

typedef enum {
  TH_ICE_STUN,
  TH_ICE_TURN,
} ThIceServerKind;

typedef enum {
  TH_ICE_UDP,
  TH_ICE_TCP,
  TH_ICE_TLS,
  TH_ICE_DTLS,
} ThIceTransport;

#define TH_ICE_N_TRANSPORTS (TH_ICE_DTLS + 1)

#define TH_TYPE_ICE_SERVER (th_ice_server_get_type ())

typedef struct {
  char *url; /* as it is written most plainly: with port, and transport where it is TURN */
  ThIceServerKind kind;
  ThIceTransport transport;
  char *host;     /* ASCII name, or numeric address without brackets */
  guint16 port;   /* never 0 */
  char *username; /* nullable, as is password */
  char *password; /* wiped when freed */
} ThIceServer;

GType th_ice_server_get_type (void);

/**
 * th_ice_server_new:
 * @url: "stun:HOST[:PORT]", "stuns:", "turn:HOST[:PORT][?transport=udp|tcp]" or "turns:"; IPv6
 *   addresses in brackets. Without a transport, turn: means UDP, and turns: TLS; turns: over UDP is
 *   DTLS
 * @username: (nullable): as is @password; a STUN server keeps none
 *
 * Returns: (transfer full) (nullable): %NULL with %TH_ICE_ERROR_INVALID, whose message does not
 *   quote @url, because people put passwords into URLs
 */
ThIceServer *th_ice_server_new (const char *url,
                                const char *username,
                                const char *password,
                                GError **error);
ThIceServer *th_ice_server_copy (const ThIceServer *self);
void th_ice_server_free (ThIceServer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceServer, th_ice_server_free)

/* "UDP", "TCP", "TLS", "DTLS" */
const char *th_ice_transport_get_label (ThIceTransport transport);

/* Whether packets stay packets on the way to the server. */
static inline gboolean
th_ice_transport_is_datagram (ThIceTransport transport)
{
  return transport == TH_ICE_UDP || transport == TH_ICE_DTLS;
}

static inline gboolean
th_ice_transport_is_secure (ThIceTransport transport)
{
  return transport == TH_ICE_TLS || transport == TH_ICE_DTLS;
}

G_END_DECLS
