/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The inside of a ThEngine, for the files that share its work: engine.c is its life, engine-urls.c
 * what apps are told, engine-backend.c what the endpoint asks, engine-settings.c what changes while
 * it runs.
 */
#pragma once

#include "app/acme.h"
#include "app/certificates.h"
#include "app/engine.h"
#include "app/event-recorder.h"
#include "app/loss-watch.h"
#include "app/pending-settings.h"
#include "app/relay-urls.h"
#include "app/test-visits.h"
#include "endpoint/endpoint.h"
#include "endpoint/test-page.h"
#include "endpoint/traffic-rate.h"

G_BEGIN_DECLS

struct _ThEngine {
  GObject parent_instance;
  ThSettings *settings;
  ThSecretRing *ring;
  ThUserList *users;
  ThAppTokens *app_tokens;
  ThRelay *relay;
  ThRotator *rotator;
  ThRelayConfig *relay_config; /* nullable: what the relay was last started with */
  ThPendingSettings *pending;  /* NULL while stopped */
  ThEndpoint *endpoint;        /* nullable */
  ThAcme *acme;
  ThEndpoint *challenge_endpoint; /* nullable: while an authority is asked by HTTP-01 */
  ThCertificates *certificates;
  char **hosts;                /* for others, best first */
  GListStore *urls;
  GListStore *problems;
  ThLossWatch *loss_watch; /* nullable: while the relay runs */
  ThTrafficRecorder *traffic;
  ThEventRecorder *recorder;
  ThIceRuns *ice_runs;
  ThTrafficRate *traffic_rate; /* nullable: while the relay runs */
  ThOneTime *test_links;
  GListStore *test_visits;
  ThEngineState state;
  gboolean draining;
  gboolean restart_pending;
  guint settings_idle; /* source: settings changed */
  gboolean endpoint_stale; /* those that the endpoint was started with changed */
};

/* (transfer none): what the endpoint asks an engine, which is its data */
const ThEndpointBackend *th_engine_get_backend (void);

/* (transfer none): how its authority finds an answer here; the engine is its data */
const ThAcmePort *th_engine_get_acme_port (void);
const char *th_engine_find_challenge (gpointer data, const char *token);

/* Starts it anew with the settings as they are, or adds a problem. */
void th_engine_start_endpoint (ThEngine *self);

/* (transfer full): where the relay is for others, or for a browser on this machine; best first */
char **th_engine_find_hosts (ThEngine *self, gboolean here);

/* (transfer full): the same as URLs */
ThRelayUrls *th_engine_find_urls (ThEngine *self, gboolean here);

/* Where others find the relay may have changed: hosts, URLs, and what the certificate is for. */
void th_engine_update_urls (ThEngine *self);

/* @realm: the one that clients are told */
void th_engine_apply_credentials (ThEngine *self, const char *realm);

/* Looks again whether a setting waits for a restart, and tells if that is another than before. */
void th_engine_update_pending (ThEngine *self);

/* Takes in what changes, but what th_relay_setting_needs_restart() holds back. */
void th_engine_watch_settings (ThEngine *self);

G_END_DECLS
