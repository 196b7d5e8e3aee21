/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Static users: from "name:password" to keys, and finding one by the hash of name and realm, which
 * is also how RFC 8489's USERHASH names them.
 */
#include "credentials/users.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/ring.h"
#include "credentials/secret.h"
#include "stun/integrity.h"

struct _ThUsers
{
  char *realm;
  guint count;
  ThUser *users;
};

static gboolean
fail (guint number, const char *what, GError **error)
{
  /* Translators: %1$u counts the users of a list, %2$s is what is wrong with one of them */
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE,
               _("The static user in place %1$u: %2$s"), number, what);
  return FALSE;
}

static gsize
make_key (ThStunPasswordAlgorithm algorithm,
          const char *name,
          const char *realm,
          const char *password,
          guint8 *key)
{
  return th_stun_long_term_key (algorithm, name, strlen (name), realm, strlen (realm), password,
                                strlen (password), key);
}

/* Returns what is wrong; NULL if nothing is. */
static const char *
fill_user (ThUser *user, const char *realm, const char *given_name, const char *given_password)
{
  g_autofree char *name = NULL;
  g_autoptr (ThSecretText) password = NULL;

  if (!th_text_is_plain (given_name, strlen (given_name)) ||
      !th_text_is_plain (given_password, strlen (given_password)))
    return _("not text; allowed: UTF-8 without control characters");

  name = th_stun_prepare_string (given_name);
  password = th_stun_prepare_string (given_password);
  if (name == NULL || *name == '\0' || strlen (name) >= sizeof user->name ||
      strchr (name, ':') != NULL)
    return _("a name that is not allowed; allowed: 1 to 127 bytes without a colon");
  if (password == NULL || *password == '\0')
    return _("a password that is not allowed; allowed: any but empty");

  *user = (ThUser) { 0 };
  g_strlcpy (user->name, name, sizeof user->name);
  th_stun_userhash (name, strlen (name), realm, strlen (realm), user->userhash);
  user->md5_length = make_key (TH_STUN_ALGORITHM_MD5, name, realm, password, user->md5_key);
  user->sha256_length =
      make_key (TH_STUN_ALGORITHM_SHA256, name, realm, password, user->sha256_key);
  return NULL;
}

static gboolean
read_pair (ThUser *user, const char *realm, const char *pair, guint number, GError **error)
{
  const char *colon = strchr (pair, ':');
  g_autofree char *name = NULL;
  const char *wrong;

  if (colon == NULL)
    return fail (number, _("not a pair; allowed: name:password"), error);
  name = g_strndup (pair, colon - pair);
  wrong = fill_user (user, realm, name, colon + 1);
  return wrong == NULL || fail (number, wrong, error);
}

gboolean
th_user_make (ThUser *self,
              const char *realm,
              const char *name,
              const char *password,
              GError **error)
{
  const char *wrong = fill_user (self, realm, name, password);

  if (wrong == NULL)
    return TRUE;
  g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_VALUE, _("The user: %s"), wrong);
  return FALSE;
}

static void
free_contents (gpointer data)
{
  ThUsers *self = data;

  if (self->users != NULL)
    explicit_bzero (self->users, self->count * sizeof *self->users);
  g_free (self->users);
  g_free (self->realm);
}

ThUsers *
th_users_new (const char *realm, const char *const *pairs, GError **error)
{
  g_autoptr (ThUsers) self = g_atomic_rc_box_new0 (ThUsers);

  self->realm = g_strdup (realm);
  self->users = g_new0 (ThUser, g_strv_length ((char **) pairs));
  for (; pairs[self->count] != NULL; self->count++)
    {
      ThUser *user = &self->users[self->count];

      if (!read_pair (user, realm, pairs[self->count], self->count + 1, error))
        return NULL;
      if (th_users_find (self, user->userhash) != NULL)
        {
          explicit_bzero (user, sizeof *user);
          fail (self->count + 1, "has the name of another; allowed: each name once", error);
          return NULL;
        }
    }
  return g_steal_pointer (&self);
}

ThUsers *
th_users_new_with (const ThUsers *base, const ThUser *const *more, guint n_more)
{
  ThUsers *self = g_atomic_rc_box_new0 (ThUsers);

  self->realm = g_strdup (base->realm);
  self->users = g_new0 (ThUser, base->count + n_more);
  for (guint i = 0; i < base->count; i++)
    self->users[self->count++] = base->users[i];
  for (guint i = 0; i < n_more; i++)
    if (th_users_find (self, more[i]->userhash) == NULL)
      self->users[self->count++] = *more[i];
  return self;
}

ThUsers *
th_users_ref (ThUsers *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
th_users_unref (ThUsers *self)
{
  g_atomic_rc_box_release_full (self, free_contents);
}

const char *
th_users_get_realm (const ThUsers *self)
{
  return self->realm;
}

guint
th_users_get_count (const ThUsers *self)
{
  return self->count;
}

const ThUser *
th_users_get (const ThUsers *self, guint place)
{
  g_return_val_if_fail (place < self->count, NULL);
  return &self->users[place];
}

const ThUser *
th_users_find (const ThUsers *self, const guint8 *userhash)
{
  const ThUser *found = NULL;

  for (guint i = 0; i < self->count; i++)
    if (th_equal_in_constant_time (self->users[i].userhash, userhash, TH_STUN_USERHASH_SIZE))
      found = &self->users[i];
  return found;
}
