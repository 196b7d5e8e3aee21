/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Nearness of names is their edit distance with transpositions (optimal string alignment), which
 * is what slips of the fingers look like. Underscores and case do not count: people mix them up.
 */
#include "settings/suggest.h"

#include <string.h>

#define NAME_LENGTH_MAX 40

static char
plain (char c)
{
  return c == '_' ? '-' : g_ascii_tolower (c);
}

static guint
distance (const char *a, const char *b)
{
  guint table[NAME_LENGTH_MAX + 1][NAME_LENGTH_MAX + 1];
  gsize a_length = strlen (a), b_length = strlen (b);

  for (gsize i = 0; i <= a_length; i++)
    for (gsize j = 0; j <= b_length; j++)
      {
        if (i == 0 || j == 0)
          {
            table[i][j] = i + j;
            continue;
          }
        table[i][j] = MIN (table[i - 1][j], table[i][j - 1]) + 1;
        table[i][j] = MIN (table[i][j],
                           table[i - 1][j - 1] + (plain (a[i - 1]) != plain (b[j - 1])));
        if (i > 1 && j > 1 && plain (a[i - 1]) == plain (b[j - 2]) &&
            plain (a[i - 2]) == plain (b[j - 1]))
          table[i][j] = MIN (table[i][j], table[i - 2][j - 2] + 1);
      }
  return table[a_length][b_length];
}

const char *
th_suggest_name (const char *typed, const char *const *names, gsize n_names)
{
  const char *nearest = NULL;
  guint nearest_distance = G_MAXUINT;

  if (strlen (typed) > NAME_LENGTH_MAX)
    return NULL;
  for (gsize i = 0; i < n_names; i++)
    {
      gsize length = strlen (names[i]);
      guint limit = MAX (1, length / 3);
      guint found = length <= NAME_LENGTH_MAX ? distance (typed, names[i]) : G_MAXUINT;

      if (found <= limit && found < nearest_distance)
        {
          nearest = names[i];
          nearest_distance = found;
        }
    }
  return nearest;
}
