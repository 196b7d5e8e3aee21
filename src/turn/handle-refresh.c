/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Refresh (RFC 8656, section 8): a longer life for an allocation, or its end.
 */
#include "turn/server-private.h"

/* Returns: 0, or the code to refuse with; @end stays NULL where the whole allocation is meant */
static guint
choose_end (ThTurnExchange *self, ThRelayEnd **end)
{
  const ThStunAttribute *family = &self->request.requested_family;

  if (!th_turn_has (family))
    return 0;
  if (family->length != 4)
    return TH_STUN_BAD_REQUEST;
  *end = th_turn_allocation_end_for (self->allocation, th_turn_attribute_family (family));
  return *end == NULL ? TH_STUN_PEER_FAMILY_MISMATCH : 0;
}

static gboolean
is_last_end (const ThTurnAllocation *allocation, const ThRelayEnd *end)
{
  for (guint i = 0; i < G_N_ELEMENTS (allocation->ends); i++)
    {
      if (&allocation->ends[i] != end && allocation->ends[i].socket != NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_farewell (const ThStunAttribute *lifetime)
{
  guint32 seconds;

  return th_stun_attribute_get_u32 (lifetime, &seconds) && seconds == 0;
}

static void
answer_lifetime (ThTurnExchange *self, guint32 lifetime)
{
  th_turn_answer_begin (self, TH_STUN_SUCCESS);
  th_stun_builder_add_u32 (&self->answer, TH_STUN_LIFETIME, lifetime);
  if (self->allocation != NULL)
    th_turn_mobility_add_ticket (self, self->allocation);
  th_turn_answer_send (self);
}

void
th_turn_handle_refresh (ThTurnExchange *self)
{
  const ThStunAttribute *attribute = &self->request.lifetime;
  guint32 lifetime = TH_TURN_LIFETIME_DEFAULT;
  ThRelayEnd *end = NULL;
  guint code = 0;

  if (!th_turn_mobility_resolve (self))
    return;
  if (self->allocation == NULL)
    code = TH_STUN_ALLOCATION_MISMATCH;
  else if (th_turn_has (attribute) && !th_stun_attribute_get_u32 (attribute, &lifetime))
    code = TH_STUN_BAD_REQUEST;
  else
    code = choose_end (self, &end);

  if (code == TH_STUN_ALLOCATION_MISMATCH && is_farewell (attribute))
    {
      th_turn_answer_error_quietly (self, code); /* its first farewell came, the answer did not */
      return;
    }
  if (code != 0)
    {
      th_turn_answer_error (self, code);
      return;
    }
  if (lifetime != 0)
    {
      lifetime = CLAMP (lifetime, TH_TURN_LIFETIME_DEFAULT, TH_TURN_LIFETIME_MAX);
      th_turn_server_extend (self->server, self->allocation, lifetime);
      self->server->driver->session_refreshed (self->server->user_data, self->allocation);
    }
  else if (end != NULL && !is_last_end (self->allocation, end))
    {
      th_turn_server_close_end (self->server, end);
    }
  else
    {
      th_turn_server_end (self->server, self->allocation, TH_SESSION_END_REFRESH);
      self->allocation = NULL;
    }
  answer_lifetime (self, lifetime);
}
