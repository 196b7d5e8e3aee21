/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceLink: a socket to one server, over UDP, TCP, TLS or DTLS, on which STUN messages and
 * ChannelData come and go. Main context; nothing blocks.
 */
#pragma once

#include "ice/ice-server.h"
#include "ice/ice-trust.h"
#include "stun/address.h"

G_BEGIN_DECLS

typedef struct _ThIceLink ThIceLink;

/* From within any of them the link may be freed; none is called from within a function of it. */
typedef struct {
  void (*connected) (gpointer data);
  void (*secured) (gpointer data); /* TLS and DTLS, the certificate is good */
  void (*received) (const guint8 *frame, gsize length, gpointer data);
  void (*failed) (const GError *error, gpointer data); /* of TH_ICE_ERROR; nothing comes after */
} ThIceLinkEvents;

/**
 * th_ice_link_new:
 * @host: whom the certificate must be for
 * @events: static
 *
 * Begins to connect, and goes on to a handshake where @transport has one.
 *
 * Returns: (transfer full) (nullable): %NULL where there is no way at all, with a %TH_ICE_ERROR
 */
ThIceLink *th_ice_link_new (ThIceTransport transport,
                            const ThAddress *remote,
                            const char *host,
                            ThIceTrust *trust,
                            const ThIceLinkEvents *events,
                            gpointer data,
                            GError **error);
/* At once after th_ice_link_new(). @preface: (nullable): what a connection over TCP begins with,
 * before TLS; short */
void th_ice_link_set_preface (ThIceLink *self, const char *preface);

/* Says goodbye as far as that takes no time. */
void th_ice_link_free (ThIceLink *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceLink, th_ice_link_free)

/* Sends a whole message; what a stream cannot take yet waits. */
void th_ice_link_send (ThIceLink *self, const guint8 *bytes, gsize length);

/* ChannelData may come on @channel from now on. */
void th_ice_link_expect_channel (ThIceLink *self, guint16 channel);

/* Unset where the system does not tell. */
void th_ice_link_get_local (ThIceLink *self, ThAddress *local);

/* (nullable) (transfer none): what the server has shown, good or bad */
const ThIceCertificate *th_ice_link_get_certificate (ThIceLink *self);

/* Whether what is sent may get lost, so that it must be sent again. */
gboolean th_ice_link_loses (ThIceLink *self);

/* Whether datagrams came that are neither STUN nor expected. */
gboolean th_ice_link_has_seen_garbage (ThIceLink *self);

G_END_DECLS
