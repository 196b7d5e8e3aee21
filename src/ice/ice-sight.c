/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a leg and an echo to plain values.
 */
#include "ice/ice-sight.h"

#include <string.h>

#include "credentials/rest.h"

/* Seconds since 1970; 0 where the user name tells none. */
static gint64
read_expiry (const ThIceServer *server)
{
  ThRestName name;

  if (server->username == NULL ||
      !th_rest_parse_name (&name, server->username, strlen (server->username)))
    return 0;
  return name.expires_at;
}

void
th_ice_sight_take_leg (ThIceSight *self, ThIceLeg *leg)
{
  const ThIceCertificate *certificate = th_ice_leg_get_certificate (leg);

  th_ice_leg_get_local (leg, &self->seen.local);
  self->seen.mapped = *th_ice_leg_get_mapped (leg);
  if (th_address_is_set (th_ice_leg_get_relayed (leg)))
    self->seen.relayed = *th_ice_leg_get_relayed (leg);
  g_free (self->software);
  self->software = g_strdup (th_ice_leg_get_software (leg));
  if (certificate != NULL && self->certificate == NULL)
    self->certificate = th_ice_certificate_copy (certificate);
}

void
th_ice_sight_take_echo (ThIceSight *self, ThIceEcho *echo)
{
  self->seen.to_itself = th_ice_echo_get_to_itself (echo);
  self->seen.from_outside = th_ice_echo_get_from_outside (echo);
  self->seen.denied = *th_ice_echo_get_denied (echo);
  self->round_trip = th_ice_echo_get_round_trip (echo);
}

char *
th_ice_sight_describe (const ThIceSight *self, ThIceStageKind stage)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (stage == TH_ICE_STAGE_CONNECT)
    return g_strdup (th_address_format (&self->seen.remote, text));
  if (stage == TH_ICE_STAGE_TLS)
    return g_strdup_printf ("%s, %s", self->certificate->protocol, self->certificate->names);
  if (stage == TH_ICE_STAGE_BINDING)
    return g_strdup (th_address_format (&self->seen.mapped, text));
  return g_strdup (th_address_format (&self->seen.relayed, text));
}

void
th_ice_sight_tell (const ThIceSight *self, ThIcePathFacts *path)
{
  path->remote = self->seen.remote;
  path->local = self->seen.local;
  path->mapped = self->seen.mapped;
  path->relayed = self->seen.relayed;
  path->denied = self->seen.denied;
  path->to_itself = self->seen.to_itself;
  path->from_outside = self->seen.from_outside;
  path->later_credential = self->seen.later_credential;
  path->credential_expires_at = read_expiry (path->server);
  if (self->certificate == NULL)
    return;
  path->certificate_not_before = self->certificate->not_before;
  path->certificate_not_after = self->certificate->not_after;
  path->certificate_names = g_strdup (self->certificate->names);
}

void
th_ice_sight_clear (ThIceSight *self)
{
  g_clear_pointer (&self->certificate, th_ice_certificate_free);
  g_clear_pointer (&self->software, g_free);
}
