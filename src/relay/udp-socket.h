/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThUdpSocket: a datagram socket of a worker's, for listening to clients or for relaying to peers:
 * opening it with the right options, sending parcels, and reading the errors that ICMP brought.
 */
#pragma once

#include "relay/inbox.h"
#include "relay/outbox.h"
#include "relay/poller.h"
#include "relay/udp-send.h"
#include "turn/counter.h"

G_BEGIN_DECLS

/* Why packets were lost here; each written by one worker, or by the one that opens. */
typedef struct {
  guint64 send_error;
  guint64 receive_buffer; /* the kernel's count of what did not fit its buffer */
  guint64 queue_full;     /* on streams whose reader is slow */
} ThDropCounters;

typedef struct {
  ThWatch watch;
  ThOutlet outlet;
  ThUdpSender sender;
  ThDropCounters *drops;
  gpointer owner; /* whoever waits on the watch */
  guint32 lost;   /* the kernel's count when last seen */
  guint expected; /* how many datagrams the next reading may bring, going by the last ones */
} ThUdpSocket;

typedef enum {
  TH_UDP_LISTENER, /* tells to which of our addresses a datagram was sent; large buffers */
  TH_UDP_RELAY,    /* reports ICMP errors */
} ThUdpRole;

/**
 * th_udp_socket_open:
 * @shared: other workers listen on the same address and port
 *
 * Returns: a bound, non-blocking descriptor, or -1 with errno set
 */
int th_udp_socket_open (const ThAddress *address, ThUdpRole role, gboolean shared);

/* @fd becomes the socket's own. Until a worker counts its drops, nothing may be sent. */
void th_udp_socket_init (ThUdpSocket *self, int fd, gboolean ipv6);
void th_udp_socket_count_drops (ThUdpSocket *self, ThDropCounters *drops);
void th_udp_socket_close (ThUdpSocket *self);

/* Lets other sockets of this user's be bound to the same port from now on. */
void th_udp_socket_share_port (ThUdpSocket *self);

/**
 * th_udp_socket_receive:
 * @max: how many it may take before other sockets have their turn
 *
 * Reads what is expected to be there: asking for more would cost one more look into an empty queue.
 * What is left over makes the socket ready again.
 *
 * Returns: how many @runs came in
 */
guint th_udp_socket_receive (ThUdpSocket *self, ThInbox *inbox, guint max, const ThDatagram **runs);

/* An ICMP error about a packet sent to @peer. */
typedef struct {
  ThAddress peer;
  guint8 type;
  guint8 code;
  guint32 data; /* the MTU, where the error is about that */
} ThIcmpError;

/* FALSE when no more is to be read. */
gboolean th_udp_socket_read_error (ThUdpSocket *self, ThIcmpError *error);

G_END_DECLS
