/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Addresses for the tests of this room, written as text.
 */
#pragma once

#include "stun/address.h"

static inline ThAddress
address_and_port (const char *host, guint16 port)
{
  ThAddress address;

  g_assert_true (th_address_parse (&address, host, port));
  return address;
}

static inline ThAddress
address (const char *host)
{
  return address_and_port (host, 4000);
}
