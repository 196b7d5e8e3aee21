/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCertificates: the settings of [tls] in force: the store that has the certificate, what TLS is
 * spoken with it, and what is wrong with it, in words. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "app/acme.h"
#include "network/certificate-store.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_CERTIFICATES (th_certificates_get_type ())
G_DECLARE_FINAL_TYPE (ThCertificates, th_certificates, TH, CERTIFICATES, GObject)

/* Signal "changed": there is another context, and with it perhaps another name. */

/**
 * th_certificates_new:
 * @state_directory: for a self-signed certificate
 * @acme: where the settings want it, the certificate is from there
 * @problems: (element-type ThProblem): what is wrong is told here, between load and stop
 */
ThCertificates *
th_certificates_new (ThSettings *settings,
                     const char *state_directory,
                     ThAcme *acme,
                     GListStore *problems);

/* @hosts: names and addresses that this machine is reached by, beside those that the settings name.
 * The first time this reads the certificate, or makes it, and blocks for that: whoever hears that the
 * engine has started may use it at once. Later it does so in the background. From then on the files
 * are followed. */
void th_certificates_load (ThCertificates *self, const char *const *hosts);

/* Once more, in the background, as the settings or the hosts may be others now. */
void th_certificates_refresh (ThCertificates *self, const char *const *hosts);

/* Says no more what is wrong, until the next load. */
void th_certificates_stop (ThCertificates *self);

/* (transfer none) (nullable): for connections from now on; NULL: there is no usable certificate */
ThTlsContext *th_certificates_get_context (ThCertificates *self);

/* (transfer none) (nullable): under which name clients find the certificate good: one that is not
 * self-signed covers it; NULL: there is none */
const char *th_certificates_get_name (ThCertificates *self);

/* Where the certificate comes from. */
typedef enum
{
  TH_CERTIFICATE_MADE_HERE, /* self-signed, in the state directory */
  TH_CERTIFICATE_OF_FILES,  /* that the settings name */
  TH_CERTIFICATE_OF_AUTHORITY,
} ThCertificateOrigin;
ThCertificateOrigin th_certificates_get_origin (ThCertificates *self);

/* (transfer none): for what it tells of the certificate, and to have it look again */
ThCertificateStore *th_certificates_get_store (ThCertificates *self);

G_END_DECLS
