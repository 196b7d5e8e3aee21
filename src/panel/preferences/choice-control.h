/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThChoiceControl: one of a few words, at once.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_CHOICE_CONTROL (th_choice_control_get_type ())
G_DECLARE_FINAL_TYPE (ThChoiceControl, th_choice_control, TH, CHOICE_CONTROL, ThControl)

G_END_DECLS
