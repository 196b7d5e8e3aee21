/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThProxies: the networks whose TCP connections begin with a PROXY header, and must: who takes one
 * where it comes and does without where it does not lets anybody behind such a proxy pose as
 * anybody else. Any thread may ask.
 */
#pragma once

#include "turn/cidr.h"

G_BEGIN_DECLS

typedef struct {
  ThCidr *networks;
  guint n_networks;
} ThProxies;

/* @texts: (array zero-terminated=1) (nullable): networks, as th_cidr_parse() reads them. FALSE with
 * its error, and then nobody is one */
gboolean th_proxies_init (ThProxies *self, const char *const *texts, GError **error);
void th_proxies_clear (ThProxies *self);

gboolean th_proxies_contain (const ThProxies *self, const ThAddress *address);

G_END_DECLS
