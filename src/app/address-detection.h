/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this machine alone can tell of its external address: its own addresses, and whether they are
 * public. It asks nobody.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_external_address_detect:
 * @is_public: (out): FALSE where a router stands between this machine and the internet, with an
 *   address that others see instead
 *
 * Returns: (transfer full) (nullable): the address towards the internet, of IPv4 if there is one;
 *   where it is public, the public IPv6 one too, behind a comma, as external-address takes them.
 *   NULL: there is none but loopback
 */
char *th_external_address_detect (gboolean *is_public);

G_END_DECLS
