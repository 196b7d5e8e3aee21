/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text as each of the languages of snippets writes it: a secret that somebody chose may hold
 * quotes, backslashes, "$", "#" and whatever else means something there.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  TH_SNIPPET_CONF, /* turnserver.conf of coturn */
  TH_SNIPPET_ENV,  /* .env: Docker Compose, dotenv, and shells that source it */
  TH_SNIPPET_JAVASCRIPT,
  TH_SNIPPET_LUA,
  TH_SNIPPET_SHELL,
  TH_SNIPPET_YAML,
} ThSnippetLanguage;

/**
 * th_snippet_quote:
 * @text: plain (th_text_is_plain)
 *
 * Where a language needs no quotes for @text and is read more easily without, there are none.
 * Programs that read .env files differ in their escapes, so none are used if it can be helped: what
 * has an apostrophe beside a quotation mark, "$", "`" or backslash, or else two backslashes or
 * one at the end, is written as shells have it.
 *
 * Returns: (transfer full): wipe it (th_secret_free) if @text is a secret
 */
char *th_snippet_quote (ThSnippetLanguage language, const char *text);

G_END_DECLS
