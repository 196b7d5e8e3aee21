/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which configuration file counts where the command line names none.
 */
#pragma once

#include "settings/settings.h"

G_BEGIN_DECLS

/* (transfer full): $XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf, where --init writes */
char *th_config_file_for_user (void);

/**
 * th_config_file_load:
 * @path: (nullable): the file to read; NULL: the user's, else the system's, else the defaults
 *
 * Returns: (transfer full) (nullable): NULL with one line "FILE:LINE: what and what is allowed"
 */
ThSettings *th_config_file_load (const char *path, GError **error);

G_END_DECLS
