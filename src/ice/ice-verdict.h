/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A test in one line: do calls get through?
 */
#pragma once

#include "ice/ice-finding.h"

G_BEGIN_DECLS

typedef enum {
  TH_ICE_VERDICT_NONE, /* not known yet, or stopped */
  TH_ICE_VERDICT_GOOD,
  TH_ICE_VERDICT_LIMITED,
  TH_ICE_VERDICT_BAD,
} ThIceVerdict;

/* Of a test that has come to its end. */
ThIceVerdict th_ice_verdict_reach (const ThIceFacts *facts, GListModel *findings);

/* "good", "limited", "bad", "none": stable, for programs */
const char *th_ice_verdict_get_id (ThIceVerdict self);

/* (transfer full): a sentence for people, with the worst of @findings in it where it is not good;
 * where it is, no more than @facts can prove */
char *
th_ice_verdict_describe (ThIceVerdict self, const ThIceFacts *facts, GListModel *findings);

G_END_DECLS
