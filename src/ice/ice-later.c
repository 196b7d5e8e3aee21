/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One more leg, with a credential that no clock should find old.
 */
#include "ice/ice-later.h"

#include <gio/gio.h>

#include "credentials/secret.h"
#include "ice/ice-server-list.h"
#include "stun/defs.h"

#define LATER (10 * 365 * G_GINT64_CONSTANT (86400)) /* seconds */

struct _ThIceLater {
  ThIceServer *server;
  ThIceLeg *leg; /* NULL: could not be opened */
  ThIceLaterFunc done;
  gpointer data;
};

static void
on_passed (ThIceStageKind stage, gpointer data)
{
  ThIceLater *self = data;

  if (stage == TH_ICE_STAGE_ALLOCATE)
    self->done (TH_ICE_RETRY_ACCEPTED, self->data);
}

static void
on_failed (guint code, const GError *error, gpointer data)
{
  ThIceLater *self = data;

  self->done (code == TH_STUN_UNAUTHENTICATED ? TH_ICE_RETRY_REFUSED : TH_ICE_RETRY_UNTRIED,
              self->data);
}

static const ThIceLegEvents events = {
  .passed = on_passed,
  .failed = on_failed,
};

ThIceLater *
th_ice_later_new (const ThIceServer *server,
                  const ThAddress *remote,
                  const char *secret,
                  ThIceTrust *trust,
                  guint timeout,
                  ThIceLaterFunc done,
                  gpointer data)
{
  ThIceLogin login = { .secret = secret };
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (ThIceLater) self = g_new0 (ThIceLater, 1);

  self->server = th_ice_server_copy (server);
  self->done = done;
  self->data = data;
  g_clear_pointer (&self->server->username, g_free);
  g_clear_pointer (&self->server->password, th_secret_free);
  if (th_ice_login_make (&login, now + LATER, &self->server->username, &self->server->password))
    self->leg =
        th_ice_leg_new (self->server, remote, FALSE, trust, timeout, &events, self, NULL);
  return self->leg != NULL ? g_steal_pointer (&self) : NULL;
}

void
th_ice_later_free (ThIceLater *self)
{
  g_clear_pointer (&self->leg, th_ice_leg_free);
  th_ice_server_free (self->server);
  g_free (self);
}
