/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEndpoint: the HTTP and HTTPS server that gives apps their ICE configuration. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "endpoint/backend.h"
#include "endpoint/config.h"
#include "tls/tls-context.h"

G_BEGIN_DECLS

#define TH_TYPE_ENDPOINT (th_endpoint_get_type ())
G_DECLARE_FINAL_TYPE (ThEndpoint, th_endpoint, TH, ENDPOINT, GObject)

#define TH_ENDPOINT_ERROR (th_endpoint_error_quark ())
typedef enum {
  TH_ENDPOINT_ERROR_PORT_IN_USE,    /* another program has the port */
  TH_ENDPOINT_ERROR_PORT_FORBIDDEN, /* this user may not take so low a port */
  TH_ENDPOINT_ERROR_ADDRESS,        /* no address of this machine, or none at all */
  TH_ENDPOINT_ERROR_SYSTEM,
} ThEndpointError;
GQuark th_endpoint_error_quark (void);

/* The longest request body, in bytes. */
#define TH_ENDPOINT_BODY_MAX (64 * 1024)

/**
 * th_endpoint_new:
 * @config: (transfer none): copied
 * @backend: (transfer none): a constant table
 * @backend_data: handed to the table's functions; outlives the endpoint
 */
ThEndpoint *th_endpoint_new (const ThEndpointConfig *config,
                             const ThEndpointBackend *backend,
                             gpointer backend_data);

/* @context: (transfer none) (nullable): HTTPS is spoken with it, on the same port as HTTP, by all
 * connections from now on; NULL: HTTPS is not spoken, as at first. At any time. */
void th_endpoint_set_tls (ThEndpoint *self, ThTlsContext *context);

/* Listens on every address of the config, or on none and fails. Does not block. */
gboolean th_endpoint_start (ThEndpoint *self, GError **error);

/* Closes everything, requests that are under way included. Does nothing when not started. */
void th_endpoint_stop (ThEndpoint *self);

/* The port it listens on; 0: it does not. */
guint16 th_endpoint_get_port (ThEndpoint *self);

G_END_DECLS
