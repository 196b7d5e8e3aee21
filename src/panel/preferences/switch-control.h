/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSwitchControl: on or off, at once.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_SWITCH_CONTROL (th_switch_control_get_type ())
G_DECLARE_FINAL_TYPE (ThSwitchControl, th_switch_control, TH, SWITCH_CONTROL, ThControl)

G_END_DECLS
