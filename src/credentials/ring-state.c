/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rules of the ring: one secret is current, former ones stay accepted until their time ends,
 * and the configuration's secret counts again only once it changes.
 */
#include "credentials/ring-state.h"

#include <string.h>

#include "credentials/secret.h"
#include "stun/integrity.h"

static void
free_ring_secret (gpointer data)
{
  ThRingSecret *secret = data;

  th_secret_free (secret->text);
  g_free (secret->key);
  g_free (secret);
}

static char *
make_digest (const char *seed)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
}

ThRingState *
th_ring_state_new (void)
{
  ThRingState *self = g_new0 (ThRingState, 1);

  self->secrets = g_ptr_array_new_with_free_func (free_ring_secret);
  self->api = g_ptr_array_new_with_free_func (free_ring_secret);
  self->history = g_ptr_array_new_with_free_func (g_object_unref);
  return self;
}

void
th_ring_state_free (ThRingState *self)
{
  g_ptr_array_unref (self->secrets);
  g_ptr_array_unref (self->api);
  g_ptr_array_unref (self->history);
  g_free (self->seed_digest);
  g_free (self->api_digest);
  g_free (self);
}

guint
th_ring_secret_get_number (const ThRingSecret *self, ThRingKind kind)
{
  return self->generation | (kind == TH_RING_API ? TH_RING_API_GENERATIONS : 0);
}

GPtrArray *
th_ring_state_get_secrets (const ThRingState *self, ThRingKind kind)
{
  return kind == TH_RING_API ? self->api : self->secrets;
}

static ThRingSecret *
get_first (GPtrArray *secrets)
{
  return secrets->len > 0 ? g_ptr_array_index (secrets, 0) : NULL;
}

const ThRingSecret *
th_ring_state_get_current (const ThRingState *self)
{
  return get_first (self->secrets);
}

const ThRingSecret *
th_ring_state_get_current_api (const ThRingState *self)
{
  return get_first (self->api);
}

static void
add_event (ThRingState *self, gint64 now, ThRingKind kind, ThRingDeed deed, const char *by)
{
  g_ptr_array_insert (self->history, 0, th_ring_event_new (now, kind, deed, by));
  if (self->history->len > TH_RING_HISTORY_MAX)
    g_ptr_array_set_size (self->history, TH_RING_HISTORY_MAX);
}

gboolean
th_ring_state_has_generation (const ThRingState *self, ThRingKind kind, guint generation)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);

  for (guint i = 0; i < secrets->len; i++)
    if (((const ThRingSecret *) g_ptr_array_index (secrets, i))->generation == generation)
      return TRUE;
  return FALSE;
}

/* Where somebody edited the file so that numbers run out, one that is free must do. */
static guint
take_generation (ThRingState *self, ThRingKind kind)
{
  guint generation = 1;

  if (self->generations[kind] < TH_RING_GENERATION_END - 1)
    return ++self->generations[kind];
  while (th_ring_state_has_generation (self, kind, generation))
    generation++;
  return generation;
}

/* (transfer full): out of the former ones if it is there, else a new one */
static ThRingSecret *
take_secret (ThRingState *self, ThRingKind kind, const char *key, const char *text)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  ThRingSecret *secret;

  for (guint i = 1; i < secrets->len; i++)
    {
      secret = g_ptr_array_index (secrets, i);
      if (g_str_equal (secret->text, text) && g_strcmp0 (secret->key, key) == 0)
        return g_ptr_array_steal_index (secrets, i);
    }
  secret = g_new0 (ThRingSecret, 1);
  secret->key = g_strdup (key);
  secret->text = g_strdup (text);
  secret->generation = take_generation (self, kind);
  return secret;
}

/* The current one must be another. */
static void
make_first (ThRingState *self,
            ThRingKind kind,
            const char *key,
            const char *text,
            gint64 now,
            gint64 grace)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  ThRingSecret *secret = take_secret (self, kind, key, text);
  ThRingSecret *before = get_first (secrets);

  secret->created = now;
  secret->expires_at = 0;
  if (before != NULL)
    before->expires_at = now + grace;
  self->replaced[kind] = before != NULL ? before->generation : 0;
  g_ptr_array_insert (secrets, 0, secret);
  if (secrets->len > TH_RING_SECRETS_MAX)
    g_ptr_array_set_size (secrets, TH_RING_SECRETS_MAX);
}

void
th_ring_state_make_current (ThRingState *self, const char *text, gint64 now, gint64 grace)
{
  make_first (self, TH_RING_SECRET, NULL, text, now, grace);
}

void
th_ring_state_make_current_api (ThRingState *self,
                                const char *key,
                                const char *secret,
                                gint64 now,
                                gint64 grace)
{
  make_first (self, TH_RING_API, key, secret, now, grace);
}

/* As the configuration says; there is nothing to tell about the first one of all. */
static void
configure (ThRingState *self,
           ThRingKind kind,
           const char *key,
           const char *text,
           gint64 now,
           gint64 grace)
{
  if (th_ring_state_get_secrets (self, kind)->len > 0)
    add_event (self, now, kind, TH_RING_DEED_CONFIGURED, "configuration");
  make_first (self, kind, key, text, now, grace);
}

gboolean
th_ring_state_take_seed (ThRingState *self, const char *seed, gint64 now, gint64 grace)
{
  g_autofree char *digest = make_digest (seed);
  const ThRingSecret *current = th_ring_state_get_current (self);

  if (g_strcmp0 (digest, self->seed_digest) == 0)
    return FALSE;
  g_free (self->seed_digest);
  self->seed_digest = g_steal_pointer (&digest);
  if (current == NULL || !g_str_equal (current->text, seed))
    configure (self, TH_RING_SECRET, NULL, seed, now, grace);
  return TRUE;
}

/* As LiveKit's own look: "API" and twelve letters or digits. (transfer full) */
static char *
make_api_key (void)
{
  g_autoptr (ThSecretText) random = th_secret_generate ();

  g_strdelimit (random, "-_", 'x');
  return g_strdup_printf ("API%.12s", random);
}

gboolean
th_ring_state_take_api_seed (ThRingState *self,
                             const char *key,
                             const char *secret,
                             gint64 now,
                             gint64 grace)
{
  const ThRingSecret *current = th_ring_state_get_current_api (self);
  g_autofree char *digest = NULL, *new_key = NULL;
  g_autoptr (ThSecretText) both = NULL;
  g_autoptr (ThSecretText) new_secret = NULL;

  if (key == NULL && secret == NULL)
    return FALSE;
  /* a line end is in neither of them */
  both = g_strconcat (key != NULL ? key : "", "\n", secret != NULL ? secret : "", NULL);
  digest = make_digest (both);
  if (g_strcmp0 (digest, self->api_digest) == 0)
    return FALSE;

  new_key = key != NULL       ? g_strdup (key)
            : current != NULL ? g_strdup (current->key)
                              : make_api_key ();
  new_secret = secret != NULL    ? g_strdup (secret)
               : current != NULL ? g_strdup (current->text)
                                 : th_secret_generate ();
  g_free (self->api_digest);
  self->api_digest = g_steal_pointer (&digest);
  if (current == NULL || !g_str_equal (current->text, new_secret) ||
      !g_str_equal (current->key, new_key))
    configure (self, TH_RING_API, new_key, new_secret, now, grace);
  return TRUE;
}

static gboolean
make_missing_api (ThRingState *self, gint64 now)
{
  g_autofree char *key = NULL;
  g_autoptr (ThSecretText) secret = NULL;

  if (self->api->len > 0)
    return FALSE;
  key = make_api_key ();
  secret = th_secret_generate ();
  th_ring_state_make_current_api (self, key, secret, now, 0);
  return TRUE;
}

gboolean
th_ring_state_take_seeds (ThRingState *self, const ThRingSeed *seed, gint64 now, gint64 grace)
{
  gboolean changed =
      seed->secret != NULL && th_ring_state_take_seed (self, seed->secret, now, grace);

  return th_ring_state_take_api_seed (self, seed->api_key, seed->api_secret, now, grace) || changed;
}

gboolean
th_ring_state_make_missing (ThRingState *self, gint64 now)
{
  gboolean made = make_missing_api (self, now);

  if (self->secrets->len == 0)
    {
      g_autoptr (ThSecretText) secret = th_secret_generate ();

      th_ring_state_make_current (self, secret, now, 0);
      made = TRUE;
    }
  return made;
}

static guint
drop_expired (GPtrArray *secrets, gint64 now)
{
  guint before = secrets->len;

  for (guint i = secrets->len; i-- > 1;)
    {
      const ThRingSecret *secret = g_ptr_array_index (secrets, i);

      if (secret->expires_at <= now)
        g_ptr_array_remove_index (secrets, i);
    }
  return before - secrets->len;
}

gboolean
th_ring_state_drop_expired (ThRingState *self, gint64 now)
{
  return drop_expired (self->secrets, now) + drop_expired (self->api, now) > 0;
}

static gint64
find_next_end (GPtrArray *secrets, gint64 earliest)
{
  for (guint i = 1; i < secrets->len; i++)
    {
      const ThRingSecret *secret = g_ptr_array_index (secrets, i);

      if (earliest == 0 || secret->expires_at < earliest)
        earliest = secret->expires_at;
    }
  return earliest;
}

gint64
th_ring_state_get_next_end (const ThRingState *self)
{
  return find_next_end (self->api, find_next_end (self->secrets, 0));
}

void
th_ring_state_rotate (ThRingState *self,
                      ThRingKind kind,
                      const char *by,
                      gint64 now,
                      gint64 grace)
{
  g_autofree char *key = g_strdup (get_first (th_ring_state_get_secrets (self, kind))->key);
  g_autoptr (ThSecretText) secret = th_secret_generate ();

  make_first (self, kind, key, secret, now, grace);
  add_event (self, now, kind, TH_RING_DEED_ROTATED, by);
}

GArray *
th_ring_state_revoke (ThRingState *self, ThRingKind kind, const char *by, gint64 now)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  GArray *generations = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 1; i < secrets->len; i++)
    {
      guint generation = th_ring_secret_get_number (g_ptr_array_index (secrets, i), kind);

      g_array_append_val (generations, generation);
    }
  g_ptr_array_set_size (secrets, MIN (secrets->len, 1));
  self->replaced[kind] = 0;
  add_event (self, now, kind, TH_RING_DEED_REVOKED, by);
  return generations;
}

/* 0: there is nothing to go back to */
static guint
find_replaced (const ThRingState *self, ThRingKind kind, gint64 now)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);

  for (guint i = 1; i < secrets->len; i++)
    {
      const ThRingSecret *secret = g_ptr_array_index (secrets, i);

      if (secret->generation == self->replaced[kind] && secret->expires_at > now)
        return i;
    }
  return 0;
}

gboolean
th_ring_state_can_undo (const ThRingState *self, ThRingKind kind, gint64 now)
{
  return find_replaced (self, kind, now) != 0;
}

gboolean
th_ring_state_undo (ThRingState *self,
                    ThRingKind kind,
                    const char *by,
                    gint64 now,
                    gint64 grace)
{
  GPtrArray *secrets = th_ring_state_get_secrets (self, kind);
  guint place = find_replaced (self, kind, now);
  ThRingSecret *before;

  if (place == 0)
    return FALSE;
  get_first (secrets)->expires_at = now + grace;
  before = g_ptr_array_steal_index (secrets, place);
  before->expires_at = 0;
  g_ptr_array_insert (secrets, 0, before);
  self->replaced[kind] = 0;
  add_event (self, now, kind, TH_RING_DEED_UNDONE, by);
  return TRUE;
}
