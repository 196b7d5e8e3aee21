/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The relay's figures under the names that dashboards made for coturn ask for. coturn counts a
 * session's traffic when it ends; here the same names move while it lives.
 */
#pragma once

#include "endpoint/exposition.h"
#include "relay/statistics.h"

G_BEGIN_DECLS

void th_coturn_metrics_add (ThExposition *exposition,
                            const ThRelayStatistics *counted,
                            const char *realm);

G_END_DECLS
