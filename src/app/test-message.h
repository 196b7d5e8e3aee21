/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThTestMessage: one thing that a test page tells of the test it runs. Anyone may have written it:
 * what is not exactly as the page writes it is refused whole. Main context only, as it makes
 * objects.
 */
#pragma once

#include "ice/ice-pair.h"
#include "ice/ice-verdict.h"

G_BEGIN_DECLS

typedef enum {
  TH_TEST_MESSAGE_CANDIDATE, /* was found */
  TH_TEST_MESSAGE_GATHERED,  /* there are no more */
  TH_TEST_MESSAGE_PROBLEM,   /* with a server, while gathering */
  TH_TEST_MESSAGE_WAY,       /* a way to the relay is tried, works or does not */
  TH_TEST_MESSAGE_STATS,     /* the browser's statistics */
  TH_TEST_MESSAGE_SAMPLE,    /* a measurement */
  TH_TEST_MESSAGE_VERDICT,   /* what came of it */
  TH_TEST_N_MESSAGES
} ThTestMessageKind;

typedef enum {
  TH_TEST_WAY_UDP,
  TH_TEST_WAY_TCP,
  TH_TEST_WAY_TLS,
  TH_TEST_N_WAYS
} ThTestWay;

typedef enum {
  TH_TEST_WAY_NOT_TRIED,
  TH_TEST_WAY_TRYING,
  TH_TEST_WAY_WORKS,
  TH_TEST_WAY_FAILED,
} ThTestWayState;

/* Negative where nothing was measured. */
typedef struct {
  double rtt;        /* milliseconds; of a verdict in the median */
  double rtt_p95;    /* milliseconds */
  double jitter;     /* milliseconds */
  double loss;       /* 0 to 1 */
  double throughput; /* bits a second */
} ThTestFigures;

typedef struct {
  ThTestMessageKind kind;
  gint64 time; /* microseconds since the page was opened, by its own clock */
  ThIceCandidate *candidate; /* of CANDIDATE */
  char *url;                 /* of PROBLEM: the server's, perhaps "" */
  char *text;                /* and in the browser's words */
  guint code;                /* and the STUN error, or 701: it cannot be reached */
  ThTestWay way;             /* of WAY */
  ThTestWayState way_state;
  gint64 took;               /* microseconds; 0 while it is tried */
  GPtrArray *pairs;          /* of STATS (element-type ThIcePair) */
  ThTestFigures figures;     /* of SAMPLE and VERDICT */
  ThIceVerdict verdict;      /* of VERDICT */
} ThTestMessage;

/**
 * th_test_message_parse:
 * @text: need not be terminated
 *
 * Returns: (transfer full) (nullable): NULL with %G_IO_ERROR_INVALID_DATA and one line that says
 *   what is wrong
 */
ThTestMessage *th_test_message_parse (const char *text, gsize length, GError **error);
void th_test_message_free (ThTestMessage *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThTestMessage, th_test_message_free)

/* "udp", "tcp", "tls" */
const char *th_test_way_get_id (ThTestWay way);

G_END_DECLS
