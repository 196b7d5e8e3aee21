/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEngine: the whole house without a front: settings, credentials, relay and endpoint put
 * together once. Both programs hold exactly one. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "app/connect-url.h"
#include "app/event-log.h"
#include "app/ice-runs.h"
#include "app/problem.h"
#include "app/rotator.h"
#include "app/traffic-recorder.h"
#include "credentials/app-tokens.h"
#include "credentials/ring.h"
#include "credentials/user-list.h"
#include "network/certificate-store.h"
#include "relay/relay.h"
#include "settings/settings.h"

G_BEGIN_DECLS

/* What the relay is doing, for the hero row. */
typedef enum {
  TH_ENGINE_STOPPED, /* because it was told to */
  TH_ENGINE_RUNNING,
  TH_ENGINE_FAILED,  /* told to run, but cannot: the problems say why */
} ThEngineState;
GType th_engine_state_get_type (void);
#define TH_TYPE_ENGINE_STATE (th_engine_state_get_type ())

#define TH_TYPE_ENGINE (th_engine_get_type ())
G_DECLARE_FINAL_TYPE (ThEngine, th_engine, TH, ENGINE, GObject)

/*
 * Properties: "state" (ThEngineState), "running", "draining" and "restart-pending" (boolean: a
 * setting waits for th_engine_restart()), all notify.
 */

/**
 * th_engine_new:
 * @settings: (transfer none): kept and watched
 * @state_directory: where secrets, users and tokens are kept; made (0700) if absent
 *
 * Reads or makes the credentials. Nothing listens yet.
 *
 * Returns: (transfer full) (nullable): NULL if the state cannot be read or kept
 */
ThEngine *th_engine_new (ThSettings *settings, const char *state_directory, GError **error);

/**
 * th_engine_start:
 *
 * Starts relay and endpoint with the settings as they are now. Never ends the program: what does
 * not work becomes a row in th_engine_get_problems(). With @error it also says the worst of it.
 *
 * Returns: TRUE if the relay runs and every listener asked for is bound
 */
gboolean th_engine_start (ThEngine *self, GError **error);
void th_engine_stop (ThEngine *self);

/* Stop and start, where it was running; settings that need it take effect so. */
void th_engine_restart (ThEngine *self);

/* While draining no new sessions begin and /healthz says so; live ones go on. Outlasts restarts. */
void th_engine_set_draining (ThEngine *self, gboolean draining);
gboolean th_engine_is_draining (ThEngine *self);

/**
 * th_engine_reread:
 *
 * Takes in at once what changed in the settings, and reads the files again that they name, which
 * may say something else although the settings are the same. Reads files: blocks for a moment.
 */
void th_engine_reread (ThEngine *self);

/* Whether that setting is another than the relay runs with; never while it is stopped */
gboolean th_engine_is_setting_pending (ThEngine *self, ThSetting setting);

ThEngineState th_engine_get_state (ThEngine *self);
ThSettings *th_engine_get_settings (ThEngine *self);    /* (transfer none) */
ThRelay *th_engine_get_relay (ThEngine *self);          /* (transfer none) */
ThSecretRing *th_engine_get_secret_ring (ThEngine *self); /* (transfer none) */
ThRotator *th_engine_get_rotator (ThEngine *self);        /* (transfer none) */
ThAppTokens *th_engine_get_app_tokens (ThEngine *self);   /* (transfer none) */
ThUserList *th_engine_get_users (ThEngine *self);         /* (transfer none) */
ThTrafficRecorder *th_engine_get_traffic (ThEngine *self); /* (transfer none) */

/* (transfer none) (element-type ThConnectUrl): what to give to apps; only what is listened on */
GListModel *th_engine_get_urls (ThEngine *self);

/* (transfer none) (element-type ThProblem): what is wrong, worst first */
GListModel *th_engine_get_problems (ThEngine *self);

/* (transfer none): tests of this relay, and how earlier ones ended */
ThIceRuns *th_engine_get_ice_runs (ThEngine *self);

/* (transfer none): what happened, newest first */
ThEventLog *th_engine_get_events (ThEngine *self);

/**
 * th_engine_resolve_problem:
 *
 * Does what the problem's action label says: takes another port, saves that in the settings, and
 * restarts where it is the relay's.
 */
void th_engine_resolve_problem (ThEngine *self, ThProblem *problem);

/* (transfer none): the certificate of HTTPS, and a way to have its files looked at again */
ThCertificateStore *th_engine_get_certificate_store (ThEngine *self);

/* (transfer full) (nullable): a URL that opens the test page once, within TH_TEST_LINK_LIFETIME; NULL
 * while there is no endpoint */
char *th_engine_make_test_link (ThEngine *self);

/* For how many microseconds @link can still be opened; 0: it was used, or is too old */
gint64 th_engine_get_test_link_left (ThEngine *self, const char *link);

/* (transfer none) (element-type ThTestVisit): devices that opened it, newest first */
GListModel *th_engine_get_test_visits (ThEngine *self);

/* The host name or address that URLs carry: endpoint/host, else server-name, else an address. */
const char *th_engine_get_host (ThEngine *self);

G_END_DECLS
