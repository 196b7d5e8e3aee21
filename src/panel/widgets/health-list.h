/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHealthList: an expander with how the relay did in its last test, what it takes of the machine,
 * and what it had to drop and why.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/traffic-meter.h"

G_BEGIN_DECLS

#define TH_TYPE_HEALTH_LIST (th_health_list_get_type ())
G_DECLARE_FINAL_TYPE (ThHealthList, th_health_list, TH, HEALTH_LIST, AdwBin)

/* Once. @meter: it is looked when this samples */
void th_health_list_set_engine (ThHealthList *self, ThEngine *engine, ThTrafficMeter *meter);

G_END_DECLS
