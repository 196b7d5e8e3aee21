/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThRequest: one request on its way through a route: the message, who sent it, and what the route
 * may use to answer it. Lives on the stack of the dispatcher.
 */
#pragma once

#include "endpoint/acceptor.h"
#include "endpoint/backend.h"
#include "endpoint/caller.h"
#include "endpoint/counters.h"
#include "endpoint/one-time.h"
#include "endpoint/rate-limit.h"
#include "network/certificate.h"

G_BEGIN_DECLS

typedef struct _ThTestStreams ThTestStreams;

typedef struct {
  SoupServerMessage *message;
  ThCaller caller; /* of open routes unknown */
  const ThEndpointConfig *config;
  const ThEndpointBackend *backend;
  gpointer backend_data;
  ThRateLimit *rate_limit;
  ThEndpointCounters *counters;
  ThCertificate *certificate; /* nullable: that of HTTPS */
  ThAcceptor *acceptor;       /* that the message came in by */
  ThOneTime *test_tickets;    /* of test pages that were opened */
  ThTestStreams *test_streams;
} ThRequest;

G_END_DECLS
