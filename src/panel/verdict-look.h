/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the verdict of an ICE test looks, wherever there is one to be seen.
 */
#pragma once

#include "ice/ice-verdict.h"

G_BEGIN_DECLS

typedef struct {
  const char *icon;
  const char *style; /* of what is coloured by it; nullable: that of a test without a verdict */
} ThVerdictLook;

const ThVerdictLook *th_verdict_look_get (ThIceVerdict verdict);

G_END_DECLS
