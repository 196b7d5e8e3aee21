/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What tests of snippets share.
 */
#pragma once

#include "app/snippets.h"

/* The first row of that id, which there must be. */
static inline const ThSnippet *
find_snippet (const char *id)
{
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);

  for (guint i = 0; i < n_snippets; i++)
    {
      if (g_str_equal (snippets[i].id, id))
        return &snippets[i];
    }
  g_error ("There is no snippet %s", id);
}
