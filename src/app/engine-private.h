/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the files of this room ask of a ThEngine beside what it tells everyone.
 */
#pragma once

#include "app/engine.h"
#include "endpoint/backend.h"

G_BEGIN_DECLS

/* (transfer none): what the endpoint asks an engine, which is its data */
const ThEndpointBackend *th_engine_get_backend (void);

G_END_DECLS
