/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How the tests of this room wait for what is written in threads: the main context runs meanwhile.
 */
#pragma once

#include <gio/gio.h>

#define PATIENCE_SECONDS 30

/* A GAsyncReadyCallback; @slot: where the result goes */
static inline void
keep_result (GObject *source, GAsyncResult *result, gpointer slot)
{
  *(GAsyncResult **) slot = g_object_ref (result);
}

static inline gboolean
on_patience_ended (gpointer data)
{
  g_error ("Nothing came for %d seconds", PATIENCE_SECONDS);
  return G_SOURCE_REMOVE;
}

/* Returns when there is something in the slot. (transfer full) */
static inline GAsyncResult *
await_result (GAsyncResult **slot)
{
  guint patience = g_timeout_add_seconds (PATIENCE_SECONDS, on_patience_ended, NULL);

  while (*slot == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (patience);
  return g_steal_pointer (slot);
}
