/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What snippets are filled in with: this relay's servers, its endpoint, secrets and the lifetime of
 * credentials. All of it is text, ready to be quoted.
 */
#pragma once

#include "app/engine.h"

G_BEGIN_DECLS

/* What stands for the token of an app where that is not known. */
#define TH_SNIPPET_TOKEN_WORD "TOKEN-OF-YOUR-APP"

/* One of the relay's URLs and its parts */
typedef struct {
  char *url;       /* "turn:[2001:db8::1]:3478?transport=udp" */
  char *type;      /* "stun", "turn" or "turns" */
  char *host;      /* "2001:db8::1" */
  char *url_host;  /* "[2001:db8::1]" */
  char *host_and_port; /* "[2001:db8::1]:3478" */
  char *port;
  char *transport; /* "udp" or "tcp" */
  char *protocol;  /* as LiveKit names it: "udp", "tcp" or "tls" */
} ThSnippetServer;

/* NULL where there is none. */
typedef struct {
  GPtrArray *stun;       /* element-type ThSnippetServer, best first, possibly empty */
  GPtrArray *turn;
  char *endpoint;        /* its base: "https://turn.example.org:8489" */
  char *token;           /* of the app; NULL where it needs none */
  char *secret;
  char *api_key;
  char *api_secret;
  char *realm;
  char *ttl;             /* seconds */
  char *local;           /* address by which programs of this machine reach the relay */
  char *proxy;           /* from which networks the relay takes the PROXY protocol */
} ThSnippetValues;

/* Nothing yet. Fields are set with g_strdup() by whoever makes it, URLs with the function below. */
ThSnippetValues *th_snippet_values_new (void);

/**
 * th_snippet_values_new_from_engine:
 * @token: (nullable): that of the app, if it is known; it is where it was just made
 *
 * Returns: (transfer full): as things are now, for apps that are told the relay's public address
 */
ThSnippetValues *th_snippet_values_new_from_engine (ThEngine *engine, const char *token);

/* Adds the URL of a STUN or TURN server (RFC 7064, RFC 7065); any other is left out. */
void th_snippet_values_add_url (ThSnippetValues *self, const char *url);

/* Whether the endpoint answers nobody but this machine. */
gboolean th_snippet_values_is_endpoint_local (const ThSnippetValues *self);

void th_snippet_values_free (ThSnippetValues *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThSnippetValues, th_snippet_values_free)

G_END_DECLS
