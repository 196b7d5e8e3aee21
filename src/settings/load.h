/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a key file to the values of all settings, or to the one line that says what is wrong with
 * it.
 */
#pragma once

#include "settings/value.h"

G_BEGIN_DECLS

/**
 * th_settings_load:
 * @values: (array fixed-size=TH_N_SETTINGS): at their defaults; partly filled in on failure
 * @name: the file's name for messages
 *
 * What may be given only once but is given twice is an error; a group in two places is one group,
 * with a warning in the log.
 *
 * Returns: %FALSE with one line "FILE:LINE: what and what is allowed"
 */
gboolean th_settings_load (ThSettingValue *values,
                           const char *name,
                           const char *bytes,
                           gsize length,
                           GError **error);

G_END_DECLS
