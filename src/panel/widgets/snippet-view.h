/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSnippetView: one snippet to paste into an app: where it goes, its text with secrets hidden until
 * asked for, and what to know of it. Its copy button, and copying from the text where that is
 * hidden or nothing of it is selected, activate "connect.copy", an action of the window around it.
 */
#pragma once

#include <adwaita.h>

#include "app/snippets.h"

G_BEGIN_DECLS

#define TH_TYPE_SNIPPET_VIEW (th_snippet_view_get_type ())
G_DECLARE_FINAL_TYPE (ThSnippetView, th_snippet_view, TH, SNIPPET_VIEW, AdwBin)

/**
 * th_snippet_view_set_snippet:
 * @values: (transfer full): what it is filled in with
 *
 * Another snippet than before comes with its secrets hidden.
 */
void th_snippet_view_set_snippet (ThSnippetView *self,
                                  const ThSnippet *snippet,
                                  ThSnippetValues *values);

/* Returns: whether there is something to copy; it is on the clipboard then, secrets and all */
gboolean th_snippet_view_copy (ThSnippetView *self);

G_END_DECLS
