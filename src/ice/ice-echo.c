/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Permissions for both ways at once, then a channel, then marked packets every moment until they
 * are back. A way that is denied or lost does not spoil the other: one is enough.
 */
#include "ice/ice-echo.h"

#include <glib/gi18n.h>
#include <string.h>

#include "stun/bytes.h"
#include "turn/random.h"

#define INTERVAL 200       /* milliseconds between packets */
#define GRACE 600          /* milliseconds for the plain socket once the other way is open */
#define MARK_SIZE 12       /* random bytes by which a way knows its packets */
#define PACKET_SIZE (MARK_SIZE + 4)
#define PACKETS_MAX 64

typedef struct {
  ThIceWay way;
  guint waits_for;   /* permissions not yet answered */
  gboolean refused;
  guint8 mark[MARK_SIZE];
  gboolean echoed;   /* a packet came all the way back */
} Way;

struct _ThIceEcho {
  ThIceLeg *leg;
  ThIceLeg *other; /* nullable */
  guint timeout;
  const ThIceEchoEvents *events;
  gpointer data;
  Way itself;
  Way outside;
  ThAddress denied;
  guint code; /* of the first refusal, 0: not by STUN */
  GError *refusal; /* nullable */
  GSocket *socket; /* nullable: plain */
  GSource *source;
  guint interval; /* source */
  guint grace;    /* source */
  guint limit;    /* source */
  guint n_sent;
  gint64 sent_at[PACKETS_MAX];
  gint64 round_trip;
};

static gboolean
same_family (const ThAddress *a, const ThAddress *b)
{
  return th_address_is_set (a) && th_address_is_set (b) && a->any.sa_family == b->any.sa_family;
}

/* On the relay's own machine a plain socket is not outside: its packets meet no firewall. */
static gboolean
is_outside (const ThAddress *mapped, const ThAddress *relayed)
{
  return same_family (mapped, relayed) && !th_address_same_host (mapped, relayed);
}

static void
pass (ThIceEcho *self, ThIceStageKind stage)
{
  self->events->passed (stage, self->data);
}

static void
stop (ThIceEcho *self)
{
  g_clear_handle_id (&self->interval, g_source_remove);
  g_clear_handle_id (&self->grace, g_source_remove);
  g_clear_handle_id (&self->limit, g_source_remove);
  if (self->source != NULL)
    g_source_destroy (self->source);
  g_clear_pointer (&self->source, g_source_unref);
}

static void
end (ThIceEcho *self)
{
  g_autoptr (GError) error = NULL;

  stop (self);
  if (self->itself.way == TH_ICE_WAY_OPEN || self->outside.way == TH_ICE_WAY_OPEN)
    {
      pass (self, TH_ICE_STAGE_ECHO);
      return;
    }
  error = g_error_new_literal (TH_ICE_ERROR, TH_ICE_ERROR_LOST,
                               _("What is sent through the relay does not arrive."));
  self->events->failed (0, error, self->data);
}

/* Nothing more to be learned? */
static void
end_if_done (ThIceEcho *self)
{
  gboolean itself_done = self->itself.way != TH_ICE_WAY_LOST;
  gboolean outside_done =
      self->outside.way == TH_ICE_WAY_OPEN
          ? self->outside.echoed || self->itself.way == TH_ICE_WAY_OPEN
          : self->outside.way != TH_ICE_WAY_LOST;

  if (itself_done && outside_done)
    end (self);
}

static void
write_packet (ThIceEcho *self, const Way *way, guint8 *packet)
{
  memcpy (packet, way->mark, MARK_SIZE);
  th_write_u32 (packet + MARK_SIZE, self->n_sent);
}

/* Until an echo comes back, a way that is tried counts as lost. */
static void
send_packets (ThIceEcho *self)
{
  guint8 packet[PACKET_SIZE];

  self->sent_at[self->n_sent] = g_get_monotonic_time ();
  if (self->itself.way == TH_ICE_WAY_LOST)
    {
      write_packet (self, &self->itself, packet);
      th_ice_leg_send_on_channel (self->leg, packet, sizeof packet);
    }
  if (self->socket != NULL)
    {
      write_packet (self, &self->outside, packet);
      g_socket_send (self->socket, (const char *) packet, sizeof packet, NULL, NULL);
    }
  self->n_sent++;
}

static gboolean
on_interval (gpointer data)
{
  ThIceEcho *self = data;

  if (self->n_sent < PACKETS_MAX)
    send_packets (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
on_limit (gpointer data)
{
  ThIceEcho *self = data;

  self->limit = 0;
  end (self);
  return G_SOURCE_REMOVE;
}

static gboolean
on_grace_over (gpointer data)
{
  ThIceEcho *self = data;

  self->grace = 0;
  if (self->itself.way == TH_ICE_WAY_OPEN)
    end (self);
  return G_SOURCE_REMOVE;
}

static gboolean
is_packet_of (const Way *way, const guint8 *bytes, gsize length)
{
  return length == PACKET_SIZE && memcmp (bytes, way->mark, MARK_SIZE) == 0;
}

static void
measure (ThIceEcho *self, const guint8 *bytes)
{
  guint32 number = th_read_u32 (bytes + MARK_SIZE);

  if (number < self->n_sent && self->round_trip == 0)
    self->round_trip = g_get_monotonic_time () - self->sent_at[number];
}

static gboolean
on_socket_ready (GSocket *socket, GIOCondition condition, gpointer data)
{
  ThIceEcho *self = data;
  guint8 bytes[PACKET_SIZE + 1];
  gssize length = g_socket_receive (socket, (char *) bytes, sizeof bytes, NULL, NULL);

  if (length < 0 || !is_packet_of (&self->outside, bytes, length))
    return G_SOURCE_CONTINUE;
  self->outside.echoed = TRUE;
  measure (self, bytes);
  end_if_done (self);
  return G_SOURCE_CONTINUE;
}

/* A plain socket of the relayed address' family, "connected" so that others cannot send to it. */
static void
open_socket (ThIceEcho *self)
{
  const ThAddress *relayed = th_ice_leg_get_relayed (self->leg);
  g_autoptr (GSocketAddress) address =
      g_socket_address_new_from_native ((gpointer) relayed, th_address_size (relayed));
  g_autoptr (GSocket) socket =
      g_socket_new (g_socket_address_get_family (address), G_SOCKET_TYPE_DATAGRAM,
                    G_SOCKET_PROTOCOL_UDP, NULL);

  if (socket == NULL)
    return;
  g_socket_set_blocking (socket, FALSE);
  if (!g_socket_connect (socket, address, NULL, NULL))
    return;
  self->source = g_socket_create_source (socket, G_IO_IN, NULL);
  g_source_set_callback (self->source, G_SOURCE_FUNC (on_socket_ready), self, NULL);
  g_source_attach (self->source, NULL);
  self->socket = g_steal_pointer (&socket);
}

static gboolean
is_permitted (const Way *way)
{
  return way->way == TH_ICE_WAY_LOST;
}

static void
on_bound (guint code, const GError *error, gpointer data)
{
  ThIceEcho *self = data;

  if (error != NULL)
    {
      self->events->failed (code, error, self->data);
      return;
    }
  if (is_permitted (&self->outside))
    open_socket (self);
  send_packets (self);
  self->interval = g_timeout_add (INTERVAL, on_interval, self);
  self->grace = g_timeout_add (GRACE, on_grace_over, self);
  self->limit = g_timeout_add (self->timeout, on_limit, self);
  pass (self, TH_ICE_STAGE_CHANNEL);
}

static void
go_on_with_channel (ThIceEcho *self)
{
  const ThAddress *peer = is_permitted (&self->itself) ? th_ice_leg_get_relayed (self->other)
                                                       : th_ice_leg_get_mapped (self->leg);

  th_ice_leg_bind (self->leg, peer, on_bound, self);
  pass (self, TH_ICE_STAGE_PERMISSION);
}

static void
note_refusal (ThIceEcho *self, const ThAddress *peer, guint code, const GError *error)
{
  if (code == TH_STUN_FORBIDDEN && !th_address_is_set (&self->denied))
    self->denied = *peer;
  if (self->refusal != NULL)
    return;
  self->code = code;
  self->refusal = g_error_copy (error);
}

static void
settle_way (Way *way, guint code, const GError *error)
{
  way->waits_for--;
  way->refused |= error != NULL;
  if (way->refused && code == TH_STUN_FORBIDDEN)
    way->way = TH_ICE_WAY_DENIED;
  else if (way->waits_for == 0 && !way->refused)
    way->way = TH_ICE_WAY_LOST; /* until shown otherwise */
}

static void
settle_permissions (ThIceEcho *self)
{
  if (self->itself.waits_for > 0 || self->outside.waits_for > 0)
    return;
  if (is_permitted (&self->itself) || is_permitted (&self->outside))
    go_on_with_channel (self);
  else
    self->events->failed (self->code, self->refusal, self->data);
}

static void
on_permitted_to_other (guint code, const GError *error, gpointer data)
{
  ThIceEcho *self = data;

  if (error != NULL)
    note_refusal (self, th_ice_leg_get_relayed (self->other), code, error);
  settle_way (&self->itself, code, error);
  settle_permissions (self);
}

static void
on_permitted_from_other (guint code, const GError *error, gpointer data)
{
  ThIceEcho *self = data;

  if (error != NULL)
    note_refusal (self, th_ice_leg_get_relayed (self->leg), code, error);
  settle_way (&self->itself, code, error);
  settle_permissions (self);
}

static void
on_permitted_outside (guint code, const GError *error, gpointer data)
{
  ThIceEcho *self = data;

  if (error != NULL)
    note_refusal (self, th_ice_leg_get_mapped (self->leg), code, error);
  settle_way (&self->outside, code, error);
  settle_permissions (self);
}

ThIceEcho *
th_ice_echo_new (ThIceLeg *leg,
                 ThIceLeg *other,
                 guint timeout,
                 const ThIceEchoEvents *events,
                 gpointer data)
{
  const ThAddress *relayed = th_ice_leg_get_relayed (leg);
  gboolean itself = other != NULL && same_family (relayed, th_ice_leg_get_relayed (other));
  gboolean outside = is_outside (th_ice_leg_get_mapped (leg), relayed);
  ThIceEcho *self;

  if (!itself && !outside)
    return NULL;
  self = g_new0 (ThIceEcho, 1);
  self->leg = leg;
  self->other = other;
  self->timeout = timeout;
  self->events = events;
  self->data = data;
  th_random_bytes (self->itself.mark, MARK_SIZE);
  th_random_bytes (self->outside.mark, MARK_SIZE);
  self->itself.waits_for = itself ? 2 : 0;
  self->outside.waits_for = outside ? 1 : 0;
  if (itself)
    {
      th_ice_leg_permit (leg, th_ice_leg_get_relayed (other), on_permitted_to_other, self);
      th_ice_leg_permit (other, relayed, on_permitted_from_other, self);
    }
  if (outside)
    th_ice_leg_permit (leg, th_ice_leg_get_mapped (leg), on_permitted_outside, self);
  return self;
}

void
th_ice_echo_free (ThIceEcho *self)
{
  stop (self);
  g_clear_error (&self->refusal);
  g_clear_object (&self->socket);
  g_free (self);
}

/* What comes out at the far end goes back the way it came. */
void
th_ice_echo_take (ThIceEcho *self,
                  ThIceLeg *from,
                  const ThAddress *peer,
                  const guint8 *bytes,
                  gsize length)
{
  if (self->limit == 0)
    return; /* not yet, or no more */
  if (is_packet_of (&self->itself, bytes, length))
    {
      if (from == self->other)
        {
          th_ice_leg_send_to (from, peer, bytes, length);
          return;
        }
      self->itself.way = TH_ICE_WAY_OPEN;
      measure (self, bytes);
    }
  else if (is_packet_of (&self->outside, bytes, length) && from == self->leg)
    {
      self->outside.way = TH_ICE_WAY_OPEN;
      if (th_address_is_set (peer))
        th_ice_leg_send_to (from, peer, bytes, length);
      else
        th_ice_leg_send_on_channel (from, bytes, length);
    }
  end_if_done (self);
}

ThIceWay
th_ice_echo_get_to_itself (ThIceEcho *self)
{
  return self->itself.way;
}

ThIceWay
th_ice_echo_get_from_outside (ThIceEcho *self)
{
  return self->outside.way;
}

const ThAddress *
th_ice_echo_get_denied (ThIceEcho *self)
{
  return &self->denied;
}

gint64
th_ice_echo_get_round_trip (ThIceEcho *self)
{
  return self->round_trip;
}
