/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a relay under test speaks TLS and DTLS with: a certificate of its own making.
 */
#pragma once

#include "tls/tls-context.h"

/* (transfer full): each is another certificate, for "localhost" */
ThTlsContext *material_new (void);
