/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * turnhouse --ice-test: the ICE test on a command line, without a window or a display.
 */
#pragma once

#include <glib.h>

#include "settings/settings.h"

G_BEGIN_DECLS

typedef struct {
  char **words;       /* (nullable) (array zero-terminated=1): URLs, JSON, "-" for standard input */
  const char *user;   /* nullable */
  const char *ca_file; /* nullable: PEM, trusted besides the system's */
  gboolean json;      /* print the report, not lines */
} ThIceCommand;

/**
 * th_ice_command_run:
 * @settings: (nullable): say where that is; NULL with words
 *
 * Without words, tests this machine's relay as apps find it, by its endpoint. What is secret comes
 * from the environment: TURN_PASSWORD, TURN_SECRET, TURN_TOKEN (for endpoints).
 *
 * Returns: what the program exits with: 0: calls get through; 1: they do not; 2: nothing to test
 */
int th_ice_command_run (const ThIceCommand *command, ThSettings *settings);

G_END_DECLS
