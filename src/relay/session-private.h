/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How ThRelay makes a ThSession and keeps it fresh.
 */
#pragma once

#include "relay/session.h"
#include "turn/record.h"

/* Takes a reference to @record. */
ThSession *th_session_new (ThTurnRecord *record);

/* The client has named that peer; @channel: it bound to it, or 0. */
void th_session_add_peer (ThSession *self, const ThAddress *peer, guint16 channel);

/* The client has come to another address (RFC 8016). */
void th_session_move (ThSession *self, const ThAddress *client, ThTransport transport);

void th_session_note_refresh (ThSession *self);
void th_session_note_end (ThSession *self, ThSessionEnd why);

/* Reads the counters anew: bytes, rates, age. @now: monotonic microseconds */
void th_session_refresh (ThSession *self, gint64 now);
