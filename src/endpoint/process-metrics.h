/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this process uses of the machine, under the names that Prometheus' own client libraries
 * give it.
 */
#pragma once

#include "endpoint/exposition.h"

G_BEGIN_DECLS

/* Figures that the system does not tell are left out. */
void th_process_metrics_add (ThExposition *exposition);

G_END_DECLS
