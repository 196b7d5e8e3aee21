/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the whole relay share: a relay on free ports of this machine's loopback
 * addresses, with users whose password is their name and "-secret".
 */
#pragma once

#include "client.h"
#include "peer.h"
#include "relay/relay.h"
#include "waiting.h"

#define WORKERS_AUTO G_MAXUINT

typedef struct {
  ThRelayConfig *config; /* change it before fixture_start() */
  ThRelay *relay;
  ThAddress address; /* where it listens: the first of config->listen, with the port */
  ThRelayStatistics statistics; /* as fixture_look() saw them */
} Fixture;

/* Users' passwords are their name and @ending. (transfer full) */
ThTurnAuthenticator *authenticator_new (const char *ending);

/* The number of the secret that made that user's password: another one for each first letter */
guint fixture_secret_of (const char *user);

/* A relay to be: on a free port of @host, loopback peers allowed, one worker. */
void fixture_init (Fixture *self, const char *host);

/* For g_test_add(): on 127.0.0.1. */
void fixture_set_up (Fixture *self, gconstpointer data);

/* The same, with @workers (GUINT_TO_POINTER), and running. */
void fixture_set_up_running (Fixture *self, gconstpointer workers);

void fixture_set_workers (Fixture *self, guint workers);
void fixture_listen_also (Fixture *self, const char *host);

/* Relays from @internal, which peers see as @external. */
void fixture_relay_from (Fixture *self, const char *internal, const char *external);

/* All listeners must be bound; it speaks TLS as well. Without config->listen the address is that of 127.0.0.1. */
void fixture_start (Fixture *self);
void fixture_tear_down (Fixture *self, gconstpointer data);

/* The relay's address on another host that it listens on. */
ThAddress fixture_address_on (const Fixture *self, const char *host);

/* Brings the statistics up to date; they are also returned. */
const ThRelayStatistics *fixture_look (Fixture *self);

/* (transfer none): the live session at that place */
ThSession *fixture_session (Fixture *self, guint position);

/* g_test_add() with a Fixture on 127.0.0.1. */
#define add_test(path, func)                                                                      \
  g_test_add ((path), Fixture, NULL, fixture_set_up, (func), fixture_tear_down)

/* A row in a table of tests that are tried in several ways. */
typedef struct {
  const char *name;
  GTestFixtureFunc func;
} Case;

#define CASE(name, func) { (name), (GTestFixtureFunc) (func) }

/* Adds "@path/NAME" for each of @cases, with a @Type for its fixture. */
#define add_cases(path, cases, Type, data, set_up, tear_down)                                     \
  add_cases_of_size ((path), (cases), G_N_ELEMENTS (cases), sizeof (Type), (data),                \
                     (GTestFixtureFunc) (set_up), (GTestFixtureFunc) (tear_down))

void add_cases_of_size (const char *path,
                        const Case *cases,
                        guint n_cases,
                        gsize size,
                        gconstpointer data,
                        GTestFixtureFunc set_up,
                        GTestFixtureFunc tear_down);
