/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mobility (RFC 8016): a client that has got another address keeps its allocation. It shows the
 * ticket it was given, and that it is the same user; then the five-tuple changes, and nothing else.
 * Where the kernel gave the new address to another worker, the allocation goes there as a whole.
 */
#include "turn/server-private.h"

#include <string.h>

static void
issue (ThTurnServer *self, ThTurnAllocation *allocation)
{
  ThTicketHolder holder = { .owner = self->user_data, .allocation = allocation->record->id };

  memcpy (holder.userhash, allocation->userhash, sizeof holder.userhash);
  th_tickets_issue (self->config->tickets, &holder, allocation->ticket);
}

static void
withdraw_former (ThTurnServer *self, ThTurnAllocation *allocation)
{
  if (allocation->former_expires != 0)
    th_tickets_withdraw (self->config->tickets, allocation->former_ticket);
  allocation->former_expires = 0;
}

static gboolean
is_current (const ThTurnAllocation *allocation, const ThStunAttribute *ticket)
{
  return allocation->mobile && memcmp (allocation->ticket, ticket->value, TH_TICKET_SIZE) == 0;
}

static gboolean
is_former (const ThTurnServer *self,
           const ThTurnAllocation *allocation,
           const ThStunAttribute *ticket)
{
  return allocation->former_expires > self->now &&
         memcmp (allocation->former_ticket, ticket->value, TH_TICKET_SIZE) == 0;
}

/* Section 3.2.2 */
static gboolean
is_holder (const ThTurnExchange *self, const ThTicketHolder *holder)
{
  guint8 hash[TH_STUN_USERHASH_SIZE];

  th_turn_hash_user (self, hash);
  return memcmp (holder->userhash, hash, sizeof hash) == 0;
}

static void
let_client_go (ThTurnServer *self, ThTurnAllocation *allocation)
{
  th_allocation_table_remove (&self->allocations, allocation);
  self->driver->client_left (self->user_data, &allocation->client);
}

/* The ticket that the client came with stays good for a while. If that is the former one, the client
 * has never seen the current one. */
static void
renew_ticket (ThTurnServer *self, ThTurnAllocation *allocation, const ThStunAttribute *used)
{
  if (is_former (self, allocation, used))
    {
      th_tickets_withdraw (self->config->tickets, allocation->ticket);
    }
  else
    {
      withdraw_former (self, allocation);
      memcpy (allocation->former_ticket, allocation->ticket, sizeof allocation->ticket);
    }
  allocation->former_expires = self->now + TH_TICKET_GRACE_US;
  th_tickets_update (self->config->tickets, allocation->former_ticket, self->user_data,
                     allocation->former_expires);
  issue (self, allocation);
}

/* From here on the allocation is the client's at its new address. @used: the ticket it came with */
static void
move (ThTurnServer *self,
      ThTurnAllocation *allocation,
      const ThTurnClient *client,
      const ThStunAttribute *used)
{
  allocation->client = *client;
  allocation->away = FALSE;
  th_allocation_table_add (&self->allocations, allocation);
  renew_ticket (self, allocation, used);
  self->driver->session_moved (self->user_data, allocation);
}

static gboolean
refuse (ThTurnExchange *self, ThStunErrorCode code)
{
  th_turn_answer_error (self, code);
  return FALSE;
}

/* Returns: as th_turn_mobility_resolve() */
static gboolean
take_from_elsewhere (ThTurnExchange *self, const ThTicketHolder *holder)
{
  const ThTurnServer *server = self->server;
  const ThStunMessage *message = &self->request.message;

  if (self->settled)
    return refuse (self, TH_STUN_ALLOCATION_MISMATCH);
  server->driver->hand_over (server->user_data, holder->owner, holder->allocation, self->client,
                             message->bytes, message->length);
  return FALSE;
}

guint
th_turn_mobility_read_wish (const ThTurnExchange *self, gboolean *wished)
{
  const ThStunAttribute *ticket = &self->request.ticket;

  *wished = th_turn_has (ticket);
  if (!*wished)
    return 0;
  if (!self->server->config->mobility)
    return TH_STUN_MOBILITY_FORBIDDEN;
  return ticket->length == 0 ? 0 : TH_STUN_BAD_REQUEST;
}

void
th_turn_mobility_begin (ThTurnServer *self, ThTurnAllocation *allocation)
{
  g_hash_table_insert (self->mobile, &allocation->record->id, allocation);
  issue (self, allocation);
}

void
th_turn_mobility_wait (ThTurnServer *self, ThTurnAllocation *allocation)
{
  guint8 nobody[16] = { 0x01 }; /* 100::/64 leads nowhere (RFC 6666), and nobody sends from port 0 */

  memcpy (nobody + 8, &allocation->record->id, sizeof allocation->record->id);
  th_allocation_table_remove (&self->allocations, allocation);
  allocation->client.transport = TH_TRANSPORT_UDP;
  allocation->client.path = NULL;
  th_address_init_bytes (&allocation->client.address, TH_STUN_FAMILY_IPV6, nobody, 0);
  allocation->away = TRUE;
  th_allocation_table_add (&self->allocations, allocation);
}

void
th_turn_mobility_end (ThTurnServer *self, ThTurnAllocation *allocation)
{
  if (!allocation->mobile)
    return;
  withdraw_former (self, allocation);
  th_tickets_withdraw (self->config->tickets, allocation->ticket);
  g_hash_table_remove (self->mobile, &allocation->record->id);
}

gboolean
th_turn_mobility_resolve (ThTurnExchange *self)
{
  ThTurnServer *server = self->server;
  const ThStunAttribute *ticket = &self->request.ticket;
  ThTicketHolder holder;

  if (!th_turn_has (ticket))
    return TRUE;
  if (!server->config->mobility && (self->allocation == NULL || !self->allocation->mobile))
    {
      th_turn_answer_error_quietly (self, TH_STUN_MOBILITY_FORBIDDEN);
      return FALSE;
    }
  if (ticket->length != TH_TICKET_SIZE)
    return refuse (self, TH_STUN_BAD_REQUEST);
  if (self->allocation != NULL) /* it has moved already, and may only have missed the answer */
    return is_current (self->allocation, ticket) || is_former (server, self->allocation, ticket) ||
           refuse (self, TH_STUN_BAD_REQUEST);
  if (!th_tickets_find (server->config->tickets, ticket->value, server->now, &holder))
    return refuse (self, TH_STUN_BAD_REQUEST);
  if (!is_holder (self, &holder))
    return refuse (self, TH_STUN_WRONG_CREDENTIALS);
  if (holder.owner != server->user_data)
    return take_from_elsewhere (self, &holder);

  self->allocation = g_hash_table_lookup (server->mobile, &holder.allocation);
  if (self->allocation == NULL || (!is_current (self->allocation, ticket) &&
                                   !is_former (server, self->allocation, ticket)))
    {
      self->allocation = NULL;
      return refuse (self, TH_STUN_BAD_REQUEST);
    }
  let_client_go (server, self->allocation);
  move (server, self->allocation, self->client, ticket);
  return TRUE;
}

void
th_turn_mobility_add_ticket (ThTurnExchange *self, const ThTurnAllocation *allocation)
{
  if (allocation->mobile)
    th_stun_builder_add_bytes (&self->answer, TH_STUN_MOBILITY_TICKET, allocation->ticket,
                               sizeof allocation->ticket);
}

ThTurnAllocation *
th_turn_server_release (ThTurnServer *self, guint64 id)
{
  ThTurnAllocation *allocation = g_hash_table_lookup (self->mobile, &id);

  if (allocation == NULL) /* it has ended, or gone on to yet another server */
    return NULL;
  th_turn_server_detach_ends (self, allocation);
  th_timer_wheel_cancel (self->wheel, &allocation->timer);
  let_client_go (self, allocation);
  g_hash_table_remove (self->mobile, &id);
  return allocation;
}

void
th_turn_server_adopt (ThTurnServer *self,
                      ThTurnAllocation *allocation,
                      const ThTurnClient *client,
                      const guint8 *bytes,
                      gsize length,
                      ThTurnAction *action)
{
  ThTurnRequest request;

  th_turn_action_begin (action);
  if (allocation != NULL && (th_allocation_table_find (&self->allocations, client) != NULL ||
                             !th_turn_request_parse (&request, bytes, length)))
    th_turn_server_bury (self, g_steal_pointer (&allocation)); /* it made another one meanwhile */
  if (allocation != NULL)
    {
      g_hash_table_insert (self->mobile, &allocation->record->id, allocation);
      th_turn_server_attach_ends (self, allocation);
      th_timer_wheel_set (self->wheel, &allocation->timer,
                          (allocation->expires + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
      move (self, allocation, client, &request.ticket);
    }
  th_turn_server_handle_message (self, client, bytes, length, TRUE, action);
}

void
th_turn_server_bury (ThTurnServer *self, ThTurnAllocation *allocation)
{
  allocation->client = (ThTurnClient) { .transport = TH_TRANSPORT_UDP }; /* nobody's any more */
  th_turn_server_dispose (self, allocation, TH_SESSION_END_CLIENT_GONE);
}
