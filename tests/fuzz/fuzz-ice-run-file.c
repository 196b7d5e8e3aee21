/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the file of ICE tests: whatever stands there is refused, or is a list of tests that prints
 * as something that reads back as itself, and that can be compared.
 */
#include <string.h>

#include "app/ice-changes.h"
#include "app/ice-run-file.h"
#include "fuzz.h"

static void
check_changes (GListModel *runs)
{
  g_autoptr (ThIceRun) one = g_list_model_get_item (runs, 0);
  g_autoptr (ThIceRun) other = g_list_model_get_item (runs, 1);
  g_auto (GStrv) changes = NULL, none = NULL;

  if (other == NULL)
    return;
  changes = th_ice_changes_describe (one, other);
  for (guint i = 0; changes[i] != NULL; i++)
    g_assert_true (g_utf8_validate (changes[i], -1, NULL));
  none = th_ice_changes_describe (one, one);
  g_assert_null (none[0]);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_malloc (size + 1); /* terminated, as the store reads it */
  g_autofree char *printed = NULL, *again_text = NULL;
  g_autoptr (GListStore) runs = NULL, again = NULL;
  gsize length;

  if (size > 0)
    memcpy (text, data, size);
  text[size] = '\0';
  runs = th_ice_run_file_parse (text, size);
  if (runs == NULL)
    return 0;
  printed = th_ice_run_file_print (G_LIST_MODEL (runs), &length);
  again = th_ice_run_file_parse (printed, length);
  g_assert_nonnull (again);
  again_text = th_ice_run_file_print (G_LIST_MODEL (again), &length);
  g_assert_cmpstr (again_text, ==, printed);
  check_changes (G_LIST_MODEL (runs));
  return 0;
}
