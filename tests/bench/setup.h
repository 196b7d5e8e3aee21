/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Setup: the requests that make and end the allocations of all flows, many at a time, with
 * long-term credentials (RFC 8489, section 9.2).
 */
#pragma once

#include "flow.h"

typedef struct _Setup Setup;

typedef void (*SetupSendFunc) (guint index, const guint8 *bytes, gsize length, gpointer user_data);

typedef struct {
  Flow *flows;
  guint n_flows;
  const char *user;
  const char *password;
  guint parallel;    /* requests under way at one time */
  gboolean reliable; /* nothing needs to be said again */
} SetupPlan;

/* @plan: what it points to must outlive the setup */
Setup *setup_new (const SetupPlan *plan, SetupSendFunc send, gpointer user_data);
void setup_free (Setup *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Setup, setup_free)

/* From now on every flow asks for that: ALLOCATE, CHANNEL_BIND, or REFRESH, which ends it. */
void setup_begin (Setup *self, guint16 method);

/* To be called often: sends what is due. FALSE when all flows have had their answer. */
gboolean setup_go_on (Setup *self, gint64 now);

/* A STUN message that came for that flow; ends the program if it is a refusal. */
void setup_take (Setup *self, guint index, const guint8 *bytes, gsize length);

guint setup_retransmissions (const Setup *self);
