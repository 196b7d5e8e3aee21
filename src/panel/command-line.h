/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the command line asks for that needs no window: it is done, and the program ends.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * th_command_line_run:
 * @options: as GApplication parsed them
 * @state_directory: of the panel, which may be running
 *
 * Returns: what the program exits with; -1: a window is wanted
 */
int th_command_line_run (GVariantDict *options, const char *state_directory);

G_END_DECLS
