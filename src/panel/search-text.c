/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Folded as Unicode does, so that "ÄNN" finds "Ännchen".
 */
#include "panel/search-text.h"

#include <string.h>

char *
th_search_fold (const char *search)
{
  return g_utf8_casefold (search, -1);
}

gboolean
th_search_is_in (const char *text, const char *folded)
{
  g_autofree char *own = text ? g_utf8_casefold (text, -1) : NULL;
  return own && strstr (own, folded) != NULL;
}
