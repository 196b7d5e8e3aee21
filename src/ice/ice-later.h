/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceLater: after a 401, would a credential that ends years later have been good? If so, the
 * secret is right, and the server's clock is ahead. Main context.
 */
#pragma once

#include "ice/ice-leg.h"

G_BEGIN_DECLS

typedef struct _ThIceLater ThIceLater;

/* May free what calls it. */
typedef void (*ThIceLaterFunc) (ThIceRetry outcome, gpointer data);

/**
 * th_ice_later_new:
 * @secret: shared with the server
 *
 * Returns: (transfer full) (nullable): %NULL where it cannot be tried
 */
ThIceLater *th_ice_later_new (const ThIceServer *server,
                              const ThAddress *remote,
                              const char *secret,
                              ThIceTrust *trust,
                              guint timeout,
                              ThIceLaterFunc done,
                              gpointer data);
void th_ice_later_free (ThIceLater *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceLater, th_ice_later_free)

G_END_DECLS
