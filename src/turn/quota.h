/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How many allocations each user and all users together hold, against the limits. Shared by all
 * workers; any thread may call.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ThQuota ThQuota;

typedef enum {
  TH_QUOTA_OK,
  TH_QUOTA_USER,  /* the user would have too many */
  TH_QUOTA_TOTAL, /* all together would */
} ThQuotaVerdict;

/* @per_user, @total: the most allocations held at a time; 0: no limit */
ThQuota *th_quota_new (guint per_user, guint total);
ThQuota *th_quota_ref (ThQuota *self);
void th_quota_unref (ThQuota *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThQuota, th_quota_unref)

/* New limits for those who come; what is held already stays held. */
void th_quota_set_limits (ThQuota *self, guint per_user, guint total);

/**
 * th_quota_take:
 * @user: users are told apart by this text, byte for byte
 * @count: how many to take, all or none; 0 takes nothing and is always %TH_QUOTA_OK
 */
ThQuotaVerdict th_quota_take (ThQuota *self, const char *user, guint count);

/* Gives back what th_quota_take() took; a user who holds nothing any more takes no memory. */
void th_quota_give_back (ThQuota *self, const char *user, guint count);

G_END_DECLS
