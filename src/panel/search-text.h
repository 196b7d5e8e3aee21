/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What somebody types to find something, whatever the case of its letters.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Returns: (transfer full): @search, to be looked for in many texts */
char *th_search_fold (const char *search);

/* @text: (nullable); @folded: of th_search_fold() */
gboolean th_search_is_in (const char *text, const char *folded);

G_END_DECLS
