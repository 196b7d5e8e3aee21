/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A leg goes by itself from the socket to the allocation; what it is used for then is up to the
 * path. Frees itself from within callbacks as its link and client do.
 */
#include "ice/ice-leg.h"

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <string.h>

#include "ice/ice-client.h"
#include "stun/bytes.h"

#define DATA_MAX 256 /* bytes; echoes are shorter */

struct _ThIceLeg {
  const ThIceServer *server;
  gboolean with_binding;
  const ThIceLegEvents *events;
  gpointer data;
  ThIceLink *link;
  ThIceClient *client;
  guint timer; /* source: while it connects and shakes hands; 0: none */
  guint timeout;
  gboolean asked_for_ipv6;
  gboolean released;
  ThAddress mapped;
  ThAddress relayed;
  GPtrArray *asks; /* (element-type Ask): under way */
};

/* A request about a peer. */
typedef struct {
  ThIceLeg *leg;
  ThAddress peer;
  ThIceLegFunc done;
  gpointer data;
} Ask;

typedef struct {
  const ThAddress *peer;
  const guint8 *bytes;
  gsize length;
} Parcel;

static void ask_binding (ThIceLeg *self);
static void ask_allocate (ThIceLeg *self);

static void
write_lifetime_0 (ThStunBuilder *builder, gpointer data)
{
  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 0);
}

static void
stop_timer (ThIceLeg *self)
{
  g_clear_handle_id (&self->timer, g_source_remove);
}

static gboolean
on_timeout (gpointer data)
{
  ThIceLeg *self = data;
  g_autoptr (GError) error =
      g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_TIMEOUT, _("No answer came in time."));

  self->timer = 0;
  self->events->failed (0, error, self->data);
  return G_SOURCE_REMOVE;
}

static void
start_timer (ThIceLeg *self)
{
  stop_timer (self);
  self->timer = g_timeout_add (self->timeout, on_timeout, self);
}

static void
go_on_with_requests (ThIceLeg *self)
{
  if (self->with_binding)
    ask_binding (self);
  else
    ask_allocate (self);
}

/* Callbacks of the link may end in freeing this leg: each tells at its very end. */

static void
on_link_connected (gpointer data)
{
  ThIceLeg *self = data;

  stop_timer (self);
  if (th_ice_transport_is_secure (self->server->transport))
    start_timer (self);
  else
    go_on_with_requests (self);
  self->events->passed (TH_ICE_STAGE_CONNECT, self->data);
}

static void
on_link_secured (gpointer data)
{
  ThIceLeg *self = data;

  stop_timer (self);
  go_on_with_requests (self);
  self->events->passed (TH_ICE_STAGE_TLS, self->data);
}

static void
on_link_failed (const GError *error, gpointer data)
{
  ThIceLeg *self = data;

  stop_timer (self);
  self->events->failed (0, error, self->data);
}

static void
take_data_indication (ThIceLeg *self, const guint8 *frame, gsize length)
{
  ThStunMessage message;
  ThStunAttribute peer, payload;
  ThAddress address;

  if (th_stun_message_parse (&message, frame, length) &&
      message.class == TH_STUN_INDICATION && message.method == TH_STUN_DATA &&
      th_stun_message_find (&message, TH_STUN_XOR_PEER_ADDRESS, &peer) &&
      th_stun_attribute_get_xor_address (&peer, &message, &address) &&
      th_stun_message_find (&message, TH_STUN_DATA_ATTRIBUTE, &payload))
    self->events->received (&address, payload.value, payload.length, self->data);
}

static void
on_link_received (const guint8 *frame, gsize length, gpointer data)
{
  ThIceLeg *self = data;
  const ThAddress none = TH_ADDRESS_NONE;
  gsize payload = th_read_u16 (frame + 2);

  if (th_read_u16 (frame) == TH_ICE_CHANNEL)
    {
      if (TH_CHANNEL_HEADER_SIZE + payload <= length)
        self->events->received (&none, frame + TH_CHANNEL_HEADER_SIZE, payload, self->data);
    }
  else if (!th_ice_client_receive (self->client, frame, length))
    take_data_indication (self, frame, length);
}

static const ThIceLinkEvents link_events = {
  .connected = on_link_connected,
  .secured = on_link_secured,
  .received = on_link_received,
  .failed = on_link_failed,
};

/* XOR-MAPPED-ADDRESS, or what servers of RFC 3489 say in its place. */
static gboolean
read_mapped (const ThStunMessage *answer, ThAddress *mapped)
{
  ThStunAttribute attribute;

  if (th_stun_message_find (answer, TH_STUN_XOR_MAPPED_ADDRESS, &attribute))
    return th_stun_attribute_get_xor_address (&attribute, answer, mapped);
  return th_stun_message_find (answer, TH_STUN_MAPPED_ADDRESS, &attribute) &&
         th_stun_attribute_get_address (&attribute, mapped);
}

static gboolean
read_relayed (const ThStunMessage *answer, ThAddress *relayed)
{
  ThStunAttribute attribute;

  return th_stun_message_find (answer, TH_STUN_XOR_RELAYED_ADDRESS, &attribute) &&
         th_stun_attribute_get_xor_address (&attribute, answer, relayed);
}

static void
fail_with_garbage (ThIceLeg *self, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_GARBAGE, message);

  self->events->failed (0, error, self->data);
}

static void
on_bound (const ThStunMessage *answer, guint code, const GError *error, gpointer data)
{
  ThIceLeg *self = data;

  if (answer == NULL)
    self->events->failed (code, error, self->data);
  else if (!read_mapped (answer, &self->mapped))
    fail_with_garbage (self, _("The answer names no address."));
  else
    {
      if (self->server->kind == TH_ICE_TURN)
        ask_allocate (self);
      self->events->passed (TH_ICE_STAGE_BINDING, self->data);
    }
}

static void
ask_binding (ThIceLeg *self)
{
  th_ice_client_request (self->client, TH_STUN_BINDING, NULL, on_bound, self);
}

static void
write_allocate (ThStunBuilder *builder, gpointer data)
{
  ThIceLeg *self = data;

  th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_TRANSPORT,
                           (guint32) TH_TURN_TRANSPORT_UDP << 24);
  if (self->asked_for_ipv6)
    th_stun_builder_add_u32 (builder, TH_STUN_REQUESTED_ADDRESS_FAMILY,
                             (guint32) TH_STUN_FAMILY_IPV6 << 24);
}

/* A relay with IPv6 addresses alone wants to be asked for them (RFC 8656, section 7.2). */
static void
on_allocated (const ThStunMessage *answer, guint code, const GError *error, gpointer data)
{
  ThIceLeg *self = data;

  if (code == TH_STUN_ADDRESS_FAMILY_NOT_SUPPORTED && !self->asked_for_ipv6)
    {
      self->asked_for_ipv6 = TRUE;
      ask_allocate (self);
    }
  else if (answer == NULL)
    self->events->failed (code, error, self->data);
  else if (!read_relayed (answer, &self->relayed))
    fail_with_garbage (self, _("The answer names no relayed address."));
  else
    {
      read_mapped (answer, &self->mapped);
      self->events->passed (TH_ICE_STAGE_ALLOCATE, self->data);
    }
}

static void
ask_allocate (ThIceLeg *self)
{
  th_ice_client_request (self->client, TH_STUN_ALLOCATE, write_allocate, on_allocated, self);
}

ThIceLeg *
th_ice_leg_new (const ThIceServer *server,
                const ThAddress *remote,
                gboolean with_binding,
                ThIceTrust *trust,
                guint timeout,
                const ThIceLegEvents *events,
                gpointer data,
                GError **error)
{
  g_autofree ThIceLeg *self = g_new0 (ThIceLeg, 1);

  self->link = th_ice_link_new (server->transport, remote, server->host, trust, &link_events, self,
                                error);
  if (self->link == NULL)
    return NULL;
  self->server = server;
  self->with_binding = with_binding;
  self->timeout = timeout;
  self->events = events;
  self->data = data;
  self->client = th_ice_client_new (self->link, server, timeout);
  self->asks = g_ptr_array_new_with_free_func (g_free);
  start_timer (self);
  return g_steal_pointer (&self);
}

void
th_ice_leg_set_preface (ThIceLeg *self, const char *preface)
{
  th_ice_link_set_preface (self->link, preface);
}

void
th_ice_leg_free (ThIceLeg *self)
{
  stop_timer (self);
  if (!self->released && th_ice_client_is_challenged (self->client))
    th_ice_client_request_once (self->client, TH_STUN_REFRESH, write_lifetime_0, NULL);
  th_ice_client_free (self->client);
  th_ice_link_free (self->link);
  g_ptr_array_unref (self->asks);
  g_free (self);
}

const ThAddress *
th_ice_leg_get_mapped (ThIceLeg *self)
{
  return &self->mapped;
}

const ThAddress *
th_ice_leg_get_relayed (ThIceLeg *self)
{
  return &self->relayed;
}

void
th_ice_leg_get_local (ThIceLeg *self, ThAddress *local)
{
  th_ice_link_get_local (self->link, local);
}

const char *
th_ice_leg_get_software (ThIceLeg *self)
{
  return th_ice_client_get_software (self->client);
}

const ThIceCertificate *
th_ice_leg_get_certificate (ThIceLeg *self)
{
  return th_ice_link_get_certificate (self->link);
}

static void
on_answered (const ThStunMessage *answer, guint code, const GError *error, gpointer data)
{
  Ask ask = *(Ask *) data;

  g_ptr_array_remove_fast (ask.leg->asks, data);
  ask.done (code, error, ask.data);
}

static void
ask_about (ThIceLeg *self,
           const ThAddress *peer,
           ThStunMethod method,
           ThIceWriteFunc write,
           ThIceLegFunc done,
           gpointer data)
{
  Ask *ask = g_new0 (Ask, 1);

  ask->leg = self;
  ask->peer = *peer;
  ask->done = done;
  ask->data = data;
  g_ptr_array_add (self->asks, ask);
  th_ice_client_request (self->client, method, write, on_answered, ask);
}

static void
write_permission (ThStunBuilder *builder, gpointer data)
{
  const Ask *ask = data;

  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &ask->peer);
}

static void
write_channel (ThStunBuilder *builder, gpointer data)
{
  const Ask *ask = data;

  th_stun_builder_add_u32 (builder, TH_STUN_CHANNEL_NUMBER, (guint32) TH_ICE_CHANNEL << 16);
  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &ask->peer);
}

static void
write_parcel (ThStunBuilder *builder, gpointer data)
{
  const Parcel *parcel = data;

  th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, parcel->peer);
  th_stun_builder_add_bytes (builder, TH_STUN_DATA_ATTRIBUTE, parcel->bytes, parcel->length);
}

void
th_ice_leg_permit (ThIceLeg *self, const ThAddress *peer, ThIceLegFunc done, gpointer data)
{
  ask_about (self, peer, TH_STUN_CREATE_PERMISSION, write_permission, done, data);
}

void
th_ice_leg_bind (ThIceLeg *self, const ThAddress *peer, ThIceLegFunc done, gpointer data)
{
  th_ice_link_expect_channel (self->link, TH_ICE_CHANNEL);
  ask_about (self, peer, TH_STUN_CHANNEL_BIND, write_channel, done, data);
}

void
th_ice_leg_send_on_channel (ThIceLeg *self, const guint8 *bytes, gsize length)
{
  guint8 frame[TH_CHANNEL_HEADER_SIZE + DATA_MAX] = { 0 };

  g_return_if_fail (length <= DATA_MAX && length % 4 == 0); /* so that streams need no padding */
  th_write_u16 (frame, TH_ICE_CHANNEL);
  th_write_u16 (frame + 2, length);
  memcpy (frame + TH_CHANNEL_HEADER_SIZE, bytes, length);
  th_ice_link_send (self->link, frame, TH_CHANNEL_HEADER_SIZE + length);
}

void
th_ice_leg_send_to (ThIceLeg *self, const ThAddress *peer, const guint8 *bytes, gsize length)
{
  Parcel parcel = { .peer = peer, .bytes = bytes, .length = length };

  th_ice_client_indicate (self->client, TH_STUN_SEND, write_parcel, &parcel);
}

void
th_ice_leg_release (ThIceLeg *self, ThIceLegFunc done, gpointer data)
{
  const ThAddress none = TH_ADDRESS_NONE;

  self->released = TRUE;
  ask_about (self, &none, TH_STUN_REFRESH, write_lifetime_0, done, data);
}
