/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPathControl: the name of a file, typed or chosen. In a sandbox only what is chosen can be read,
 * through the portal that the desktop chooses files with.
 */
#pragma once

#include "panel/preferences/entry-control.h"

G_BEGIN_DECLS

#define TH_TYPE_PATH_CONTROL (th_path_control_get_type ())
G_DECLARE_FINAL_TYPE (ThPathControl, th_path_control, TH, PATH_CONTROL, ThEntryControl)

G_END_DECLS
