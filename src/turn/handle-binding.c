/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * STUN proper: what is my address? Needs no credentials (RFC 8489, section 12). Where the relay has
 * two addresses, Binding also helps to find out how a NAT behaves (RFC 5780, section 6): the answer
 * names the other address, and comes from there if that is asked for. Answers stay as short as that
 * allows, and go to nobody but who asked, so RESPONSE-PORT and PADDING remain unknown here.
 */
#include "turn/server-private.h"

/* CHANGE-REQUEST (RFC 5780, section 7.2) */
#define CHANGE_HOST 0x4
#define CHANGE_PORT 0x2

/* The addresses to change between; NULL if there is one only, and over TCP, where an answer can
 * come only the way the question went. */
static const ThAlternates *
find_alternates (ThTurnExchange *self, ThAlternate *asked)
{
  const ThTurnClient *client = self->client;
  const ThAlternates *alternates = th_turn_config_alternates (self->server->config, &client->local);

  if (client->transport != TH_TRANSPORT_UDP || !th_alternates_find (alternates, &client->local, asked))
    return NULL;
  return alternates;
}

/* Quietly, since anyone may ask. */
static void
answer_error (ThTurnExchange *self, ThStunErrorCode code)
{
  th_counter_add (&self->server->counters.binding_errors, 1);
  th_turn_answer_error_quietly (self, code);
}

/* RFC 5780, sections 7.3 and 7.4 */
static void
add_origin (ThTurnExchange *self,
            const ThAlternates *alternates,
            ThAlternate asked,
            ThAlternate answering)
{
  ThAlternate other = { .host = !asked.host, .port = !asked.port };
  ThAddress origin_address = th_alternates_external (alternates, answering);
  ThAddress other_address = th_alternates_external (alternates, other);

  th_stun_builder_add_address (&self->answer, TH_STUN_RESPONSE_ORIGIN, &origin_address);
  th_stun_builder_add_address (&self->answer, TH_STUN_OTHER_ADDRESS, &other_address);
}

static void
answer_from (ThTurnExchange *self, const ThAlternates *alternates, ThAlternate asked, guint32 change)
{
  ThAlternate answering = {
    .host = asked.host ^ ((change & CHANGE_HOST) != 0),
    .port = asked.port ^ ((change & CHANGE_PORT) != 0),
  };

  add_origin (self, alternates, asked, answering);
  th_turn_answer_send (self);
  if (answering.host == asked.host && answering.port == asked.port)
    return;
  self->action->verb = TH_TURN_TO_CLIENT_FROM;
  self->action->from = th_alternates_internal (alternates, answering);
}

void
th_turn_handle_binding (ThTurnExchange *self)
{
  ThTurnRequest *request = &self->request;
  ThAlternate asked;
  const ThAlternates *alternates = find_alternates (self, &asked);
  guint32 change = 0;

  th_counter_add (&self->server->counters.bindings, 1);
  if (alternates != NULL && th_turn_has (&request->change_request))
    {
      th_turn_request_understand (request, TH_STUN_CHANGE_REQUEST);
      if (!th_stun_attribute_get_u32 (&request->change_request, &change))
        {
          answer_error (self, TH_STUN_BAD_REQUEST);
          return;
        }
    }
  if (request->n_unknown > 0)
    {
      answer_error (self, TH_STUN_UNKNOWN_ATTRIBUTE);
      return;
    }
  th_turn_answer_begin (self, TH_STUN_SUCCESS);
  th_stun_builder_add_xor_address (&self->answer, TH_STUN_XOR_MAPPED_ADDRESS,
                                   &self->client->address);
  if (alternates != NULL)
    answer_from (self, alternates, asked, change);
  else
    th_turn_answer_send (self);
}
