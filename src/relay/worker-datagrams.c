/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of a packet through a worker: from a socket into the inbox, past the TURN server, which
 * says what to do with it, into the outbox.
 */
#include "relay/worker-private.h"

/* How many datagrams, or runs of them, one socket may bring before the others have their turn. */
#define LISTENER_BATCH 64
#define RELAY_BATCH 16
#define ICMP_BATCH 16

/* How many batches from the open socket, before a direct one is read for the first time. */
#define OLDER_BATCHES 64

/* Only who asked gets an answer; all else is media, also what comes from another client here. */
static void
post_to_client (ThWorker *self, const ThTurnAction *action, const ThTurnClient *asker)
{
  const ThTurnClient *client = action->client;
  gboolean datagram = !th_transport_is_stream (client->transport);
  ThOutlet *outlet = datagram ? &((ThUdpListener *) client->path)->udp.outlet
                              : &((ThConnection *) client->path)->outlet;
  ThParcel *parcel = th_outbox_post (self->outbox, outlet, action->head_length, action->payload,
                                     action->payload_length, action->tail);

  parcel->control = client == asker;
  if (!datagram)
    return;
  parcel->to = client->address;
  if (((ThUdpListener *) client->path)->any_host)
    parcel->from = client->local;
}

/* From another of our addresses than the one that was asked; nothing where that is not bound. */
static void
post_to_client_from (ThWorker *self, const ThTurnAction *action)
{
  ThTurnClient client = *action->client;
  ThTurnAction other = *action;

  other.client = &client;
  for (guint i = 0; i < self->udp_listeners->len; i++)
    {
      client.path = self->udp_listeners->pdata[i];
      if (!th_address_equal (&((ThUdpListener *) client.path)->address, &action->from))
        continue;
      post_to_client (self, &other, &client);
      return;
    }
}

/* Before the packet that proved it worth while, so that it does not overtake the ones before. */
static void
connect_directly (ThWorker *self, ThRelaySocket *socket, const ThAddress *peer)
{
  th_outbox_flush_outlet (self->outbox, &socket->open.outlet);
  th_outbox_flush_outlet (self->outbox, &socket->direct.outlet);
  if (th_relay_socket_connect (socket, peer) &&
      !th_poller_add (self->poller, &socket->direct.watch, EPOLLIN))
    th_relay_socket_disconnect (socket); /* what came to it would never be read */
}

static void
post_to_peer (ThWorker *self, const ThTurnAction *action)
{
  ThRelaySocket *socket = action->end->socket;
  gboolean deserves_direct;
  ThUdpSocket *way = th_relay_socket_choose (socket, &action->peer, &deserves_direct);
  ThParcel *parcel;

  if (G_UNLIKELY (deserves_direct))
    {
      connect_directly (self, socket, &action->peer);
      way = th_relay_socket_choose (socket, &action->peer, &deserves_direct);
    }
  parcel = th_outbox_post (self->outbox, &way->outlet, 0, action->payload, action->payload_length, 0);
  parcel->dont_fragment = action->dont_fragment;
  if (!way->sender.connected)
    parcel->to = action->peer;
}

/* @asker: the client whose message this comes of; NULL: none, it came from a peer */
static void
post (ThWorker *self, const ThTurnAction *action, const ThTurnClient *asker)
{
  if (action->verb == TH_TURN_TO_PEER)
    post_to_peer (self, action);
  else if (action->verb == TH_TURN_TO_CLIENT &&
           action->client->transport == TH_TRANSPORT_DTLS)
    th_worker_post_dtls (self, action->client->path, action);
  else if (action->verb == TH_TURN_TO_CLIENT)
    post_to_client (self, action, asker);
  else if (action->verb == TH_TURN_TO_CLIENT_FROM)
    post_to_client_from (self, action);
}

static void
begin_action (ThWorker *self, ThTurnAction *action)
{
  if (!th_outbox_has_room (self->outbox))
    th_outbox_flush (self->outbox);
  action->head = th_outbox_head (self->outbox);
}

void
th_worker_handle_from_client (ThWorker *self,
                              const ThTurnClient *client,
                              const guint8 *bytes,
                              gsize length)
{
  ThTurnAction action;

  begin_action (self, &action);
  th_turn_server_from_client (self->turn, client, bytes, length, &action);
  post (self, &action, client);
}

static void
handle_from_peer (ThWorker *self,
                  ThRelayEnd *end,
                  const ThAddress *peer,
                  const guint8 *bytes,
                  gsize length)
{
  ThTurnAction action;

  begin_action (self, &action);
  th_turn_server_from_peer (self->turn, end, peer, bytes, length, &action);
  post (self, &action, NULL);
}

void
th_worker_make_room (ThWorker *self)
{
  if (th_inbox_room (self->inbox) > 0)
    return;
  th_outbox_flush (self->outbox);
  th_inbox_empty (self->inbox);
}

/* Its first byte tells what it is: any port takes both. */
static void
handle_datagram (ThWorker *self,
                 ThUdpListener *listener,
                 ThTurnClient *client,
                 const guint8 *bytes,
                 gsize length)
{
  if (th_dtls_is_record (bytes, length))
    {
      client->transport = TH_TRANSPORT_DTLS;
      th_worker_handle_dtls (self, listener, client, bytes, length);
    }
  else
    {
      client->transport = TH_TRANSPORT_UDP;
      th_worker_handle_from_client (self, client, bytes, length);
    }
}

void
th_worker_on_udp_listener_ready (ThWatch *watch, guint32 events)
{
  ThUdpListener *listener = ((ThUdpSocket *) watch)->owner;
  ThWorker *self = listener->worker;
  const ThDatagram *datagrams;
  guint n;

  th_worker_make_room (self);
  n = th_udp_socket_receive (&listener->udp, self->inbox, LISTENER_BATCH, &datagrams);
  for (guint i = 0; i < n; i++)
    {
      ThTurnClient client = {
        .address = datagrams[i].from,
        .local = listener->address,
        .path = listener,
      };
      const guint8 *bytes;
      gsize length;
      gsize offset = 0;

      if (listener->any_host && th_address_is_set (&datagrams[i].local))
        {
          client.local = datagrams[i].local;
          th_address_set_port (&client.local, th_address_port (&listener->address));
        }
      while (th_run_next (&datagrams[i], &offset, &bytes, &length))
        handle_datagram (self, listener, &client, bytes, length);
    }
}

static void
report_icmp_errors (ThWorker *self, ThUdpSocket *udp, ThRelayEnd *end)
{
  ThIcmpError error;

  for (guint i = 0; i < ICMP_BATCH && th_udp_socket_read_error (udp, &error); i++)
    {
      ThTurnAction action;

      begin_action (self, &action);
      th_turn_server_from_icmp (self->turn, end, &error.peer, error.type, error.code,
                                error.data, &action);
      post (self, &action, NULL);
    }
}

/* Returns: how many datagrams, or runs of them, there were */
static guint
receive_from_peers (ThWorker *self, ThRelaySocket *socket, ThUdpSocket *udp)
{
  const ThDatagram *datagrams;
  guint n;

  th_worker_make_room (self);
  n = th_udp_socket_receive (udp, self->inbox, RELAY_BATCH, &datagrams);
  for (guint i = 0; i < n; i++)
    {
      const guint8 *bytes;
      gsize length;
      gsize offset = 0;

      while (th_run_next (&datagrams[i], &offset, &bytes, &length))
        handle_from_peer (self, socket->end, &datagrams[i].from, bytes, length);
    }
  return n;
}

/*
 * What the peer sent before it had a socket of its own waits at the open one, and comes first.
 *
 * Returns: FALSE if there may be more of it
 */
static gboolean
receive_older (ThWorker *self, ThRelaySocket *socket)
{
  for (guint i = 0; socket->older_waits && i < OLDER_BATCHES; i++)
    socket->older_waits = receive_from_peers (self, socket, &socket->open) > 0;
  return !socket->older_waits;
}

void
th_worker_on_relay_socket_ready (ThWatch *watch, guint32 events)
{
  ThUdpSocket *udp = (ThUdpSocket *) watch;
  ThRelaySocket *socket = udp->owner;
  ThWorker *self = socket->worker;

  if (events & EPOLLERR)
    report_icmp_errors (self, udp, socket->end);
  if (udp == &socket->open || receive_older (self, socket))
    receive_from_peers (self, socket, udp);
}
