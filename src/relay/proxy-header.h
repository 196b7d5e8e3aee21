/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header that a proxy puts before a connection it hands on, to tell whose it is: HAProxy's
 * PROXY protocol, versions 1 (a line of text) and 2 (binary). Pure functions over bytes.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

/* A header of version 2 may be longer, by extensions that no proxy fills that far. Bytes. */
#define TH_PROXY_HEADER_MAX 4096

typedef enum {
  TH_PROXY_HEADER_WHOLE,
  TH_PROXY_HEADER_PARTIAL, /* all of these bytes belong to it, and more are needed */
  TH_PROXY_HEADER_INVALID,
} ThProxyHeaderVerdict;

typedef struct {
  gsize length;     /* what comes after it is the client's */
  ThAddress source; /* the client; unset where the proxy speaks for itself or does not know */
} ThProxyHeader;

/**
 * th_proxy_header_parse:
 * @bytes: a connection from its first byte on
 * @header: (out): valid for whole ones
 *
 * IPv4 that comes wrapped in IPv6 (::ffff:192.0.2.1) is unwrapped.
 */
ThProxyHeaderVerdict th_proxy_header_parse (const guint8 *bytes,
                                            gsize length,
                                            ThProxyHeader *header);

G_END_DECLS
