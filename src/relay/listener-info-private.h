/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Making a ThListenerInfo is this room's own business.
 */
#pragma once

#include "relay/listener-info.h"
#include "turn/client.h"

/* @error_number: errno of the failed attempt, 0 if it is bound */
ThListenerInfo *th_listener_info_new (ThTransport transport,
                                      const ThAddress *address,
                                      int error_number);
