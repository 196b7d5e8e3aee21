/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Port: one UDP socket that plays thousands of hosts. It is bound to every address of this network
 * namespace; each datagram names the one that it leaves from, and tells the one that it came to.
 * So one call carries datagrams of many hosts, and the load costs less than what it is put on.
 */
#pragma once

#include "stun/address.h"

typedef struct _Port Port;

/* The head of a datagram is copied, its body must stay until the port is flushed. */
#define PORT_HEAD_MAX 32

/**
 * PortFunc:
 * @local: the host it came to; port 0
 * @now: when it was read; nanoseconds of the monotonic clock
 */
typedef void (*PortFunc) (const ThAddress *from,
                          const ThAddress *local,
                          const guint8 *bytes,
                          gsize length,
                          gint64 now,
                          gpointer user_data);

/**
 * port_new:
 * @segment: sends consecutive datagrams of one size and way as one (UDP_SEGMENT)
 * @coalesce: takes runs of them as one (UDP_GRO)
 *
 * Ends the program if it cannot have what it needs.
 */
Port *port_new (gboolean segment, gboolean coalesce);
void port_free (Port *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Port, port_free)

guint16 port_number (const Port *self);

/* @from, @to: must stay until the port is flushed, and are told apart by their place in memory */
void port_post (Port *self,
                const ThAddress *from,
                const ThAddress *to,
                const void *head,
                gsize head_length,
                const guint8 *body,
                gsize body_length);

/* Sends what was posted. */
void port_flush (Port *self);

/* Hands over what is there, in one go; does not wait. */
void port_receive (Port *self, PortFunc func, gpointer user_data);
