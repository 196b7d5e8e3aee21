/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table of verdicts.
 */
#include "panel/verdict-look.h"

static const ThVerdictLook looks[] = {
  [TH_ICE_VERDICT_NONE] = { "turnhouse-stopped-symbolic", NULL },
  [TH_ICE_VERDICT_GOOD] = { "turnhouse-ok-symbolic", "success" },
  [TH_ICE_VERDICT_LIMITED] = { "turnhouse-warning-symbolic", "warning" },
  [TH_ICE_VERDICT_BAD] = { "turnhouse-error-symbolic", "error" },
};

const ThVerdictLook *
th_verdict_look_get (ThIceVerdict verdict)
{
  return &looks[verdict];
}
