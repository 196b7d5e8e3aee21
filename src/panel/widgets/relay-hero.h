/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRelayHero: the card on top of the Server page: whether the relay runs, what goes through it,
 * what its last test proved, and the switch.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"
#include "panel/traffic-meter.h"

G_BEGIN_DECLS

#define TH_TYPE_RELAY_HERO (th_relay_hero_get_type ())
G_DECLARE_FINAL_TYPE (ThRelayHero, th_relay_hero, TH, RELAY_HERO, AdwBin)

void th_relay_hero_set_engine (ThRelayHero *self, ThEngine *engine, ThTrafficMeter *meter);

G_END_DECLS
