/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Freeing text that may be a secret, so that nothing of it stays in memory.
 */
#pragma once

#include <glib.h>
#include <string.h>

static inline void
th_wipe_and_free (char *text)
{
  if (text != NULL)
    explicit_bzero (text, strlen (text));
  g_free (text);
}
