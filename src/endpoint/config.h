/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEndpointConfig: everything the HTTP endpoint needs to know to start, as plain values. Whoever
 * holds the settings fills one in.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct {
  char **listen;         /* numeric addresses; none: every address of the machine */
  guint16 port;          /* 0: any free one, th_endpoint_get_port() tells which */
  gboolean trust_loopback;
  char **cors_origins;   /* "https://app.example.org", or "*" */
  gboolean hybrid;       /* name the fallback STUN servers first */
  char **fallback_stun;  /* "stun:stun.example.org:3478" */
  guint requests_per_minute; /* per caller; 0: no limit */
  gboolean metrics;      /* whether /metrics is there */
  gboolean challenges_only; /* whether nothing is there but what authorities look for */
  char *realm;           /* of the relay; a label of some metrics */
  gint64 default_ttl;    /* seconds; what callers get who ask for no lifetime */
  gint64 max_ttl;        /* seconds */
  guint request_timeout; /* milliseconds from connection to answer */
} ThEndpointConfig;

/* Returns: (transfer full): everything at its default: 127.0.0.1, any port */
ThEndpointConfig *th_endpoint_config_new (void);
ThEndpointConfig *th_endpoint_config_copy (const ThEndpointConfig *self);
void th_endpoint_config_free (ThEndpointConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThEndpointConfig, th_endpoint_config_free)

G_END_DECLS
