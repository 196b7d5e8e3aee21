/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A transport address (IPv4 or IPv6, with a port), held exactly as the kernel takes it, so that a
 * packet's source or destination needs no conversion on its way. Any thread may call these.
 */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "stun/defs.h"

G_BEGIN_DECLS

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} ThAddress;

/* "[v6]:port" and its end */
#define TH_ADDRESS_STRING_SIZE 56

#define TH_ADDRESS_NONE ((ThAddress) { .any = { .sa_family = AF_UNSPEC } })

/**
 * th_address_init_bytes:
 * @family: which of the two; @bytes is 4 or 16 bytes long accordingly, in network order
 * @port: in host order
 */
void th_address_init_bytes (ThAddress *self,
                            ThStunFamily family,
                            const guint8 *bytes,
                            guint16 port);

/**
 * th_address_parse:
 * @text: a numeric address without a port, IPv6 with or without brackets; names are not looked up
 *
 * Returns: %FALSE if @text is no numeric address, or has a zone; @self is then unchanged
 */
gboolean th_address_parse (ThAddress *self, const char *text, guint16 port);

/* Takes over what recvmsg or getsockname wrote; FALSE for other families or short lengths. */
gboolean th_address_from_sockaddr (ThAddress *self, const struct sockaddr *address, gsize length);

static inline gboolean
th_address_is_ipv4 (const ThAddress *self)
{
  return self->any.sa_family == AF_INET;
}

static inline gboolean
th_address_is_ipv6 (const ThAddress *self)
{
  return self->any.sa_family == AF_INET6;
}

static inline gboolean
th_address_is_set (const ThAddress *self)
{
  return self->any.sa_family != AF_UNSPEC;
}

static inline guint16
th_address_port (const ThAddress *self)
{
  return g_ntohs (self->v4.sin_port); /* the port stands at the same place in both */
}

static inline void
th_address_set_port (ThAddress *self, guint16 port)
{
  self->v4.sin_port = g_htons (port);
}

static inline socklen_t
th_address_size (const ThAddress *self)
{
  return th_address_is_ipv6 (self) ? sizeof self->v6 : sizeof self->v4;
}

/* The family as STUN attributes name it; @self must be set. */
ThStunFamily th_address_family (const ThAddress *self);

/* The 4 or 16 address bytes in network order; their count goes to @length. */
const guint8 *th_address_bytes (const ThAddress *self, gsize *length);

/* Same family, host and port (scope and flow label do not count). */
gboolean th_address_equal (const ThAddress *a, const ThAddress *b);

/* Same family and host, whatever the ports. */
gboolean th_address_same_host (const ThAddress *a, const ThAddress *b);

/* These two also see through IPv4 mapped into IPv6 (::ffff:127.0.0.1). */
gboolean th_address_is_loopback (const ThAddress *self);
gboolean th_address_is_wildcard (const ThAddress *self);

/**
 * th_address_format:
 * @buffer: at least %TH_ADDRESS_STRING_SIZE bytes
 *
 * Writes "192.0.2.1:3478" or "[2001:db8::1]:3478"; "(none)" if @self is not set.
 *
 * Returns: @buffer
 */
const char *th_address_format (const ThAddress *self, char *buffer);

/* The same without port and brackets. */
const char *th_address_format_host (const ThAddress *self, char *buffer);

G_END_DECLS
