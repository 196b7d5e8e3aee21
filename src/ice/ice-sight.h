/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceSight: what a path has seen of its server so far: addresses, ways, certificate. Plain values
 * that stay when the sockets that told them are gone.
 */
#pragma once

#include "ice/ice-echo.h"
#include "ice/ice-facts.h"
#include "ice/ice-leg.h"

G_BEGIN_DECLS

/* All zero at first. */
typedef struct {
  ThIcePathFacts seen; /* addresses, ways and the retry; without server, stages and certificate */
  ThIceCertificate *certificate; /* nullable */
  char *software;                /* nullable */
  gint64 round_trip;             /* microseconds; 0: not known */
} ThIceSight;

void th_ice_sight_take_leg (ThIceSight *self, ThIceLeg *leg);
void th_ice_sight_take_echo (ThIceSight *self, ThIceEcho *echo);

/* (transfer full): what a stage up to ALLOCATE that passed has shown */
char *th_ice_sight_describe (const ThIceSight *self, ThIceStageKind stage);

/* Into the facts about a path, whose server stands there already. */
void th_ice_sight_tell (const ThIceSight *self, ThIcePathFacts *path);

void th_ice_sight_clear (ThIceSight *self);

G_END_DECLS
