/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fills in the templates of snippets (data/snippets). A template is the text to paste, in which
 *
 * - {name} is a value, quoted as the language of the template has it: {secret}, {realm}, {ttl},
 *   {api-key}, {api-secret}, {token}, {bearer} ("Bearer " and the token), {endpoint},
 *   {ice-servers-url}, {livekit-url}, {client-module}; of a server {url}, {type}, {host},
 *   {url-host}, {host-and-port}, {port}, {transport}, {protocol}; {tcp-port}, {tls-port} and {tls-host}
 *   are those of the first TURN server over TCP and TLS; {local} is where programs of this machine
 *   reach the relay, {proxy} from where it takes the PROXY protocol;
 * - {each stun} or {each turn}, alone on a line, repeats the lines up to {end} for each server.
 *   Outside of it a server's values are those of the first TURN server;
 * - {with name}, alone on a line, leaves out the lines up to {end} where there is no such value,
 *   {without name} where there is one.
 *
 * All other braces are text. Blocks do not nest.
 */
#pragma once

#include "app/snippet-quote.h"
#include "app/snippet-values.h"

G_BEGIN_DECLS

/* What a template asks for and cannot have */
typedef enum {
  TH_SNIPPET_COMPLETE,
  TH_SNIPPET_NO_SERVER,   /* a TURN server: the relay does not run */
  TH_SNIPPET_NO_ENDPOINT, /* the endpoint does not run */
  TH_SNIPPET_NO_TLS,      /* a TURN server over TLS: the relay has no port for it, or no name */
} ThSnippetState;

/**
 * th_snippet_template_fill:
 * @masked: whether dots stand in place of secrets
 * @state: (out) (optional)
 *
 * Returns: (transfer full) (nullable): NULL where @state is not complete; wipe it (th_secret_free)
 */
char *th_snippet_template_fill (const char *template,
                                ThSnippetLanguage language,
                                const ThSnippetValues *values,
                                gboolean masked,
                                ThSnippetState *state);

/* Whether the field that {name} shows is asked for, be it with something before or behind it. */
gboolean th_snippet_template_uses (const char *template, const char *name);

G_END_DECLS
