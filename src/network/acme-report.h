/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What uacme wrote on its way to a failure, read for the one thing that matters: what the authority
 * had against it (RFC 8555, section 6.7), or else the last that uacme said. Pure; any thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_ACME_OUTPUT_MAX (64 * 1024) /* bytes; what comes after is not read */

typedef struct
{
  char *type;   /* nullable: "rateLimited", what follows "urn:ietf:params:acme:error:" */
  char *detail; /* nullable: the authority's words */
  char *said;   /* the last line that uacme wrote itself, without its name; may be empty */
} ThAcmeReport;

/* @output: nothing is promised of it. All texts are one line of valid UTF-8 that nothing reorders
 * or hides, of 300 characters at most.
 *
 * Returns: (transfer full) */
ThAcmeReport *th_acme_report_parse (const char *output, gsize length);

void th_acme_report_free (ThAcmeReport *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAcmeReport, th_acme_report_free)

G_END_DECLS
