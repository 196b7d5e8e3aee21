/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Base64 for URLs (RFC 4648, section 5), without padding as JWTs have it. Any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* (transfer full) */
char *th_base64url_encode (const void *bytes, gsize length);

/**
 * th_base64url_decode:
 * @size: (out): how many bytes it stands for
 *
 * Strict: no padding, no white space, and of all texts that could stand for the same bytes only
 * the one that th_base64url_encode() makes.
 *
 * Returns: (transfer full) (nullable): the bytes, and a NUL that does not count
 */
char *th_base64url_decode (const char *text, gsize length, gsize *size);

G_END_DECLS
