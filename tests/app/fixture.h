/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the app room share: settings on free loopback ports, an engine with a state
 * directory of its own, and ports that somebody else has.
 */
#pragma once

#include "../relay/peer.h"
#include "app/engine.h"

typedef struct {
  char *directory; /* of the state */
  ThSettings *settings;
  ThEngine *engine;
  guint16 port;          /* of the relay */
  guint16 endpoint_port;
} Fixture;

/* An engine that is not started, with settings that listen on 127.0.0.1 alone. */
void fixture_set_up (Fixture *fixture, gconstpointer data);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

void fixture_set (Fixture *fixture, ThSetting setting, const char *text);

/* Starts it and asserts that all of it works. */
void fixture_start (Fixture *fixture);

/* A port that is free on 127.0.0.1 for UDP and TCP, and so is the one behind it. */
guint16 find_free_ports (void);

/* (transfer full): a socket of somebody else's that has @port on 127.0.0.1; listens if it is TCP */
GSocket *take_port (gboolean tcp, guint16 port);

/* (transfer full): the problem of that kind, which there must be */
ThProblem *get_problem (ThEngine *engine, const char *id);

/* (transfer full): "label url" of each, separated by newlines */
char *describe_urls (ThEngine *engine);

/* Runs the main loop until there is nothing to do. */
void run_pending (void);
