/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThAcme: the settings tls/acme in force: gets a certificate for the server's name from an
 * authority and renews it in time, and says in words why where it cannot. Main context only.
 */
#pragma once

#include "network/acme-client.h"
#include "network/certificate.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_ACME (th_acme_get_type ())
G_DECLARE_FINAL_TYPE (ThAcme, th_acme, TH, ACME, GObject)

/* How Debian and its kin get uacme. */
#define TH_ACME_INSTALL "sudo apt install uacme"

/*
 * Property: "busy" (boolean): an authority is being asked, notifies.
 * Signal "changed": there is a new certificate, or another problem.
 */

/**
 * ThAcmePort: how to listen where an authority looks for HTTP-01.
 * @open: listens on @port of all addresses; FALSE with words for why not
 * @close: listens there no more
 */
typedef struct
{
  gboolean (*open) (gpointer data, guint16 port, GError **error);
  void (*close) (gpointer data);
} ThAcmePort;

/* @state_directory: where account and keys are kept, in "tls/acme" */
ThAcme *th_acme_new (ThSettings *settings,
                     const char *state_directory,
                     const ThAcmePort *port,
                     gpointer port_data);

/* While @asks is FALSE it says what is missing, but asks no authority: for a look at the settings.
 * At first TRUE. */
void th_acme_set_asks (ThAcme *self, gboolean asks);

/* Whether the settings ask for it. */
gboolean th_acme_is_on (ThAcme *self);

/* Whether there are files of a certificate it got for the names in the settings; (out) (transfer
 * full) */
gboolean th_acme_get_files (ThAcme *self, char **certificate, char **private_key);

/**
 * th_acme_consider:
 * @current: (nullable): the certificate in those files
 *
 * Asks the authority where it is time to; otherwise does nothing. If what came last is of no use,
 * it rests for a day. To be called at the start, when settings change, and now and then.
 */
void th_acme_consider (ThAcme *self, ThCertificate *current);

/* Asks at once, whatever the certificate; FALSE with words if it cannot. */
gboolean th_acme_renew (ThAcme *self, GError **error);

/* Ends what is being done, and forgets failures. */
void th_acme_stop (ThAcme *self);

gboolean th_acme_is_busy (ThAcme *self);

/* (transfer none) (nullable): why there is no certificate, or no new one: id, title and detail of a
 * ThProblem; the id is "acme-missing", "acme-name" or "acme-failed" */
typedef struct
{
  const char *id;
  gboolean by_command; /* TH_ACME_INSTALL mends it */
  char *title;
  char *detail;
} ThAcmeTrouble;
const ThAcmeTrouble *th_acme_get_trouble (ThAcme *self);

/* (transfer none): for the endpoint and for sessions of TLS */
ThAcmeChallenges *th_acme_get_challenges (ThAcme *self);

G_END_DECLS
