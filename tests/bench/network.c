/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clients have one port, or a connection each; peers have another port. A host's number is what
 * its address has more than the first.
 */
#include "network.h"

#include "port.h"
#include "stream.h"
#include "stun/bytes.h"

struct _Network {
  const Options *options;
  const NetworkFuncs *funcs;
  gpointer user_data;
  Flow *flows;
  ThAddress stranger;
  Port *clients; /* NULL over TCP */
  Port *peers;
  Streams *streams; /* NULL over UDP */
  guint64 strays;
};

static guint32
host_number (const ThAddress *host)
{
  return g_ntohl (host->v4.sin_addr.s_addr);
}

static ThAddress
nth_host (const ThAddress *first, guint index, guint16 port)
{
  guint32 number = host_number (first) + index;
  ThAddress host = *first;

  host.v4.sin_addr.s_addr = g_htonl (number);
  th_address_set_port (&host, port);
  return host;
}

/* Returns: FALSE if it is none of ours */
static gboolean
find_host (const Network *self, const ThAddress *first, const ThAddress *host, guint *index)
{
  *index = host_number (host) - host_number (first);
  return *index < self->options->flows;
}

static void
on_client_datagram (const ThAddress *from,
                    const ThAddress *local,
                    const guint8 *bytes,
                    gsize length,
                    gint64 now,
                    gpointer user_data)
{
  Network *self = user_data;
  guint flow;

  if (find_host (self, &self->options->client_net, local, &flow) &&
      th_address_equal (from, &self->options->server))
    self->funcs->at_client (flow, bytes, length, now, self->user_data);
  else
    self->strays++;
}

static void
on_client_frame (guint flow, const guint8 *frame, gsize length, gint64 now, gpointer user_data)
{
  Network *self = user_data;

  self->funcs->at_client (flow, frame, length, now, self->user_data);
}

static void
on_peer_datagram (const ThAddress *from,
                  const ThAddress *local,
                  const guint8 *bytes,
                  gsize length,
                  gint64 now,
                  gpointer user_data)
{
  Network *self = user_data;
  guint flow;

  if (find_host (self, &self->options->peer_net, local, &flow) &&
      th_address_equal (from, &self->flows[flow].relayed))
    self->funcs->at_peer (flow, bytes, length, now, self->user_data);
  else
    self->strays++;
}

static void
make_flows (Network *self)
{
  const Options *options = self->options;

  self->flows = g_new0 (Flow, options->flows);
  for (guint i = 0; i < options->flows; i++)
    {
      Flow *flow = &self->flows[i];

      flow->peer = nth_host (&options->peer_net, i, port_number (self->peers));
      flow->client = nth_host (&options->client_net, i, options->tcp ? 0 : port_number (self->clients));
    }
}

Network *
network_new (const Options *options, const NetworkFuncs *funcs, gpointer user_data)
{
  Network *self = g_new0 (Network, 1);

  self->options = options;
  self->funcs = funcs;
  self->user_data = user_data;
  self->peers = port_new (options->segment, options->coalesce);
  if (options->tcp)
    self->streams = streams_new (options->flows, options->tls);
  else
    self->clients = port_new (options->segment, options->coalesce);
  make_flows (self);
  self->stranger = nth_host (&options->peer_net, options->flows, port_number (self->peers));
  return self;
}

void
network_free (Network *self)
{
  g_clear_pointer (&self->clients, port_free);
  g_clear_pointer (&self->streams, streams_free);
  port_free (self->peers);
  g_free (self->flows);
  g_free (self);
}

Flow *
network_flows (Network *self)
{
  return self->flows;
}

void
network_send_from_client (Network *self,
                          guint flow,
                          const void *head,
                          gsize head_length,
                          const guint8 *body,
                          gsize body_length)
{
  static const guint8 padding[3];

  if (self->clients != NULL)
    {
      port_post (self->clients, &self->flows[flow].client, &self->options->server, head, head_length,
                 body, body_length);
      return;
    }
  /* only now, since a server may not wait for long for one that says nothing */
  if (!streams_is_connected (self->streams, flow))
    streams_connect (self->streams, flow, &self->flows[flow].client, &self->options->server);
  streams_post (self->streams, flow, head, head_length);
  streams_post (self->streams, flow, body, body_length);
  streams_post (self->streams, flow, padding,
                th_padded_length (head_length + body_length) - head_length - body_length);
}

void
network_send_from_peer (Network *self,
                        guint flow,
                        const void *head,
                        gsize head_length,
                        const guint8 *body,
                        gsize body_length)
{
  port_post (self->peers, &self->flows[flow].peer, &self->flows[flow].relayed, head, head_length,
             body, body_length);
}

void
network_send_from_stranger (Network *self, guint flow, const guint8 *body, gsize length)
{
  port_post (self->peers, &self->stranger, &self->flows[flow].relayed, NULL, 0, body, length);
}

void
network_flush (Network *self)
{
  if (self->clients != NULL)
    port_flush (self->clients);
  else
    streams_flush (self->streams);
  port_flush (self->peers);
}

void
network_receive (Network *self)
{
  if (self->clients != NULL)
    port_receive (self->clients, on_client_datagram, self);
  else
    streams_receive (self->streams, on_client_frame, self);
  port_receive (self->peers, on_peer_datagram, self);
}

guint64
network_strays (const Network *self)
{
  return self->strays;
}
