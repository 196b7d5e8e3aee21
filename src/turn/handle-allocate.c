/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Allocate (RFC 8656, section 7): checks what the client asks for, finds relayed transport
 * addresses for it, and says the same again when the same request comes twice.
 */
#include "turn/server-private.h"

#include <errno.h>
#include <string.h>

#include "turn/random.h"

/* Other programs may hold ports of our range: how many to try before giving up. */
#define OPEN_ATTEMPTS 48

#define EVEN_PORT_RESERVE 0x80

typedef enum {
  PORT_ANY,
  PORT_EVEN,
  PORT_EVEN_AND_NEXT,
} PortWish;

/* What the client asks for, understood. */
typedef struct {
  ThStunFamily family;
  gboolean both_families;
  PortWish port;
  const guint8 *token; /* of a reserved port, or NULL */
  gboolean mobile;
  gboolean stream; /* RFC 6062 */
  guint32 lifetime;
} AllocateWish;

/* RFC 6062, section 5.1 */
static guint
read_stream_wish (const ThTurnExchange *self, AllocateWish *wish)
{
  const ThTurnRequest *request = &self->request;

  if (!self->server->config->tcp_relay)
    return TH_STUN_UNSUPPORTED_TRANSPORT;
  if (!th_transport_is_stream (self->client->transport) || th_turn_has (&request->even_port) ||
      th_turn_has (&request->reservation_token) || th_turn_has (&request->dont_fragment))
    return TH_STUN_BAD_REQUEST;
  wish->stream = TRUE;
  return 0;
}

static guint
read_transport (const ThTurnExchange *self, AllocateWish *wish)
{
  const ThStunAttribute *transport = &self->request.requested_transport;

  if (!th_turn_has (transport) || transport->length != 4)
    return TH_STUN_BAD_REQUEST;
  switch (transport->value[0])
    {
    case TH_TURN_TRANSPORT_UDP:
      return 0;
    case TH_TURN_TRANSPORT_TCP:
      return read_stream_wish (self, wish);
    default:
      return TH_STUN_UNSUPPORTED_TRANSPORT;
    }
}

static guint
read_families (const ThTurnRequest *request, AllocateWish *wish)
{
  wish->family = TH_STUN_FAMILY_IPV4;
  wish->both_families = th_turn_has (&request->additional_family);
  if (th_turn_has (&request->requested_family))
    {
      guint family = th_turn_attribute_family (&request->requested_family);

      if (family == 0 && request->requested_family.length != 4)
        return TH_STUN_BAD_REQUEST;
      if (family != TH_STUN_FAMILY_IPV4 && family != TH_STUN_FAMILY_IPV6)
        return TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED;
      wish->family = family;
    }
  if (!wish->both_families)
    return 0;
  if (th_turn_has (&request->requested_family) ||
      th_turn_attribute_family (&request->additional_family) != TH_STUN_FAMILY_IPV6)
    return TH_STUN_BAD_REQUEST;
  return 0;
}

static guint
read_port_wish (const ThTurnRequest *request, AllocateWish *wish)
{
  const ThStunAttribute *even_port = &request->even_port;
  const ThStunAttribute *token = &request->reservation_token;

  if (th_turn_has (token))
    {
      if (token->length != TH_RESERVATION_TOKEN_SIZE || th_turn_has (even_port) ||
          th_turn_has (&request->requested_family) || th_turn_has (&request->additional_family))
        return TH_STUN_BAD_REQUEST;
      wish->token = token->value;
    }
  if (th_turn_has (even_port))
    {
      if (even_port->length != 1)
        return TH_STUN_BAD_REQUEST;
      wish->port = even_port->value[0] & EVEN_PORT_RESERVE ? PORT_EVEN_AND_NEXT : PORT_EVEN;
      if (wish->port == PORT_EVEN_AND_NEXT && wish->both_families)
        return TH_STUN_BAD_REQUEST;
    }
  return 0;
}

/* Returns: 0, or the code to refuse with (RFC 8656, section 7.2, steps 3 to 9) */
static guint
read_wish (const ThTurnExchange *self, AllocateWish *wish)
{
  const ThTurnRequest *request = &self->request;
  guint32 lifetime = 0;
  guint code;

  *wish = (AllocateWish) { 0 };
  code = read_transport (self, wish);
  if (code == 0)
    code = read_families (request, wish);
  if (code == 0)
    code = read_port_wish (request, wish);
  if (code == 0 && th_turn_has (&request->lifetime) &&
      !th_stun_attribute_get_u32 (&request->lifetime, &lifetime))
    code = TH_STUN_BAD_REQUEST;
  wish->lifetime = CLAMP (lifetime, TH_TURN_LIFETIME_DEFAULT, TH_TURN_LIFETIME_MAX);
  return code;
}

static void
set_end (ThTurnExchange *self, ThRelayEnd *end, guint host, guint16 port, gpointer socket)
{
  const ThTurnConfig *config = self->server->config;

  end->host = host;
  end->port = port;
  end->family = th_address_family (&config->hosts[host].internal);
  end->relayed = config->hosts[host].external;
  th_address_set_port (&end->relayed, port);
  end->bound = config->hosts[host].internal;
  th_address_set_port (&end->bound, port);
  end->socket = socket;
}

static gpointer
open_at (ThTurnExchange *self, guint host, guint16 port, gboolean stream, int *error)
{
  ThTurnServer *server = self->server;
  ThAddress address = server->config->hosts[host].internal;

  th_address_set_port (&address, port);
  return server->driver->open_socket (server->user_data, &address, stream, error);
}

static guint16
take_port (ThPorts *ports, guint host, PortWish wish)
{
  switch (wish)
    {
    case PORT_EVEN:
      return th_ports_take_even (ports, host);
    case PORT_EVEN_AND_NEXT:
      return th_ports_take_pair (ports, host);
    case PORT_ANY:
    default:
      return th_ports_take (ports, host);
    }
}

static void
give_back_port (ThPorts *ports, guint host, guint16 port, PortWish wish)
{
  th_ports_give_back (ports, host, port);
  if (wish == PORT_EVEN_AND_NEXT)
    th_ports_give_back (ports, host, port + 1);
}

static gboolean
reserve (ThTurnExchange *self, guint host, guint16 port, gpointer socket, ThTurnAllocation *allocation)
{
  ThReservation reservation = { .host = host, .port = port, .socket = socket };

  g_strlcpy (reservation.user, self->proof.key.user, sizeof reservation.user);
  if (!th_reservations_add (self->server->config->reservations, &reservation, self->server->now))
    return FALSE;
  memcpy (allocation->reservation_token, reservation.token, sizeof reservation.token);
  allocation->has_reservation = TRUE;
  return TRUE;
}

/* Opens the port, and where its neighbour is wanted too, opens and reserves that; both or none. */
static gpointer
open_port (ThTurnExchange *self,
           ThTurnAllocation *allocation,
           guint host,
           guint16 port,
           PortWish wish,
           int *error)
{
  ThTurnServer *server = self->server;
  gpointer socket = open_at (self, host, port, allocation->streams != NULL, error);
  gpointer neighbour;

  if (socket == NULL || wish != PORT_EVEN_AND_NEXT)
    return socket;
  neighbour = open_at (self, host, port + 1, FALSE, error);
  if (neighbour != NULL && reserve (self, host, port + 1, neighbour, allocation))
    return socket;
  if (neighbour != NULL)
    server->driver->close_socket (server->user_data, neighbour);
  server->driver->close_socket (server->user_data, socket);
  return NULL;
}

/* Returns: the code to refuse with */
static guint
refuse_for (ThTurnExchange *self, ThRefusalReason reason, guint code)
{
  self->reason = reason;
  return code;
}

/* Returns: 0, or the code to refuse with */
static guint
open_end (ThTurnExchange *self, ThTurnAllocation *allocation, ThRelayEnd *end, ThStunFamily family,
          PortWish wish)
{
  const ThTurnConfig *config = self->server->config;
  ThPorts *ports = config->ports;
  ThRefusalReason reason = TH_REFUSAL_NO_PORT;
  guint host = th_turn_config_choose_host (config, &self->client->local, family);

  if (host == TH_TURN_NO_HOST)
    return TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED;

  for (guint attempt = 0; attempt < OPEN_ATTEMPTS; attempt++)
    {
      guint16 port = take_port (ports, host, wish);
      gpointer socket;
      int error = 0;

      if (port == 0)
        break;
      socket = open_port (self, allocation, host, port, wish, &error);
      if (socket != NULL)
        {
          set_end (self, end, host, port, socket);
          return 0;
        }
      give_back_port (ports, host, port, wish);
      if (error != EADDRINUSE && error != EACCES)
        {
          reason = TH_REFUSAL_NO_SOCKET;
          break;
        }
    }
  return refuse_for (self, reason, TH_STUN_INSUFFICIENT_CAPACITY);
}

static guint
claim_reserved_end (ThTurnExchange *self, ThRelayEnd *end, const guint8 *token)
{
  ThTurnServer *server = self->server;
  ThReservation reservation;

  if (!th_reservations_claim (server->config->reservations, token, self->proof.key.user,
                              server->now, &reservation))
    return refuse_for (self, TH_REFUSAL_NO_RESERVATION, TH_STUN_INSUFFICIENT_CAPACITY);
  set_end (self, end, reservation.host, reservation.port, reservation.socket);
  return 0;
}

static guint
open_ends (ThTurnExchange *self, ThTurnAllocation *allocation, const AllocateWish *wish)
{
  guint code;

  if (wish->token != NULL)
    return claim_reserved_end (self, &allocation->ends[0], wish->token);

  code = open_end (self, allocation, &allocation->ends[0], wish->family, wish->port);
  if (!wish->both_families)
    return code;

  /* RFC 8656, section 7.2: one of two is a success, with the other's error beside it. */
  allocation->additional_error =
      open_end (self, allocation, &allocation->ends[1], TH_STUN_FAMILY_IPV6, wish->port);
  if (code == 0 || allocation->additional_error != 0)
    return code;
  allocation->additional_error = code;
  return 0;
}

/* Returns: 0, or the code to refuse with */
static guint
take_quota (ThTurnExchange *self)
{
  const ThTurnConfig *config = self->server->config;
  const char *user = self->proof.key.user;
  ThQuotaVerdict verdict = th_quota_take (config->quota, user, 1);

  if (verdict != TH_QUOTA_OK)
    return refuse_for (self,
                       verdict == TH_QUOTA_USER ? TH_REFUSAL_USER_QUOTA : TH_REFUSAL_TOTAL_QUOTA,
                       TH_STUN_ALLOCATION_QUOTA_REACHED);
  if (th_quota_take (config->capacity, user, 1) == TH_QUOTA_OK)
    return 0;
  th_quota_give_back (config->quota, user, 1);
  return refuse_for (self, TH_REFUSAL_CAPACITY, TH_STUN_INSUFFICIENT_CAPACITY);
}

static void
remember_owner (ThTurnExchange *self, ThTurnAllocation *allocation)
{
  const ThStunAttribute *username = &self->request.username;

  if (th_turn_has (username))
    allocation->username = g_strndup ((const char *) username->value, username->length);
  th_turn_hash_user (self, allocation->userhash);
  memcpy (allocation->key, self->proof.key.key, sizeof allocation->key);
  allocation->key_length = self->proof.key.key_length;
  allocation->algorithm = self->proof.algorithm;
}

static ThTurnRecord *
make_record (ThTurnExchange *self, const ThTurnAllocation *allocation)
{
  ThTurnRecord *record = th_turn_record_new (self->proof.key.user);
  guint n_relayed = 0;

  record->transport = self->client->transport;
  record->client = self->client->address;
  record->started_at = self->server->wall;
  record->challenged_at = self->server->wall - th_nonce_age (&self->server->config->nonce_key,
                                                             self->server->now,
                                                             self->request.nonce.value);
  record->expires_at = self->proof.key.expires_at;
  record->secret = self->proof.key.secret;
  for (guint i = 0; i < G_N_ELEMENTS (allocation->ends); i++)
    {
      if (allocation->ends[i].socket != NULL)
        record->relayed[n_relayed++] = allocation->ends[i].relayed;
    }
  return record;
}

static void
begin_life (ThTurnExchange *self, ThTurnAllocation *allocation)
{
  ThTurnServer *server = self->server;

  allocation->record = make_record (self, allocation);
  remember_owner (self, allocation);
  th_allocation_table_add (&server->allocations, allocation);
  th_turn_server_extend (server, allocation, allocation->first_lifetime);
  th_counter_add (&server->counters.allocations, 1);
  th_turn_server_attach_ends (server, allocation);
  if (allocation->mobile)
    th_turn_mobility_begin (server, allocation);
  server->driver->session_started (server->user_data, allocation);
}

/* ADDRESS-ERROR-CODE (RFC 8656, section 18.12): family, then class and number as in ERROR-CODE. */
static void
add_address_error (ThStunBuilder *answer, ThStunFamily family, guint code)
{
  const guint8 value[] = { family, 0, code / 100, code % 100 };

  th_stun_builder_add_bytes (answer, TH_STUN_ADDRESS_ERROR_CODE, value, sizeof value);
}

/* Makes the same bytes every time, until the allocation is gone. */
static void
answer_success (ThTurnExchange *self, const ThTurnAllocation *allocation)
{
  const ThTurnConfig *config = self->server->config;
  ThStunFamily missing = TH_STUN_FAMILY_IPV4;

  th_turn_answer_begin (self, TH_STUN_SUCCESS);
  for (guint i = 0; i < G_N_ELEMENTS (allocation->record->relayed); i++)
    {
      const ThAddress *relayed = &allocation->record->relayed[i];

      if (!th_address_is_set (relayed))
        continue;
      th_stun_builder_add_xor_address (&self->answer, TH_STUN_XOR_RELAYED_ADDRESS, relayed);
      if (th_address_is_ipv4 (relayed))
        missing = TH_STUN_FAMILY_IPV6;
    }
  th_stun_builder_add_xor_address (&self->answer, TH_STUN_XOR_MAPPED_ADDRESS,
                                   &self->client->address);
  th_stun_builder_add_u32 (&self->answer, TH_STUN_LIFETIME, allocation->first_lifetime);
  if (allocation->has_reservation)
    th_stun_builder_add_bytes (&self->answer, TH_STUN_RESERVATION_TOKEN,
                               allocation->reservation_token,
                               sizeof allocation->reservation_token);
  th_turn_mobility_add_ticket (self, allocation);
  if (allocation->additional_error != 0)
    add_address_error (&self->answer, missing, allocation->additional_error);
  if (config->software != NULL)
    th_stun_builder_add_string (&self->answer, TH_STUN_SOFTWARE, config->software);
  th_turn_answer_send (self);
}

static gboolean
is_repetition (const ThTurnExchange *self)
{
  return memcmp (self->allocation->transaction_id,
                 th_stun_message_transaction_id (&self->request.message),
                 TH_STUN_TRANSACTION_ID_SIZE) == 0;
}

/* Any of those that the client can reach, so that clients spread. (nullable) */
static const ThAlternateServer *
choose_alternate_server (const ThTurnExchange *self)
{
  const ThTurnConfig *config = self->server->config;
  ThStunFamily family = th_address_family (&self->client->address);
  const ThAlternateServer *chosen = NULL;
  guint n_fitting = 0;

  for (guint i = 0; i < config->n_alternate_servers; i++)
    {
      const ThAlternateServer *server = &config->alternate_servers[i];

      if (th_address_family (&server->address) == family && th_random_below (++n_fitting) == 0)
        chosen = server;
    }
  return chosen;
}

/* Returns: the code to refuse with */
static guint
refuse_while_draining (ThTurnExchange *self)
{
  self->alternate_server = choose_alternate_server (self);
  return refuse_for (self, TH_REFUSAL_DRAINING,
                     self->alternate_server != NULL ? TH_STUN_TRY_ALTERNATE
                                                    : TH_STUN_INSUFFICIENT_CAPACITY);
}

static guint
allocate (ThTurnExchange *self)
{
  AllocateWish wish;
  g_autofree ThTurnAllocation *allocation = NULL;
  guint code = read_wish (self, &wish);

  if (code == 0)
    code = th_turn_mobility_read_wish (self, &wish.mobile);
  if (code == 0 && th_turn_config_is_draining (self->server->config))
    code = refuse_while_draining (self);
  if (code == 0)
    code = take_quota (self);
  if (code != 0)
    return code;

  allocation = g_new0 (ThTurnAllocation, 1);
  allocation->client = *self->client;
  allocation->first_lifetime = wish.lifetime;
  allocation->mobile = wish.mobile && !wish.stream;
  if (wish.stream)
    th_turn_streams_begin (allocation);
  memcpy (allocation->transaction_id, th_stun_message_transaction_id (&self->request.message),
          TH_STUN_TRANSACTION_ID_SIZE);
  code = open_ends (self, allocation, &wish);
  if (code != 0)
    {
      g_clear_pointer (&allocation->streams, g_ptr_array_unref);
      th_quota_give_back (self->server->config->quota, self->proof.key.user, 1);
      th_quota_give_back (self->server->config->capacity, self->proof.key.user, 1);
      return code;
    }
  begin_life (self, allocation);
  answer_success (self, g_steal_pointer (&allocation));
  return 0;
}

void
th_turn_handle_allocate (ThTurnExchange *self)
{
  guint code;

  if (self->allocation != NULL && is_repetition (self))
    {
      answer_success (self, self->allocation);
      return;
    }
  if (self->allocation != NULL)
    code = refuse_for (self, TH_REFUSAL_SECOND_ALLOCATION, TH_STUN_ALLOCATION_MISMATCH);
  else
    code = allocate (self);
  if (code == TH_STUN_ALLOCATION_QUOTA_REACHED || code == TH_STUN_INSUFFICIENT_CAPACITY)
    th_counter_add (&self->server->counters.quota_refusals, 1);
  if (code == TH_STUN_MOBILITY_FORBIDDEN)
    th_turn_answer_error_quietly (self, code); /* it asks again without, and all is well */
  else if (code != 0)
    th_turn_answer_error (self, code);
}
