/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The count of allocations of each user who has any, in a hash table under a lock.
 */
#include "turn/quota.h"

struct _ThQuota {
  gatomicrefcount references;
  GMutex lock; /* for all below */
  guint per_user;
  guint total;
  guint held;          /* by all together */
  GHashTable *by_user; /* name -> count, never 0 */
};

static gboolean
fits (guint held, guint count, guint limit)
{
  if (limit == 0)
    limit = G_MAXUINT;
  return held <= limit && count <= limit - held;
}

static guint
held_by_user (ThQuota *self, const char *user)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->by_user, user));
}

static void
set_held_by_user (ThQuota *self, const char *user, guint held)
{
  if (held > 0)
    g_hash_table_replace (self->by_user, g_strdup (user), GUINT_TO_POINTER (held));
  else
    g_hash_table_remove (self->by_user, user);
}

ThQuota *
th_quota_new (guint per_user, guint total)
{
  ThQuota *self = g_new0 (ThQuota, 1);

  g_atomic_ref_count_init (&self->references);
  g_mutex_init (&self->lock);
  self->per_user = per_user;
  self->total = total;
  self->by_user = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

ThQuota *
th_quota_ref (ThQuota *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
th_quota_unref (ThQuota *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_hash_table_unref (self->by_user);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
th_quota_set_limits (ThQuota *self, guint per_user, guint total)
{
  g_mutex_lock (&self->lock);
  self->per_user = per_user;
  self->total = total;
  g_mutex_unlock (&self->lock);
}

ThQuotaVerdict
th_quota_take (ThQuota *self, const char *user, guint count)
{
  ThQuotaVerdict verdict = TH_QUOTA_OK;
  guint held;

  if (count == 0)
    return TH_QUOTA_OK;

  g_mutex_lock (&self->lock);
  held = held_by_user (self, user);
  if (!fits (held, count, self->per_user))
    verdict = TH_QUOTA_USER;
  else if (!fits (self->held, count, self->total))
    verdict = TH_QUOTA_TOTAL;
  else
    {
      set_held_by_user (self, user, held + count);
      self->held += count;
    }
  g_mutex_unlock (&self->lock);
  return verdict;
}

void
th_quota_give_back (ThQuota *self, const char *user, guint count)
{
  gboolean was_taken;
  guint held;

  g_mutex_lock (&self->lock);
  held = held_by_user (self, user);
  was_taken = count <= held;
  if (was_taken)
    {
      set_held_by_user (self, user, held - count);
      self->held -= count;
    }
  g_mutex_unlock (&self->lock);
  g_return_if_fail (was_taken);
}
