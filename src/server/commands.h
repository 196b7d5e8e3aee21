/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What turnhouse-server can be told to do. Each returns the exit status of the program, and has
 * said on stderr, in one line, why it is not 0.
 */
#pragma once

#include "server/options.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_EXIT_WELL 0
#define TH_EXIT_FAILED 1 /* something does not work */
#define TH_EXIT_USAGE 2  /* the command line or the configuration is wrong */

/* Runs relay and endpoint until SIGTERM or SIGINT, or until it has drained. SIGHUP has it read
 * @config (nullable: --config was not given) again. */
int th_command_run (ThSettings *settings, const char *config);

/* Writes a configuration to @path (nullable: the user's own), unless there is one, and prints what
 * comes next. */
int th_command_init (const char *path);

/* Starts everything, tries one allocation over each listener, prints a line for each step. */
int th_command_check (ThSettings *settings);

/* Prints a credential for the user of @options. */
int th_command_credentials (ThSettings *settings, const ThOptions *options);

/* Asks the server that runs what the command of @options wants to know, or tells it what to do. */
int th_command_control (const ThOptions *options);

/* Says what @error says, and tells which exit status it means. */
int th_command_fail (const GError *error);

G_END_DECLS
