/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the ring with time as an argument: what is accepted until when, what can be undone,
 * and what is remembered.
 */
#include "credentials/ring.h"
#include "credentials/ring-state.h"

#define NOW 1700000000
#define GRACE 86400

static const char *
current_of (ThRingState *state)
{
  return th_ring_state_get_current (state)->text;
}

static const ThRingSecret *
nth (ThRingState *state, guint i)
{
  return g_ptr_array_index (state->secrets, i);
}

static ThRingState *
make_state (const char *first, const char *second)
{
  ThRingState *state = th_ring_state_new ();

  th_ring_state_make_current (state, first, NOW, GRACE);
  if (second != NULL)
    th_ring_state_make_current (state, second, NOW + 10, GRACE);
  return state;
}

static void
test_former_stays_for_its_grace (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");

  g_assert_cmpstr (current_of (state), ==, "two");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 2);
  g_assert_cmpint (nth (state, 0)->created, ==, NOW + 10);
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpstr (nth (state, 1)->text, ==, "one");
  g_assert_cmpuint (nth (state, 1)->generation, ==, 1);
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 10 + GRACE);

  th_ring_state_drop_expired (state, NOW + 10 + GRACE - 1);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  th_ring_state_drop_expired (state, NOW + 10 + GRACE);
  g_assert_cmpuint (state->secrets->len, ==, 1);
  g_assert_cmpstr (current_of (state), ==, "two"); /* the current one never expires */
}

static void
test_oldest_are_forgotten (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("s%u", i);
      th_ring_state_make_current (state, text, NOW + i, GRACE);
    }
  g_assert_cmpuint (state->secrets->len, ==, TH_RING_SECRETS_MAX);
  g_assert_cmpstr (current_of (state), ==, "s99");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 100);
  g_assert_cmpstr (nth (state, TH_RING_SECRETS_MAX - 1)->text, ==, "s85");
}

static void
test_former_becomes_current_again (void)
{
  g_autoptr (ThRingState) state = make_state ("one", "two");

  th_ring_state_make_current (state, "one", NOW + 20, GRACE);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  g_assert_cmpstr (current_of (state), ==, "one");
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1); /* as the relay's sessions know it */
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpstr (nth (state, 1)->text, ==, "two");
  g_assert_cmpuint (nth (state, 1)->generation, ==, 2);

  th_ring_state_make_current (state, "three", NOW + 30, GRACE);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 3);
}

static void
assert_event (ThRingState *state, guint i, gint64 time, ThRingKind kind, ThRingDeed deed)
{
  ThRingEvent *event = g_ptr_array_index (state->history, i);

  g_assert_cmpint (th_ring_event_get_time (event), ==, time);
  g_assert_cmpint (th_ring_event_get_kind (event), ==, kind);
  g_assert_cmpint (th_ring_event_get_deed (event), ==, deed);
}

static void
test_undo (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW));
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 10, GRACE);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 10));
  g_assert_true (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 20, GRACE));
  g_assert_cmpstr (current_of (state), ==, "one");
  g_assert_cmpint (nth (state, 0)->expires_at, ==, 0);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1);
  g_assert_cmpint (nth (state, 0)->created, ==, NOW);
  g_assert_cmpuint (nth (state, 1)->generation, ==, 2);
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 20 + GRACE);
  assert_event (state, 0, NOW + 20, TH_RING_SECRET, TH_RING_DEED_UNDONE);
  assert_event (state, 1, NOW + 10, TH_RING_SECRET, TH_RING_DEED_ROTATED);

  /* Once; and a number is never given twice, even when its secret is gone. */
  g_assert_false (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 21, GRACE));
  g_assert_cmpuint (state->history->len, ==, 2);
  th_ring_state_drop_expired (state, NOW + 20 + GRACE);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 30 + GRACE, GRACE);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 3);
}

static void
test_undo_of_the_configuration (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  th_ring_state_take_seed (state, "north", NOW, GRACE);
  g_assert_cmpuint (state->history->len, ==, 0); /* the first one took nobody's place */
  th_ring_state_take_seed (state, "south", NOW + 1, GRACE);
  assert_event (state, 0, NOW + 1, TH_RING_SECRET, TH_RING_DEED_CONFIGURED);
  g_assert_true (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 2, GRACE));
  g_assert_cmpstr (current_of (state), ==, "north");
  g_assert_false (th_ring_state_take_seed (state, "south", NOW + 3, GRACE)); /* said before */
  g_assert_cmpstr (current_of (state), ==, "north");
}

/* What came before must be what is current again, not any older one that is still accepted. */
static void
test_no_way_back (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  th_ring_state_make_current (state, "two", NOW + 1, 10 * GRACE);
  th_ring_state_make_current (state, "three", NOW + 2, 100);
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 101));
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 102));
  th_ring_state_drop_expired (state, NOW + 102);
  g_assert_cmpuint (state->secrets->len, ==, 2);
  g_assert_false (th_ring_state_undo (state, TH_RING_SECRET, "panel", NOW + 102, GRACE));
  g_assert_cmpstr (current_of (state), ==, "three");

  g_clear_pointer (&state, th_ring_state_free);
  state = make_state ("one", "two");
  g_array_unref (th_ring_state_revoke (state, TH_RING_SECRET, "panel", NOW + 11));
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 11));
  assert_event (state, 0, NOW + 11, TH_RING_SECRET, TH_RING_DEED_REVOKED);
}

static void
test_kinds_are_undone_apart (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  th_ring_state_make_missing (state, NOW);
  th_ring_state_rotate (state, TH_RING_API, "panel", NOW + 1, GRACE);
  g_assert_false (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 1));
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + 2, GRACE);
  g_assert_true (th_ring_state_undo (state, TH_RING_API, "panel", NOW + 3, GRACE));
  g_assert_true (th_ring_state_can_undo (state, TH_RING_SECRET, NOW + 3));
  assert_event (state, 0, NOW + 3, TH_RING_API, TH_RING_DEED_UNDONE);
}

static void
test_history_is_bounded (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  for (guint i = 0; i < TH_RING_HISTORY_MAX + 20; i++)
    th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW + i, GRACE);
  g_assert_cmpuint (state->history->len, ==, TH_RING_HISTORY_MAX);
  assert_event (state, 0, NOW + TH_RING_HISTORY_MAX + 19, TH_RING_SECRET, TH_RING_DEED_ROTATED);
  assert_event (state, TH_RING_HISTORY_MAX - 1, NOW + 20, TH_RING_SECRET, TH_RING_DEED_ROTATED);
}

static void
test_seed_counts_when_it_changes (void)
{
  g_autoptr (ThRingState) state = th_ring_state_new ();

  g_assert_true (th_ring_state_take_seed (state, "seed", NOW, GRACE));
  g_assert_cmpstr (current_of (state), ==, "seed");
  g_assert_false (th_ring_state_take_seed (state, "seed", NOW + 1, GRACE));

  /* Rotated: the ring is in force while the configuration says the same. */
  th_ring_state_make_current (state, "rotated", NOW + 2, GRACE);
  g_assert_false (th_ring_state_take_seed (state, "seed", NOW + 3, GRACE));
  g_assert_cmpstr (current_of (state), ==, "rotated");

  g_assert_true (th_ring_state_take_seed (state, "changed", NOW + 4, GRACE));
  g_assert_cmpstr (current_of (state), ==, "changed");
  g_assert_cmpstr (nth (state, 1)->text, ==, "rotated");
  g_assert_cmpint (nth (state, 1)->expires_at, ==, NOW + 4 + GRACE);
  g_assert_cmpstr (nth (state, 2)->text, ==, "seed");

  /* Back to what it was before: that is a change, too. */
  g_assert_true (th_ring_state_take_seed (state, "seed", NOW + 5, GRACE));
  g_assert_cmpstr (current_of (state), ==, "seed");
  g_assert_cmpuint (state->secrets->len, ==, 3);
}

static void
test_seed_that_is_current (void)
{
  g_autoptr (ThRingState) state = make_state ("made-at-first-start", NULL);

  /* Somebody copied the secret into the configuration: nothing is rotated. */
  g_assert_true (th_ring_state_take_seed (state, "made-at-first-start", NOW + 1, GRACE));
  g_assert_cmpuint (state->secrets->len, ==, 1);
  g_assert_cmpuint (nth (state, 0)->generation, ==, 1);
}

static void
test_api_secrets (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);
  const ThRingSecret *current, *former;

  g_assert_false (th_ring_state_take_api_seed (state, NULL, NULL, NOW, GRACE));
  g_assert_null (th_ring_state_get_current_api (state));
  g_assert_true (th_ring_state_make_missing (state, NOW));
  g_assert_false (th_ring_state_make_missing (state, NOW));
  g_assert_cmpstr (current_of (state), ==, "one");

  g_assert_true (th_ring_state_take_api_seed (state, "k", "star", NOW + 1, GRACE));
  g_assert_false (th_ring_state_take_api_seed (state, "k", "star", NOW + 2, GRACE));
  th_ring_state_make_current_api (state, "k", "rotated", NOW + 3, GRACE);
  g_assert_false (th_ring_state_take_api_seed (state, "k", "star", NOW + 4, GRACE));

  g_assert_cmpuint (state->api->len, ==, 3);
  current = th_ring_state_get_current_api (state);
  g_assert_cmpstr (current->key, ==, "k");
  g_assert_cmpstr (current->text, ==, "rotated");
  g_assert_cmpuint (current->generation, ==, 3);
  former = g_ptr_array_index (state->api, 1);
  g_assert_cmpstr (former->text, ==, "star");
  g_assert_cmpint (former->expires_at, ==, NOW + 3 + GRACE);

  th_ring_state_drop_expired (state, NOW + 3 + GRACE);
  g_assert_cmpuint (state->api->len, ==, 1);
  g_assert_cmpuint (state->secrets->len, ==, 1);
}

static void
test_next_end (void)
{
  g_autoptr (ThRingState) state = make_state ("one", NULL);

  th_ring_state_make_missing (state, NOW);
  g_assert_cmpint (th_ring_state_get_next_end (state), ==, 0);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW, 500);
  g_assert_cmpint (th_ring_state_get_next_end (state), ==, NOW + 500);
  th_ring_state_rotate (state, TH_RING_API, "panel", NOW, 300);
  th_ring_state_rotate (state, TH_RING_SECRET, "panel", NOW, 400);
  g_assert_cmpint (th_ring_state_get_next_end (state), ==, NOW + 300);
  g_assert_true (th_ring_state_drop_expired (state, NOW + 300));
  g_assert_false (th_ring_state_drop_expired (state, NOW + 300));
  g_assert_cmpint (th_ring_state_get_next_end (state), ==, NOW + 400);
}

/* What the ring should say of a secret, kept beside it. */
typedef struct
{
  char *text;
  gint64 end; /* 0: it is current; -1: revoked */
} Belief;

static void
belief_free (gpointer data)
{
  Belief *belief = data;

  g_free (belief->text);
  g_free (belief);
}

static gboolean
is_accepted (ThRingState *state, const char *text, gint64 now)
{
  for (guint i = 0; i < state->secrets->len; i++)
    if (g_str_equal (nth (state, i)->text, text))
      return nth (state, i)->expires_at == 0 || nth (state, i)->expires_at > now;
  return FALSE;
}

static Belief *
find_current (GPtrArray *beliefs)
{
  for (guint i = 0; i < beliefs->len; i++)
    if (((Belief *) g_ptr_array_index (beliefs, i))->end == 0)
      return g_ptr_array_index (beliefs, i);
  g_assert_not_reached ();
}

static void
believe_in_current (GPtrArray *beliefs, ThRingState *state)
{
  Belief *belief = g_new0 (Belief, 1);

  belief->text = g_strdup (current_of (state));
  g_ptr_array_add (beliefs, belief);
}

static void
believe_in_revoking (GPtrArray *beliefs)
{
  for (guint i = 0; i < beliefs->len; i++)
    {
      Belief *belief = g_ptr_array_index (beliefs, i);

      if (belief->end != 0)
        belief->end = -1;
    }
}

static guint
count_live (GPtrArray *beliefs, gint64 now)
{
  guint live = 0;

  for (guint i = 0; i < beliefs->len; i++)
    {
      const Belief *belief = g_ptr_array_index (beliefs, i);

      live += belief->end == 0 || belief->end > now;
    }
  return live;
}

/* Any of the deeds, and what follows from it. @before: nullable: what an undoing goes back to */
static void
do_anything (ThRingState *state, GPtrArray *beliefs, Belief **before, gint64 now)
{
  gint64 grace = g_test_rand_int_range (0, 2000);
  Belief *current = find_current (beliefs);
  gint deed = g_test_rand_int_range (0, 10);

  th_ring_state_drop_expired (state, now); /* as the ring does before each */
  if (deed < 6 && count_live (beliefs, now) < TH_RING_SECRETS_MAX)
    {
      th_ring_state_rotate (state, TH_RING_SECRET, "panel", now, grace);
      current->end = now + grace;
      *before = current;
      believe_in_current (beliefs, state);
    }
  else if (deed < 9)
    {
      gboolean possible = *before != NULL && (*before)->end > now;

      g_assert_cmpint (th_ring_state_can_undo (state, TH_RING_SECRET, now), ==, possible);
      g_assert_cmpint (th_ring_state_undo (state, TH_RING_SECRET, "panel", now, grace), ==,
                       possible);
      if (!possible)
        return;
      current->end = now + grace;
      (*before)->end = 0;
      *before = NULL;
    }
  else
    {
      g_array_unref (th_ring_state_revoke (state, TH_RING_SECRET, "panel", now));
      believe_in_revoking (beliefs);
      *before = NULL;
    }
}

static void
test_whatever_is_done (void)
{
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (ThRingState) state = make_state ("first", NULL);
      g_autoptr (GPtrArray) beliefs = g_ptr_array_new_with_free_func (belief_free);
      Belief *before = NULL;
      gint64 now = NOW;

      believe_in_current (beliefs, state);
      for (guint j = 0; j < 60; j++)
        {
          do_anything (state, beliefs, &before, now);
          now += g_test_rand_int_range (0, 400);
          if (g_test_rand_bit ())
            th_ring_state_drop_expired (state, now);
          for (guint k = 0; k < beliefs->len; k++)
            {
              const Belief *belief = g_ptr_array_index (beliefs, k);

              g_assert_cmpint (is_accepted (state, belief->text, now), ==,
                               belief->end == 0 || belief->end > now);
            }
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add_func ("/credentials/ring-state/" name, function)
  ADD ("api-secrets", test_api_secrets);
  ADD ("next-end", test_next_end);
  ADD ("whatever-is-done", test_whatever_is_done);
  ADD ("former-stays-for-its-grace", test_former_stays_for_its_grace);
  ADD ("oldest-are-forgotten", test_oldest_are_forgotten);
  ADD ("former-becomes-current-again", test_former_becomes_current_again);
  ADD ("undo", test_undo);
  ADD ("undo-of-the-configuration", test_undo_of_the_configuration);
  ADD ("no-way-back", test_no_way_back);
  ADD ("kinds-are-undone-apart", test_kinds_are_undone_apart);
  ADD ("history-is-bounded", test_history_is_bounded);
  ADD ("seed-counts-when-it-changes", test_seed_counts_when_it_changes);
  ADD ("seed-that-is-current", test_seed_that_is_current);
#undef ADD
  return g_test_run ();
}
