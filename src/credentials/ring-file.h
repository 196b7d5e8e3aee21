/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Between the ring's state and what is stored of it. Blocks for as long as the store does.
 */
#pragma once

#include "credentials/ring-state.h"
#include "credentials/store.h"

G_BEGIN_DECLS

/**
 * th_ring_file_read:
 *
 * A ring that is damaged is kept aside, and that is an error.
 *
 * Returns: (transfer full) (nullable): without any secret if there is none stored; NULL with
 *   TH_CREDENTIALS_ERROR_STORE or TH_CREDENTIALS_ERROR_DAMAGED
 */
ThRingState *th_ring_file_read (ThStore *store, GError **error);

/* Durable when it returns TRUE; else what was there before stays. */
gboolean th_ring_file_write (ThStore *store, const ThRingState *state, GError **error);

G_END_DECLS
