/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThNumberControl: a whole number with steps and a unit; a span of time in a unit to choose; or a
 * number in place of which the relay may find its own.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_NUMBER_CONTROL (th_number_control_get_type ())
G_DECLARE_FINAL_TYPE (ThNumberControl, th_number_control, TH, NUMBER_CONTROL, ThControl)

G_END_DECLS
