/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line of turnhouse-server.
 */
#pragma once

#include "credentials/ring.h"

G_BEGIN_DECLS

typedef enum {
  TH_COMMAND_RUN,
  TH_COMMAND_INIT,
  TH_COMMAND_CHECK,
  TH_COMMAND_CREDENTIALS,
  TH_COMMAND_STATUS,
  TH_COMMAND_ROTATE,
  TH_COMMAND_DISCONNECT,
  TH_COMMAND_TEST_LINK,
  TH_COMMAND_DRAIN,
  TH_COMMAND_HELP,
  TH_COMMAND_VERSION,
} ThCommand;

typedef enum {
  TH_SCHEME_REST,
  TH_SCHEME_JWT,
  TH_SCHEME_LIVEKIT,
  TH_N_SCHEMES,
} ThScheme;

typedef struct {
  ThCommand command;
  char *config; /* nullable: not given */
  char *user;   /* of --credentials and --disconnect */
  gint64 ttl;   /* seconds; 0: not given */
  gboolean json;
  ThScheme scheme; /* of --credentials */
  ThRingKind kind; /* of --rotate */
  gboolean revoke;
} ThOptions;

/* Returns: (transfer full) (nullable): NULL with an error of one line */
ThOptions *th_options_parse (int argc, char **argv, GError **error);
void th_options_free (ThOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThOptions, th_options_free)

G_END_DECLS
