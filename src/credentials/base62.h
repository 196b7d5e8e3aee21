/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Base62 as LiveKit's embedded TURN server uses it (that of the Go package jxskiss/base62): six
 * bits a character from the last byte's lowest bit on, and five where six would need a 63rd or 64th
 * character. Pure functions; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The most characters that @length bytes become. */
#define TH_BASE62_TEXT_MAX(length) (((length) * 8 + 4) / 5)

/* The most bytes that @length characters become. */
#define TH_BASE62_BYTES_MAX(length) ((length) * 6 / 8 + 1)

/* (transfer full): letters and digits; empty for no bytes */
char *th_base62_encode (const guint8 *bytes, gsize length);

/**
 * th_base62_decode:
 * @text: any bytes, not terminated
 * @bytes: (out): room for TH_BASE62_BYTES_MAX (@length); what it comes to starts there
 * @n_bytes: (out): how many that are
 *
 * Returns: %FALSE unless @text is exactly what th_base62_encode() makes of these bytes
 */
gboolean th_base62_decode (const char *text, gsize length, guint8 *bytes, gsize *n_bytes);

G_END_DECLS
