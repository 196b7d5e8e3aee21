/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the reader of the stored secret ring: whatever the bytes are, they are refused without a
 * word of them in the message, or yield a ring that is stored and read back as itself, and goes on
 * so when it is changed.
 */
#include <string.h>

#include "credentials/ring-state.h"
#include "fuzz.h"

#define NOW 1700000000

/* (transfer full): what is read of what was written, which must print the same again */
static ThRingState *
write_and_read (const ThRingState *state)
{
  gsize length = 0, length_again = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  g_autofree char *json_again = NULL;
  ThRingState *again = th_ring_state_parse (json, length, NULL);

  g_assert_nonnull (again);
  json_again = th_ring_state_print (again, &length_again);
  g_assert_cmpmem (json, length, json_again, length_again);
  return again;
}

static void
check_ring (ThRingState *state)
{
  g_assert_nonnull (th_ring_state_get_current (state));
  g_assert_cmpuint (state->secrets->len, <=, TH_RING_SECRETS_MAX);
  g_assert_cmpuint (state->api->len, <=, TH_RING_SECRETS_MAX);
  g_assert_cmpuint (state->history->len, <=, TH_RING_HISTORY_MAX);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      GPtrArray *secrets = th_ring_state_get_secrets (state, kind);

      for (guint i = 0; i < secrets->len; i++)
        {
          const ThRingSecret *secret = g_ptr_array_index (secrets, i);

          g_assert_cmpuint (secret->generation, <=, state->generations[kind]);
          g_assert_cmpint (secret->expires_at == 0, ==, i == 0);
        }
    }
}

static const char *
get_current (const ThRingState *state, ThRingKind kind)
{
  const ThRingSecret *current = g_ptr_array_index (th_ring_state_get_secrets (state, kind), 0);

  return current->text;
}

static void
change (ThRingState *state)
{
  th_ring_state_drop_expired (state, NOW);
  th_ring_state_make_missing (state, NOW);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      g_autofree char *before = NULL;

      th_ring_state_undo (state, kind, "fuzz", NOW, 60);
      before = g_strdup (get_current (state, kind));
      th_ring_state_rotate (state, kind, "fuzz", NOW + 1, 60);
      check_ring (state);
      g_assert_true (th_ring_state_undo (state, kind, "fuzz", NOW + 2, 60));
      g_assert_cmpstr (get_current (state, kind), ==, before);
      g_array_unref (th_ring_state_revoke (state, kind, "fuzz", NOW + 3));
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThRingState) state = th_ring_state_parse ((const char *) data, size, &error);
  g_autoptr (ThRingState) again = NULL, changed = NULL;

  if (state == NULL)
    {
      g_assert_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED);
      g_assert_cmpstr (error->message, ==, "It is no secret ring of this version");
      return 0;
    }
  check_ring (state);
  again = write_and_read (state);
  change (again);
  check_ring (again);
  changed = write_and_read (again);
  return 0;
}
