/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the load is to be, from the command line.
 */
#pragma once

#include "stun/address.h"

typedef struct {
  ThAddress server;
  ThAddress client_net, peer_net; /* the first of as many hosts as there are flows */
  char *user, *password;
  guint flows;
  guint size;      /* of each payload, bytes */
  double rate;     /* datagrams a second, all together; 0: as many as come back */
  guint window;    /* without a rate: how many are on their way */
  guint burst;     /* consecutive datagrams of one lane */
  guint garbage;   /* how many of 100 datagrams are none */
  gboolean up, down;
  gboolean pairs;  /* clients talk to each other */
  gboolean tcp;    /* clients come over TCP */
  gboolean tls;    /* with TLS on it */
  gboolean segment, coalesce;
  gboolean allocate_only, keep;
  double seconds, warm_up;
  guint parallel;  /* requests at one time */
  int process;     /* the server's; 0: nothing is measured of it */
  int processor;   /* to run on; -1: any */
} Options;

/* Ends the program with an explanation unless all makes sense. */
Options *options_parse (int *argc, char ***argv);
void options_free (Options *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Options, options_free)
