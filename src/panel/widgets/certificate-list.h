/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCertificateList: an expander with the certificate that TLS is spoken with: whom it is for, who
 * vouches for it, how long it lasts, where it comes from, and how to have a better one.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CERTIFICATE_LIST (th_certificate_list_get_type ())
G_DECLARE_FINAL_TYPE (ThCertificateList, th_certificate_list, TH, CERTIFICATE_LIST, AdwBin)

/* Once. */
void th_certificate_list_set_engine (ThCertificateList *self, ThEngine *engine);

G_END_DECLS
