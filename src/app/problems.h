/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is wrong, mostly since the start, put into words: what is, and what to do. All of these put the worst
 * first in @problems, and keep kinds together and in the same order.
 */
#pragma once

#include <gio/gio.h>

#include "app/acme.h"
#include "app/problem.h"
#include "app/traffic-history.h"
#include "relay/relay-config.h"

G_BEGIN_DECLS

/* Adds a problem for each port that the relay could not listen on, whatever the number of its
 * addresses and transports. @listeners: (element-type ThListenerInfo) */
void th_problems_add_listeners (GListStore *problems,
                                GListModel *listeners,
                                const ThRelayConfig *config);

/* @error: of th_relay_start(); those about listeners are left to th_problems_add_listeners() */
void th_problems_add_relay (GListStore *problems, const GError *error, const ThRelayConfig *config);

/* @unusable: texts of external-address, NULL-terminated */
void th_problems_add_addresses (GListStore *problems, const char *const *unusable);

/* @error: why the endpoint does not listen on @port of @listen (numeric addresses) */
void th_problems_add_endpoint (GListStore *problems,
                               const GError *error,
                               const char *const *listen,
                               guint16 port);

/* @error: why the certificate that the settings name is not used; @in_use: another one is */
void th_problems_add_certificate (GListStore *problems, const GError *error, gboolean in_use);

/* @name: one that the certificate is for; @not_after: when it ends, seconds since 1970, soon or
 * before @now; @renews: an authority should have given out another by now */
void th_problems_add_expiry (GListStore *problems,
                             const char *name,
                             gint64 not_after,
                             gint64 now,
                             gboolean renews);

/* @host: what apps are given, and the certificate is not for; @names: what it is for */
void th_problems_add_certificate_name (GListStore *problems,
                                       const char *host,
                                       const char *const *names);

/* @trouble: with getting a certificate from an authority */
void th_problems_add_acme (GListStore *problems, const ThAcmeTrouble *trouble);

/* @lost: packets that found a receive buffer full, since the relay started; @advice: what helps */
void th_problems_add_loss (GListStore *problems, guint64 lost, const char *advice);

/* @totals: at 80 % of @plan or more; @plan: bytes a month */
void
th_problems_add_plan (GListStore *problems, const ThTrafficTotals *totals, guint64 plan);

/* Takes out every problem whose id begins with @id_prefix. */
void th_problems_remove (GListStore *problems, const char *id_prefix);

/* @error: a file of users that cannot be taken */
void th_problems_add_users (GListStore *problems, const GError *error);

G_END_DECLS
