/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRangeControl: the first and the last port of a range.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_RANGE_CONTROL (th_range_control_get_type ())
G_DECLARE_FINAL_TYPE (ThRangeControl, th_range_control, TH, RANGE_CONTROL, ThControl)

G_END_DECLS
