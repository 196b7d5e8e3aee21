/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCertificateStore: the certificate that this server shows, wherever it comes from: files that
 * somebody else renews, or a self-signed one that is made here and kept. It watches the files, and
 * what it holds is always something that works: one that does not is told of, and not taken. Main
 * context only.
 */
#pragma once

#include "network/certificate.h"

G_BEGIN_DECLS

#define TH_TYPE_CERTIFICATE_STORE (th_certificate_store_get_type ())
G_DECLARE_FINAL_TYPE (ThCertificateStore, th_certificate_store, TH, CERTIFICATE_STORE, GObject)

/* A self-signed certificate is made anew so long before its end, in seconds. */
#define TH_CERTIFICATE_REMAKE_BEFORE (30 * 86400)

/*
 * Property: "certificate" (ThCertificate, nullable), notifies.
 * Signal "changed": the files were looked at once more, whatever came of it.
 */

/* @state_directory: where the self-signed one is kept, as "tls/certificate.pem" (0600). Nothing is
 * read yet. */
ThCertificateStore *th_certificate_store_new (const char *state_directory);

/* Paths of PEM files; both NULL: self-signed. Counts from the next look on. */
void th_certificate_store_set_files (ThCertificateStore *self,
                                     const char *certificate,
                                     const char *private_key);

/* What a self-signed one is for: DNS names and numeric addresses. It is made anew, with the key it
 * had, when one of them is missing from it. Counts from the next look on. */
void th_certificate_store_set_names (ThCertificateStore *self, const char *const *names);

/* Looks at the files now. Blocks: for the start. */
void th_certificate_store_load (ThCertificateStore *self);

/* Looks at them in the background; "changed" comes when it is done. For SIGHUP, and after
 * set_files() or set_names(). Files are watched without being told, and looked at each hour. */
void th_certificate_store_reload (ThCertificateStore *self);

/* (transfer none) (nullable): the one in use; NULL: there has not been a good one so far */
ThCertificate *th_certificate_store_get_certificate (ThCertificateStore *self);

/* (transfer none) (nullable): why the one in use is not what the files hold now */
const GError *th_certificate_store_get_error (ThCertificateStore *self);

G_END_DECLS
