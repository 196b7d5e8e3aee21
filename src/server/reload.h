/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SIGHUP: the configuration is read again while the server runs.
 */
#pragma once

#include "app/engine.h"

G_BEGIN_DECLS

/**
 * th_reload:
 * @config: (nullable): as --config names it
 *
 * Reads the configuration and the files that it names. If any of them is wrong, the log says so in
 * one line and all stays as it was. Else what can change without ending calls is in force at once;
 * the log names what waits for a restart.
 */
void th_reload (ThEngine *engine, const char *config);

G_END_DECLS
