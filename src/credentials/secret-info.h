/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSecretInfo: what may be shown of one secret of the ring: its number and its times, never its
 * text. Does not change once made; the list it stands in gets another in its place.
 */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define TH_TYPE_SECRET_INFO (th_secret_info_get_type ())
G_DECLARE_FINAL_TYPE (ThSecretInfo, th_secret_info, TH, SECRET_INFO, GObject)

/*
 * Properties (all read-only):
 *   generation  guint     its number, as ThTurnKey and ThSession tell it
 *   current     boolean   what is minted with; else it is a former one
 *   created     gint64    seconds since 1970, UTC
 *   expires-at  gint64    when it is accepted no longer; 0: none
 */
ThSecretInfo *th_secret_info_new (guint generation,
                                  gboolean current,
                                  gint64 created,
                                  gint64 expires_at);

guint th_secret_info_get_generation (ThSecretInfo *self);
gboolean th_secret_info_is_current (ThSecretInfo *self);
gint64 th_secret_info_get_created (ThSecretInfo *self);
gint64 th_secret_info_get_expires_at (ThSecretInfo *self);

/* Whether both say the same. */
gboolean th_secret_info_equal (ThSecretInfo *self, ThSecretInfo *other);

G_END_DECLS
