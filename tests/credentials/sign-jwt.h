/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * JWTs as others make them, signed with GLib's HMAC and not with what checks them.
 */
#pragma once

#include <glib.h>

/* (transfer full): whatever @header says, signed with the HMAC of @hash. Lengths may be -1 */
char *sign_jwt (GChecksumType hash,
                const char *header,
                gssize header_length,
                const char *claims,
                gssize claims_length,
                const char *secret);
