/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commented configuration that a new server starts with: every group and key with its help and
 * its default, all of it from the settings table.
 */
#pragma once

#include "settings/table.h"

G_BEGIN_DECLS

/* Values to give; each as it would stand in a key file. NULL: the default, commented out. */
typedef struct {
  const char *text[TH_N_SETTINGS];
} ThSettingsSample;

/* Returns: (transfer full): the key file; wipe it after use if @values holds a secret */
char *th_settings_make_sample (const ThSettingsSample *values);

G_END_DECLS
