/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS for tests to speak, with a certificate made for the occasion.
 */
#pragma once

#include "tls/tls-context.h"

/* (transfer full): another certificate each time, for "localhost" */
ThTlsContext *made_context_new (ThTlsVersion minimum);
