/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListControl: items below each other, each with a button to remove it, and an entry for more.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_LIST_CONTROL (th_list_control_get_type ())
G_DECLARE_FINAL_TYPE (ThListControl, th_list_control, TH, LIST_CONTROL, ThControl)

G_END_DECLS
