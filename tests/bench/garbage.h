/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Bad input that a relay must bear in silence, as it comes to a listener.
 */
#pragma once

#include <glib.h>

#define GARBAGE_MAX 1500

/**
 * garbage_make:
 * @bytes: (out): room for %GARBAGE_MAX
 * @serial: each next one gives another kind
 * @size: how large a datagram of good input is; the larger kinds are as large
 *
 * Returns: its length; may be 0
 */
gsize garbage_make (guint8 *bytes, guint serial, gsize size);
