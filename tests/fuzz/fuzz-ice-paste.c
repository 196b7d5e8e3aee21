/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes what people paste: whatever is found is within bounds, and a candidate that has all a line
 * needs reads as the same again.
 */
#include <string.h>

#include "fuzz.h"
#include "ice/ice-candidate-line.h"
#include "ice/ice-paste.h"

static void
check_candidate (ThIceCandidate *candidate)
{
  g_autofree char *line = th_ice_candidate_line_make (candidate);
  g_autoptr (ThIceCandidate) again =
      th_ice_candidate_line_parse (line, strlen (line), NULL, NULL);
  g_autofree char *line_again = NULL;

  if (again == NULL)
    return; /* statistics may tell less, or stranger things */
  line_again = th_ice_candidate_line_make (again);
  g_assert_cmpstr (line, ==, line_again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (ThIcePaste) paste = th_ice_paste_parse (size > 0 ? (const char *) data : "", size, NULL);
  guint n = paste != NULL ? g_list_model_get_n_items (G_LIST_MODEL (paste->candidates)) : 0;

  g_assert_cmpuint (n, <=, TH_ICE_PASTE_CANDIDATES_MAX);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ThIceCandidate) candidate =
          g_list_model_get_item (G_LIST_MODEL (paste->candidates), i);

      check_candidate (candidate);
    }
  return 0;
}
