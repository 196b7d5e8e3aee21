/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * --status, --rotate, --disconnect, --test-link, --drain, for a command line.
 */
#pragma once

#include "control/control-request.h"

G_BEGIN_DECLS

/**
 * th_control_command:
 * @state_directories: as th_control_ask() takes them
 * @json: print the status as it came
 *
 * Asks whoever runs, and prints on stdout what it said. Blocks.
 */
gboolean th_control_command (const char *const *state_directories,
                             const ThControlRequest *request,
                             gboolean json,
                             GError **error);

G_END_DECLS
