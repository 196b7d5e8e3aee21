/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the endpoint asks of the house it stands in: credentials, the relay's URLs, whether the
 * relay runs and what it has counted. A small table of functions, so that the endpoint knows
 * neither ThEngine nor how a ThRelay is run. All are called on the endpoint's main context.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/ring.h"
#include "endpoint/one-time.h"
#include "relay/statistics.h"
#include "stun/address.h"

G_BEGIN_DECLS

typedef struct _ThTrafficRate ThTrafficRate;

/* The URLs of this relay by kind, only those that are listened on. */
typedef struct {
  char **stun;     /* "stun:HOST:PORT" */
  char **turn_udp; /* "turn:HOST:PORT?transport=udp" */
  char **turn_tcp; /* "turn:HOST:PORT?transport=tcp" */
  char **turns;    /* "turns:HOST:PORT?transport=tcp" */
} ThRelayUrls;

void th_relay_urls_free (ThRelayUrls *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThRelayUrls, th_relay_urls_free)

/* What /metrics tells of the secrets of a kind */
typedef struct {
  gint64 age;         /* of the current one, seconds */
  guint64 rotations;  /* since the program started */
  guint old_sessions; /* live ones that a former secret opened */
  guint apps_behind;  /* whose last credential was made from a former secret */
} ThSecretFacts;

/**
 * ThEndpointBackend:
 * @mint: (transfer full) (nullable): a time-limited credential by the REST scheme, or NULL with an
 *   error
 * @mint_jwt: the same by the JWT scheme, with the lifetime that this has
 * @check_jwt: whether the token is good; (out) (transfer full): the user it speaks for
 * @find_app: (transfer none) (nullable): the name of the app whose token this is
 * @note_app: an app asked, and was given a credential made from a secret of @kind, or none
 *   (%TH_RING_N_KINDS)
 * @get_secret_facts: fills in @facts
 * @get_urls: (transfer full): the relay's URLs. @for_browser_here: for a browser on this machine,
 *   which the external address may not lead back to
 * @is_relay_running: whether calls can go through at all
 * @is_draining: whether the relay takes no new sessions
 * @get_listeners: (transfer none) (element-type ThListenerInfo): where the relay listens, or should
 * @get_statistics: what the relay has counted
 * @get_rate: (transfer none) (nullable): how much it carries per second; NULL while it does not run
 * @get_test_links: (transfer none) (nullable): the links by which the test page may be opened
 * @begin_test: (transfer full): a test page begins, in a browser that calls itself @user_agent
 *   (nullable), at @address: unset where it is not known, and loopback behind a proxy here
 * @take_test_message: what that page tells, not terminated; FALSE if no page of ours would
 * @end_test: (transfer full) @visit: nothing more comes from it
 */
typedef struct {
  ThCredential *(*mint) (gpointer data, const char *user, gint64 ttl, GError **error);
  ThCredential *(*mint_jwt) (gpointer data, const char *user, GError **error);
  ThJwtVerdict (*check_jwt) (gpointer data, const char *token, char **user);
  const char *(*find_app) (gpointer data, const char *token);
  void (*note_app) (gpointer data, const char *name, ThRingKind kind);
  void (*get_secret_facts) (gpointer data, ThRingKind kind, ThSecretFacts *facts);
  ThRelayUrls *(*get_urls) (gpointer data, gboolean for_browser_here);
  gboolean (*is_relay_running) (gpointer data);
  gboolean (*is_draining) (gpointer data);
  GListModel *(*get_listeners) (gpointer data);
  void (*get_statistics) (gpointer data, ThRelayStatistics *statistics);
  const ThTrafficRate *(*get_rate) (gpointer data);
  ThOneTime *(*get_test_links) (gpointer data);
  gpointer (*begin_test) (gpointer data, const char *user_agent, const ThAddress *address);
  gboolean (*take_test_message) (gpointer data, gpointer visit, const char *text, gsize length);
  void (*end_test) (gpointer data, gpointer visit);
} ThEndpointBackend;

G_END_DECLS
