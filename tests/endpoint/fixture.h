/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the tests of the endpoint share: an endpoint on a free port of 127.0.0.1 with a backend
 * made up for the test, and a client that sends any bytes, good or bad, and reads the answer.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "credentials/app-tokens.h"
#include "endpoint/endpoint.h"

typedef struct {
  ThEndpointConfig *config; /* change it before fixture_start() */
  ThEndpoint *endpoint;
  guint16 port;

  /* what the backend says */
  gboolean running;
  gboolean draining;
  gboolean has_turn;
  gboolean has_turns;
  gboolean mint_fails;
  ThRelayStatistics counted;
  const ThTrafficRate *rate; /* nullable */
  ThOneTime *test_links;     /* nullable */
  GListStore *listeners; /* of ThListenerInfo */
  char *folder;
  ThAppTokens *apps;
  ThSecretFacts facts[TH_RING_N_KINDS];

  /* what the backend was asked last */
  char *user;
  gint64 ttl;
  gboolean for_browser_here;
  char *user_agent; /* nullable: of the last test page that began */
  ThAddress address; /* and where it is */
  GString *told;    /* what test pages told: "{...} " each, and "end " */
  GString *noted; /* "APP:KIND " for each time that an app was noted */
} Fixture;

void fixture_set_up (Fixture *fixture, gconstpointer data);
/* @pair: "name:token" of the only app there is */
void fixture_set_token (Fixture *fixture, const char *pair);
void fixture_start (Fixture *fixture);
void fixture_tear_down (Fixture *fixture, gconstpointer data);

typedef struct {
  guint status; /* 0: the connection ended without an answer */
  char *headers;
  char *body;
  JsonObject *json; /* nullable: the body is no JSON object */
} Reply;

void reply_free (Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reply, reply_free)

/* The value of a header, or NULL. (transfer full) */
char *reply_get_header (const Reply *reply, const char *name);

/* The "error" of a JSON answer, "" where there is none. */
const char *reply_get_error (const Reply *reply);

/* A connection of the test's own to the endpoint. Runs the main loop while it waits. */
GSocket *client_connect (Fixture *fixture);
void client_send (GSocket *client, const char *bytes, gssize length);
/* (transfer full): everything until the other side ends, or until @seconds are over */
char *client_read_all (GSocket *client, double seconds, gboolean *ended);

/**
 * fixture_request:
 * @request_line: "GET /healthz"
 * @headers: "Name: value\r\n" each, or ""; where there is no Host, 127.0.0.1 is
 * @body: (nullable)
 */
Reply *fixture_request (Fixture *fixture,
                        const char *request_line,
                        const char *headers,
                        const char *body);

/* Sends @bytes (-1: up to their NUL) and reads to the end of the stream. */
Reply *fixture_send_raw (Fixture *fixture, const char *bytes, gssize length);

/* What the backend takes for its API key and API secret */
#define FIXTURE_API_KEY "APInorth"
#define FIXTURE_API_SECRET "star"

/* (transfer full): "Authorization: Bearer " with a JWT that these @claims make, signed with @secret
 * (nullable: the right one) */
char *fixture_bearer (const char *header, const char *claims, const char *secret);

/* (transfer full): the same with a good JWT of @user */
char *fixture_bearer_of (const char *user);

/* Runs the main loop for a while. */
void run_for (double seconds);
