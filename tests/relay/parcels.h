/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random parcels for tests of how packets are grouped, the plain way to send them, one by one, and
 * what arrives of them: that is what any grouping must come to.
 */
#pragma once

#include "peer.h"
#include "relay/outbox.h"

#define RECEIVERS 4

/* A socket to send from, and those who receive. */
typedef struct {
  int fd;
  gboolean ipv6;
  gboolean connected; /* to the first receiver, and all parcels go there */
  Peer receivers[RECEIVERS];
} Route;

/* @ipv6: else IPv4, with several hosts on both sides */
void route_open (Route *self, gboolean ipv6, gboolean connected);
void route_close (Route *self);

typedef struct {
  ThParcel *parcels; /* chained in their order */
  guint n;
  GByteArray *bytes;
} Parcels;

/**
 * parcels_random:
 * @most: at most so many; fewer where the receivers could not hold them
 * @largest: of any datagram; bytes
 *
 * Runs of one size and destination, with or without a shorter end, between single ones of any
 * size, nothing at all included.
 */
Parcels *parcels_random (const Route *route, guint most, gsize largest);

/* @n parcels to the first receiver, all of one length but the last, which may be shorter */
Parcels *parcels_run (const Route *route, guint n, gsize length);
void parcels_free (Parcels *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Parcels, parcels_free)

/* One call each, without any grouping. Returns: how many the kernel did not take */
guint parcels_send_plainly (const Parcels *self, const Route *route);

/* One datagram that came. */
typedef struct {
  ThAddress from;
  GBytes *bytes;
} Arrival;

/* What has come to each receiver, in its order. */
typedef struct {
  GPtrArray *at[RECEIVERS]; /* (element-type Arrival) */
  guint n;
} Arrivals;

/* Waits for so many, and takes all that is there. */
void arrivals_collect (Arrivals *self, const Route *route, guint expected);
void arrivals_clear (Arrivals *self);

/* The same datagrams of the same senders, in the same order. */
void arrivals_assert_equal (const Arrivals *a, const Arrivals *b);

/**
 * parcels_compare_ways:
 * @segmentation: lets the kernel cut runs up, where it knows how
 *
 * Sends all plainly, then grouped: the same must arrive, and what the kernel does not take must be
 * counted.
 */
void parcels_compare_ways (const Parcels *self, const Route *route, gboolean segmentation);
