/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this room tell each other about a ThSettings.
 */
#pragma once

#include "settings/settings.h"

G_BEGIN_DECLS

/* (transfer none) (nullable): the key file's name */
const char *th_settings_get_path (ThSettings *self);

G_END_DECLS
