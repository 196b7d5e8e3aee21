/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The secret ring as the rest of the house sees it: it opens the stored state, keeps what the
 * configuration adds to it, and renews the snapshot when any of that changes.
 */
#include "credentials/ring.h"

#include <string.h>

#include "credentials/authenticator.h"
#include "credentials/jwt.h"
#include "credentials/rest.h"
#include "credentials/ring-state.h"
#include "credentials/secret.h"
#include "credentials/store.h"

#define FILE_NAME "secrets.json"
#define GRACE 86400 /* seconds that a former secret is still accepted for */
#define DEFAULT_TTL 86400

struct _ThSecretRing
{
  GObject parent_instance;
  char *directory;
  ThRingState *state;
  GStrv previous; /* nullable: those that the configuration adds */
  ThUsers *users; /* nullable */
  gint64 ttl;     /* of tokens, seconds */
  ThTurnAuthenticator *authenticator;
};

G_DEFINE_FINAL_TYPE (ThSecretRing, th_secret_ring, G_TYPE_OBJECT)

G_DEFINE_QUARK (th-credentials-error-quark, th_credentials_error)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static gint64
now_in_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
free_secrets (GStrv secrets)
{
  for (char **secret = secrets; secret != NULL && *secret != NULL; secret++)
    explicit_bzero (*secret, strlen (*secret));
  g_strfreev (secrets);
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
                                    secret->generation | TH_RING_API_GENERATIONS,
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

static void
renew_authenticator (ThSecretRing *self)
{
  g_clear_pointer (&self->authenticator, th_turn_authenticator_unref);
  self->authenticator = make_authenticator (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Puts what cannot be read as a ring out of the way, and says so. */
static void
set_damaged_aside (ThStore *store, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, FILE_NAME, NULL);
  g_autofree char *shown = g_filename_display_name (path);
  g_autofree char *aside = th_store_set_aside (store, FILE_NAME, error);

  if (aside == NULL)
    return;
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED,
               "%s is damaged and was kept as %s; put a good copy back, or start again to make a "
               "new secret",
               shown, aside);
}

static ThRingState *
read_state (ThStore *store, const char *directory, GError **error)
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
    set_damaged_aside (store, directory, error);
  else if (why != NULL)
    g_propagate_error (error, g_steal_pointer (&why));
  return state;
}

static gboolean
write_state (ThStore *store, const ThRingState *state, GError **error)
{
  gsize length = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  gboolean written = th_store_write (store, FILE_NAME, json, length, error);

  explicit_bzero (json, length);
  return written;
}

/* Returns whether anything changed that must be stored. */
static gboolean
bring_up_to_date (ThRingState *state, const ThRingSeed *seed, gint64 now)
{
  gboolean changed =
      seed->secret != NULL && th_ring_state_take_seed (state, seed->secret, now, GRACE);

  changed |= th_ring_state_take_api_seed (state, seed->api_key, seed->api_secret, now, GRACE);
  th_ring_state_drop_expired (state, now);
  return th_ring_state_make_missing (state, now) || changed;
}

static gboolean
check_seed (const ThRingSeed *seed, GError **error)
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
  g_clear_pointer (&self->state, th_ring_state_free);
  g_clear_pointer (&self->users, th_users_unref);
  g_clear_pointer (&self->previous, free_secrets);
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
}

ThSecretRing *
th_secret_ring_open_seeded (const char *directory, const ThRingSeed *seed, GError **error)
{
  g_autoptr (ThSecretRing) self = NULL;
  g_autoptr (ThRingState) state = NULL;
  g_autoptr (ThStore) store = NULL;

  if (!check_seed (seed, error))
    return NULL;
  store = th_store_open (directory, error);
  if (store == NULL)
    return NULL;
  state = read_state (store, directory, error);
  if (state == NULL)
    return NULL;
  if (bring_up_to_date (state, seed, now_in_seconds ()) && !write_state (store, state, error))
    return NULL;

  self = g_object_new (TH_TYPE_SECRET_RING, NULL);
  self->directory = g_strdup (directory);
  self->state = g_steal_pointer (&state);
  self->authenticator = make_authenticator (self);
  return g_steal_pointer (&self);
}

ThSecretRing *
th_secret_ring_open (const char *directory, const char *seed, GError **error)
{
  return th_secret_ring_open_seeded (directory, &(ThRingSeed) { .secret = seed }, error);
}

/* Stores what is to come, and only then puts it in force and takes it over. */
static gboolean
put_in_force (ThSecretRing *self, ThStore *store, ThRingState **state, GError **error)
{
  if (!write_state (store, *state, error))
    return FALSE;
  th_ring_state_free (self->state);
  self->state = g_steal_pointer (state);
  renew_authenticator (self);
  return TRUE;
}

static ThRingState *
copy_state (const ThRingState *state)
{
  gsize length = 0;
  g_autofree char *json = th_ring_state_print (state, &length);
  ThRingState *copy = th_ring_state_parse (json, length, NULL);

  explicit_bzero (json, length);
  return copy;
}

/* (transfer full) (nullable): what is stored now, which another process may have changed */
static ThRingState *
read_stored (ThSecretRing *self, ThStore *store, gint64 now, GError **error)
{
  ThRingState *state = read_state (store, self->directory, error);

  if (state != NULL && th_ring_state_get_current (state) == NULL)
    {
      th_ring_state_free (state); /* somebody removed the file; what is in force goes on */
      state = copy_state (self->state);
    }
  if (state != NULL)
    {
      th_ring_state_drop_expired (state, now);
      th_ring_state_make_missing (state, now);
    }
  return state;
}

gboolean
th_secret_ring_rotate (ThSecretRing *self, ThRingKind kind, GError **error)
{
  g_autoptr (ThStore) store = NULL;
  g_autoptr (ThRingState) state = NULL;
  gint64 now = now_in_seconds ();

  g_return_val_if_fail (TH_IS_SECRET_RING (self), FALSE);

  store = th_store_open (self->directory, error);
  state = store != NULL ? read_stored (self, store, now, error) : NULL;
  if (state == NULL)
    return FALSE;
  th_ring_state_rotate (state, kind, now, GRACE);
  return put_in_force (self, store, &state, error);
}

GArray *
th_secret_ring_revoke (ThSecretRing *self, ThRingKind kind, GError **error)
{
  g_autoptr (ThStore) store = NULL;
  g_autoptr (ThRingState) state = NULL;
  g_autoptr (GArray) generations = NULL;

  g_return_val_if_fail (TH_IS_SECRET_RING (self), NULL);

  store = th_store_open (self->directory, error);
  state = store != NULL ? read_stored (self, store, now_in_seconds (), error) : NULL;
  if (state == NULL)
    return NULL;
  generations = th_ring_state_revoke (state, kind);
  return put_in_force (self, store, &state, error) ? g_steal_pointer (&generations) : NULL;
}

void
th_secret_ring_set_ttl (ThSecretRing *self, gint64 ttl)
{
  g_return_if_fail (TH_IS_SECRET_RING (self) && ttl > 0);

  self->ttl = ttl;
  renew_authenticator (self);
}

void
th_secret_ring_set_previous (ThSecretRing *self, const char *const *secrets)
{
  g_return_if_fail (TH_IS_SECRET_RING (self));

  g_clear_pointer (&self->previous, free_secrets);
  self->previous = g_strdupv ((char **) secrets);
  renew_authenticator (self);
}

gboolean
th_secret_ring_set_users (ThSecretRing *self,
                          const char *realm,
                          const char *const *users,
                          GError **error)
{
  ThUsers *fresh;

  g_return_val_if_fail (TH_IS_SECRET_RING (self), FALSE);

  fresh = th_users_new (realm, users, error);
  if (fresh == NULL)
    return FALSE;
  g_clear_pointer (&self->users, th_users_unref);
  self->users = fresh;
  renew_authenticator (self);
  return TRUE;
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

static gboolean
check_request (const char *user, gint64 ttl, gint64 now, GError **error)
{
  gsize length = strlen (user);

  if (length < 1 || length > TH_CREDENTIAL_USER_MAX || !th_text_is_plain (user, length))
    g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                 "The user name is not allowed; it must be 1 to %d bytes of UTF-8 without control "
                 "characters",
                 TH_CREDENTIAL_USER_MAX);
  else if (ttl < 1 || now < 0 || now > TH_REST_EXPIRY_MAX || ttl > TH_REST_EXPIRY_MAX - now)
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                         "The lifetime is not allowed; it must be 1 second or more, and end before "
                         "the year 10000");
  else
    return TRUE;
  return FALSE;
}

ThCredential *
th_secret_ring_mint (ThSecretRing *self, const char *user, gint64 ttl, gint64 now, GError **error)
{
  g_autoptr (ThCredential) credential = NULL;
  const char *secret;

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && user != NULL, NULL);

  if (!check_request (user, ttl, now, error))
    return NULL;
  secret = th_secret_ring_get_current (self);
  credential = g_new0 (ThCredential, 1);
  credential->ttl = ttl;
  credential->expires_at = now + ttl;
  credential->username = th_rest_make_name (credential->expires_at, user);
  credential->password = g_malloc0 (TH_REST_PASSWORD_SIZE);
  if (th_rest_make_password (secret, strlen (secret), credential->username,
                             strlen (credential->username), credential->password))
    return g_steal_pointer (&credential);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                       "This system's policy forbids HMAC-SHA1, which the REST scheme needs");
  return NULL;
}

/* A name with a time and a colon is the REST scheme's, and never tried as a token's. */
static gboolean
check_user_id (const char *user, GError **error)
{
  ThRestName name;

  if (strchr (user, ':') == NULL || !th_rest_parse_name (&name, user, strlen (user)))
    return TRUE;
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                       "A user id with a time before or after a colon is not allowed here");
  return FALSE;
}

ThCredential *
th_secret_ring_mint_jwt (ThSecretRing *self, const char *user, gint64 now, GError **error)
{
  g_autoptr (ThCredential) credential = NULL;
  const ThRingSecret *api;
  gint64 issued;

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && user != NULL, NULL);

  if (!check_request (user, self->ttl, now, error) || !check_user_id (user, error))
    return NULL;
  api = th_ring_state_get_current_api (self->state);
  issued = th_jwt_get_issue_time (self->ttl, now);
  credential = g_new0 (ThCredential, 1);
  credential->expires_at = issued + self->ttl;
  credential->ttl = credential->expires_at - now;
  credential->username = g_strdup (user);
  credential->password = th_jwt_make (api->key, api->text, user, strlen (user), issued, self->ttl);
  if (credential->password != NULL)
    return g_steal_pointer (&credential);
  g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
                       "This system's policy forbids HMAC-SHA256, which the JWT scheme needs");
  return NULL;
}

ThJwtVerdict
th_secret_ring_check_jwt (ThSecretRing *self, const char *token, gint64 now, char **subject)
{
  ThAcceptedSecret api[TH_RING_SECRETS_MAX];

  g_return_val_if_fail (TH_IS_SECRET_RING (self) && token != NULL, TH_JWT_MALFORMED);

  return th_jwt_check (token, api, list_api_secrets (self, api), now, subject);
}

void
th_credential_free (ThCredential *self)
{
  g_free (self->username);
  th_secret_free (self->password);
  g_free (self);
}
