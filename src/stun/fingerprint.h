/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * FINGERPRINT (RFC 8489, section 14.7): the checksum that tells a STUN message from other traffic
 * on the same port. It proves nothing about who sent it. Any thread may call.
 */
#pragma once

#include <glib.h>

#include "stun/message.h"

G_BEGIN_DECLS

/* TRUE if the message ends with a FINGERPRINT that fits; absent, misplaced or wrong: FALSE */
gboolean th_stun_check_fingerprint (const ThStunMessage *message);

/* CRC-32 as in ISO 3309, over @length bytes */
guint32 th_stun_crc32 (const guint8 *bytes, gsize length);

G_END_DECLS
