/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThHandshakes: how many clients of a worker's have begun a handshake and not finished it, in all
 * and of each network (IPv4 /24, IPv6 /48), and how much of a batch goes into handshakes: a step of
 * one costs as much as hundreds of packets.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

/* Of all workers together, and of one network at one worker; others wait. */
#define TH_HANDSHAKES_MAX 1024
#define TH_HANDSHAKES_OF_NETWORK_MAX 64

/* In a batch; whoever else is ready comes before the next ones. */
#define TH_HANDSHAKE_STEPS 4

typedef struct _ThHandshakes ThHandshakes;

/* @all: (transfer none): atomic; what the workers count together */
ThHandshakes *th_handshakes_new (gint *all);
void th_handshakes_free (ThHandshakes *self);

/* FALSE: there are too many; else th_handshakes_end() comes once, however it ends. */
gboolean th_handshakes_begin (ThHandshakes *self, const ThAddress *client);
void th_handshakes_end (ThHandshakes *self, const ThAddress *client);

/* Counts a step. FALSE: not in this batch. */
gboolean th_handshakes_take_step (ThHandshakes *self);
void th_handshakes_begin_batch (ThHandshakes *self);

G_END_DECLS
