/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAlternateServer: another server that takes clients which this one does not take any more
 * (RFC 8489, section 10). Any thread may call.
 */
#pragma once

#include "stun/address.h"

G_BEGIN_DECLS

#define TH_ALTERNATE_DOMAIN_SIZE 256

typedef struct {
  ThAddress address;
  char domain[TH_ALTERNATE_DOMAIN_SIZE]; /* whom its certificate names; "": whom this one's does */
} ThAlternateServer;

/**
 * th_alternate_server_parse:
 * @text: "192.0.2.7:3478" or "[2001:db8::7]:3478", and after that perhaps "/turn.example.org"
 *
 * Returns: %FALSE if it is none; @self is then undefined
 */
gboolean th_alternate_server_parse (ThAlternateServer *self, const char *text);

G_END_DECLS
