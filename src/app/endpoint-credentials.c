/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Secrets and apps, as the endpoint sees them.
 */
#include "app/endpoint-credentials.h"

#include "app/engine.h"

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* (transfer full) */
static ThSecretInfo *
get_current (ThEngine *engine, ThRingKind kind)
{
  ThSecretRing *ring = th_engine_get_secret_ring (engine);

  return g_list_model_get_item (th_secret_ring_get_secrets (ring, kind), 0);
}

ThCredential *
th_engine_mint (gpointer engine, const char *user, gint64 ttl, GError **error)
{
  return th_secret_ring_mint (th_engine_get_secret_ring (engine), user, ttl, now_in_seconds (),
                              error);
}

ThCredential *
th_engine_mint_jwt (gpointer engine, const char *user, GError **error)
{
  return th_secret_ring_mint_jwt (th_engine_get_secret_ring (engine), user, now_in_seconds (),
                                  error);
}

ThJwtVerdict
th_engine_check_jwt (gpointer engine, const char *token, char **user)
{
  return th_secret_ring_check_jwt (th_engine_get_secret_ring (engine), token, now_in_seconds (),
                                   user);
}

const char *
th_engine_find_app (gpointer engine, const char *token)
{
  return th_app_tokens_find (th_engine_get_app_tokens (engine), token);
}

void
th_engine_note_app (gpointer engine, const char *name, ThRingKind kind)
{
  g_autoptr (ThSecretInfo) current =
      kind < TH_RING_N_KINDS ? get_current (engine, kind) : NULL;

  th_app_tokens_note (th_engine_get_app_tokens (engine), name, now_in_seconds (),
                      current != NULL ? th_secret_info_get_generation (current) : 0);
}

void
th_engine_get_secret_facts (gpointer engine, ThRingKind kind, ThSecretFacts *facts)
{
  ThRotator *rotator = th_engine_get_rotator (engine);
  ThAppTokens *apps = th_engine_get_app_tokens (engine);
  g_autoptr (ThSecretInfo) current = get_current (engine, kind);

  *facts = (ThSecretFacts) {
    .age = MAX (now_in_seconds () - th_secret_info_get_created (current), 0),
    .rotations = th_rotator_count_rotations (rotator, kind),
    .old_sessions = th_rotator_count_old_sessions (rotator, kind),
    .apps_behind = th_app_tokens_count_behind (apps, th_secret_info_get_generation (current)),
  };
}
