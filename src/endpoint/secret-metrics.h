/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The metrics of secrets: how old they are, how often rotated, and what still lives on former ones.
 */
#pragma once

#include "endpoint/backend.h"
#include "endpoint/exposition.h"

G_BEGIN_DECLS

void th_secret_metrics_add (ThExposition *exposition,
                            const ThEndpointBackend *backend,
                            gpointer backend_data);

G_END_DECLS
