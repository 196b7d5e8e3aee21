/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A network in CIDR form: some leading bits of an address and their count. Lists of networks in
 * the settings are read and compared with these. Any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_CIDR_ERROR (th_cidr_error_quark ())

/**
 * ThCidrError:
 * @TH_CIDR_ERROR_ADDRESS: the part before the slash is no numeric IPv4 or IPv6 address
 * @TH_CIDR_ERROR_BITS: the prefix length is no number, or more than the family has
 * @TH_CIDR_ERROR_HOST_BITS: the address has bits set after its prefix
 */
typedef enum {
  TH_CIDR_ERROR_ADDRESS,
  TH_CIDR_ERROR_BITS,
  TH_CIDR_ERROR_HOST_BITS,
} ThCidrError;

GQuark th_cidr_error_quark (void);

typedef struct {
  ThStunFamily family;
  guint8 bytes[16]; /* in network order; all zero after the prefix */
  guint bits;       /* 0 to 32, or 0 to 128 */
} ThCidr;

/**
 * th_cidr_parse:
 * @text: "10.0.0.0/8", "2001:db8::/32", or a bare address, which means that host alone
 * @out: (out): unchanged on failure
 *
 * Strict: no spaces, no names, no scope, no bits set after the prefix. The error's message says
 * what is wrong and what is allowed, and is fit to be shown.
 *
 * Returns: %FALSE with a %TH_CIDR_ERROR
 */
gboolean th_cidr_parse (const char *text, ThCidr *out, GError **error);

/* Addresses of the other family are never inside, whatever IPv4 an IPv6 address embeds. */
gboolean th_cidr_contains (const ThCidr *self, const ThAddress *address);

/* The same for the bare bytes of an address, 4 or 16 by @family. */
gboolean th_cidr_contains_bytes (const ThCidr *self, ThStunFamily family, const guint8 *bytes);

/* (transfer full): as th_cidr_parse() reads it, always with a prefix length */
char *th_cidr_format (const ThCidr *self);

G_END_DECLS
