/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ring's file in the store.
 */
#include "credentials/ring-file.h"

#include <glib/gi18n.h>
#include <string.h>

#define FILE_NAME "secrets.json"

ThRingState *
th_ring_file_read (ThStore *store, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *json = NULL;
  gsize length = 0;
  ThRingState *state = NULL;

  if (th_store_read (store, FILE_NAME, &json, &length, &why))
    {
      if (json == NULL)
        return th_ring_state_new ();
      state = th_ring_state_parse (json, length, &why);
      explicit_bzero (json, length);
    }
  if (g_error_matches (why, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED))
    g_propagate_error (error,
                       th_store_set_damaged_aside (
                           store, FILE_NAME,
                           /* Translators: goes on with "… put a good copy back, or start again: " */
                           _("then a new secret is made")));
  else if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return state;
}

gboolean
th_ring_file_write (ThStore *store, const ThRingState *state, GError **error)
{
  gsize length = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  gboolean written = th_store_write (store, FILE_NAME, json, length, error);

  explicit_bzero (json, length);
  return written;
}
