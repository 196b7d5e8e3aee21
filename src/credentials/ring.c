/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secret ring as the rest of the house sees it: it opens the stored state, keeps what the
 * configuration adds to it, and renews snapshot and lists when any of that changes.
 */
#include "credentials/ring-private.h"

#include "credentials/authenticator.h"
#include "credentials/ring-file.h"
#include "credentials/secret.h"

#define DEFAULT_TTL 86400

G_DEFINE_FINAL_TYPE (ThSecretRing, th_secret_ring, G_TYPE_OBJECT)

G_DEFINE_QUARK (th-credentials-error-quark, th_credentials_error)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

gint64
th_secret_ring_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
is_listed (const ThAcceptedSecret *secrets, guint count, const char *text)
{
  for (guint i = 0; i < count; i++)
    if (g_str_equal (secrets[i].text, text))
      return TRUE;
  return FALSE;
}

/* A secret that the configuration lists outlives its end in the ring, so that list comes first. */
static guint
list_secrets (ThSecretRing *self, ThAcceptedSecret *secrets)
{
  const ThRingSecret *current = th_ring_state_get_current (self->state);
  guint count = 0;

  secrets[count++] = (ThAcceptedSecret) { NULL, current->text, current->generation, 0 };
  for (guint i = 0; self->previous != NULL && self->previous[i] != NULL; i++)
    if (count < TH_ACCEPTED_SECRETS_MAX && !is_listed (secrets, count, self->previous[i]))
      secrets[count++] =
          (ThAcceptedSecret) { NULL, self->previous[i], TH_RING_GENERATION_END + i, 0 };
  for (guint i = 1; i < self->state->secrets->len; i++)
    {
      const ThRingSecret *former = g_ptr_array_index (self->state->secrets, i);

      if (count < TH_ACCEPTED_SECRETS_MAX && !is_listed (secrets, count, former->text))
        secrets[count++] =
            (ThAcceptedSecret) { NULL, former->text, former->generation, former->expires_at };
    }
  return count;
}

/* @api: room for TH_RING_SECRETS_MAX */
static guint
list_api_secrets (ThSecretRing *self, ThAcceptedSecret *api)
{
  for (guint i = 0; i < self->state->api->len; i++)
    {
      const ThRingSecret *secret = g_ptr_array_index (self->state->api, i);

      api[i] = (ThAcceptedSecret) { secret->key, secret->text,
                                    th_ring_secret_get_number (secret, TH_RING_API),
                                    secret->expires_at };
    }
  return self->state->api->len;
}

static ThTurnAuthenticator *
make_authenticator (ThSecretRing *self)
{
  ThAcceptedSecret secrets[TH_ACCEPTED_SECRETS_MAX], api[TH_RING_SECRETS_MAX];
  const ThAccepted accepted = {
    .users = self->users,
    .secrets = secrets,
    .n_secrets = list_secrets (self, secrets),
    .api = api,
    .n_api = list_api_secrets (self, api),
    .api_ttl = self->ttl,
  };

  return th_credentials_authenticator_new (&accepted);
}

static gboolean
is_same_secret (gconstpointer a, gconstpointer b)
{
  return th_secret_info_equal ((ThSecretInfo *) a, (ThSecretInfo *) b);
}

static gboolean
is_same_event (gconstpointer a, gconstpointer b)
{
  return th_ring_event_equal ((ThRingEvent *) a, (ThRingEvent *) b);
}

static void
update_models (ThSecretRing *self)
{
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    {
      GPtrArray *secrets = th_ring_state_get_secrets (self->state, kind);
      g_autoptr (GPtrArray) infos = g_ptr_array_new_with_free_func (g_object_unref);

      for (guint i = 0; i < secrets->len; i++)
        {
          const ThRingSecret *secret = g_ptr_array_index (secrets, i);

          g_ptr_array_add (infos, th_secret_info_new (th_ring_secret_get_number (secret, kind),
                                                      i == 0, secret->created,
                                                      secret->expires_at));
        }
      th_row_list_set_rows (self->secrets[kind], infos);
    }
  th_row_list_set_rows (self->history, self->state->history);
}

static void
renew_authenticator (ThSecretRing *self)
{
  g_clear_pointer (&self->authenticator, th_turn_authenticator_unref);
  self->authenticator = make_authenticator (self);
  update_models (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

void
th_secret_ring_take_over (ThSecretRing *self, ThRingState *state)
{
  g_clear_pointer (&self->state, th_ring_state_free);
  self->state = state;
  th_alarm_set (self->retirement, th_ring_state_get_next_end (state));
  renew_authenticator (self);
}

static void
on_retirement (gpointer data)
{
  ThSecretRing *self = data;
  gboolean dropped = th_ring_state_drop_expired (self->state, th_secret_ring_now ());

  th_alarm_set (self->retirement, th_ring_state_get_next_end (self->state));
  if (dropped)
    renew_authenticator (self);
}

/* Returns whether anything changed that must be stored. */
static gboolean
bring_up_to_date (ThRingState *state, const ThRingSeed *seed, gint64 now, gint64 grace)
{
  gboolean changed = th_ring_state_take_seeds (state, seed, now, grace);

  th_ring_state_drop_expired (state, now);
  return th_ring_state_make_missing (state, now) || changed;
}

gboolean
th_ring_seed_check (const ThRingSeed *seed, GError **error)
{
  const char *texts[] = { seed->secret, seed->api_key, seed->api_secret };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && !th_secret_check (texts[i], error))
      return FALSE;
  return TRUE;
}

static void
th_secret_ring_finalize (GObject *object)
{
  ThSecretRing *self = TH_SECRET_RING (object);

  g_clear_pointer (&self->authenticator, th_turn_authenticator_unref);
  g_clear_pointer (&self->retirement, th_alarm_free);
  g_clear_pointer (&self->state, th_ring_state_free);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    g_clear_object (&self->secrets[kind]);
  g_clear_object (&self->history);
  g_clear_pointer (&self->users, th_users_unref);
  g_clear_pointer (&self->previous, th_secrets_free);
  g_clear_pointer (&self->directory, g_free);
  G_OBJECT_CLASS (th_secret_ring_parent_class)->finalize (object);
}

static void
th_secret_ring_class_init (ThSecretRingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = th_secret_ring_finalize;

  signals[CHANGED] = g_signal_new ("changed", TH_TYPE_SECRET_RING, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
th_secret_ring_init (ThSecretRing *self)
{
  self->ttl = DEFAULT_TTL;
  self->grace = TH_RING_DEFAULT_GRACE;
  self->retirement = th_alarm_new (on_retirement, self);
  for (ThRingKind kind = 0; kind < TH_RING_N_KINDS; kind++)
    self->secrets[kind] = th_row_list_new (TH_TYPE_SECRET_INFO, is_same_secret);
  self->history = th_row_list_new (TH_TYPE_RING_EVENT, is_same_event);
  g_queue_init (&self->waiting);
}

ThSecretRing *
th_secret_ring_open_seeded (const char *directory,
                            const ThRingSeed *seed,
                            gint64 grace,
                            GError **error)
{
  g_autoptr (ThSecretRing) self = NULL;
  g_autoptr (ThRingState) state = NULL;
  g_autoptr (ThStore) store = NULL;

  if (!th_ring_seed_check (seed, error))
    return NULL;
  store = th_store_open (directory, error);
  if (store == NULL)
    return NULL;
  state = th_ring_file_read (store, error);
  if (state == NULL)
    return NULL;
  if (bring_up_to_date (state, seed, th_secret_ring_now (), grace) &&
      !th_ring_file_write (store, state, error))
    return NULL;

  self = g_object_new (TH_TYPE_SECRET_RING, NULL);
  self->directory = g_strdup (directory);
  self->grace = grace;
  th_secret_ring_take_over (self, g_steal_pointer (&state));
  return g_steal_pointer (&self);
}

ThSecretRing *
th_secret_ring_open (const char *directory, const char *seed, GError **error)
{
  return th_secret_ring_open_seeded (directory, &(ThRingSeed) { .secret = seed },
                                     TH_RING_DEFAULT_GRACE, error);
}

void
th_secret_ring_set_ttl (ThSecretRing *self, gint64 ttl)
{
  g_return_if_fail (TH_IS_SECRET_RING (self) && ttl > 0);

  self->ttl = ttl;
  renew_authenticator (self);
}

void
th_secret_ring_set_grace (ThSecretRing *self, gint64 seconds)
{
  g_return_if_fail (TH_IS_SECRET_RING (self) && seconds >= 0);

  self->grace = seconds;
}

void
th_secret_ring_set_previous (ThSecretRing *self, const char *const *secrets)
{
  g_return_if_fail (TH_IS_SECRET_RING (self));

  g_clear_pointer (&self->previous, th_secrets_free);
  self->previous = g_strdupv ((char **) secrets);
  renew_authenticator (self);
}

void
th_secret_ring_set_users (ThSecretRing *self, ThUsers *users)
{
  g_return_if_fail (TH_IS_SECRET_RING (self));

  if (users != NULL)
    th_users_ref (users);
  g_clear_pointer (&self->users, th_users_unref);
  self->users = users;
  renew_authenticator (self);
}

const char *
th_secret_ring_get_current (ThSecretRing *self)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);
  return th_ring_state_get_current (self->state)->text;
}

const char *
th_secret_ring_get_api_key (ThSecretRing *self)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);
  return th_ring_state_get_current_api (self->state)->key;
}

const char *
th_secret_ring_get_api_secret (ThSecretRing *self)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);
  return th_ring_state_get_current_api (self->state)->text;
}

ThTurnAuthenticator *
th_secret_ring_get_authenticator (ThSecretRing *self)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);
  return th_turn_authenticator_ref (self->authenticator);
}

gboolean
th_secret_ring_can_undo (ThSecretRing *self, ThRingKind kind)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self) && kind < TH_RING_N_KINDS, FALSE);
  return th_ring_state_can_undo (self->state, kind, th_secret_ring_now ());
}

GListModel *
th_secret_ring_get_secrets (ThSecretRing *self, ThRingKind kind)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self) && kind < TH_RING_N_KINDS, NULL);
  return G_LIST_MODEL (self->secrets[kind]);
}

GListModel *
th_secret_ring_get_history (ThSecretRing *self)
{
  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);
  return G_LIST_MODEL (self->history);
}

ThJwtVerdict
th_secret_ring_check_jwt (ThSecretRing *self, const char *token, gint64 now, char **subject)
{
  ThAcceptedSecret api[TH_RING_SECRETS_MAX];

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && token != NULL, TH_JWT_MALFORMED);

  return th_jwt_check (token, api, list_api_secrets (self, api), now, subject);
}
