/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to paste into which app so that it uses this relay: one table of snippets, whose texts are
 * the templates in data/snippets.
 */
#pragma once

#include "app/snippet-template.h"

G_BEGIN_DECLS

/* Titles and such are marked for translation, and translated where they are shown. */
typedef struct {
  const char *id;      /* "synapse" */
  const char *title;   /* the app: "Matrix Synapse" */
  const char *summary; /* what it is for, in few words */
  const char *place;   /* the file it goes into: "homeserver.yaml" */
  const char *advice;  /* where to paste it and what to do then, in one or two sentences */
  ThSnippetLanguage language;
  const char *template; /* name of its file in data/snippets */
} ThSnippet;

const ThSnippet *th_snippets_get (guint *n_snippets);

/* Whether its template has that value: "secret" for {secret}, "endpoint" for its URLs too, "token"
 * for {bearer} too. */
gboolean th_snippet_uses (const ThSnippet *self, const char *name);

/**
 * th_snippet_fill:
 * @masked: whether dots stand in place of secrets
 * @state: (out) (optional): why there is nothing
 *
 * Returns: (transfer full) (nullable): what to paste; wipe it (th_secret_free)
 */
char *th_snippet_fill (const ThSnippet *self,
                       const ThSnippetValues *values,
                       gboolean masked,
                       ThSnippetState *state);

G_END_DECLS
