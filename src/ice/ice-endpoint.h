/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fetching a list of servers where apps fetch theirs: from the HTTP endpoint of a relay or of a web
 * service. Bounded in time and size; follows no redirection, so that a token goes nowhere else.
 * Main context.
 */
#pragma once

#include <gio/gio.h>

#include "ice/ice-error.h"

G_BEGIN_DECLS

typedef struct {
  char *text;              /* UTF-8, at most TH_ICE_TEXT_SIZE_MAX bytes; holds credentials */
  gboolean clock_compared; /* the answer had a date */
  gint64 clock_ahead;      /* seconds that the endpoint's clock is ahead of ours */
} ThIceEndpointAnswer;

void th_ice_endpoint_answer_free (ThIceEndpointAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceEndpointAnswer, th_ice_endpoint_answer_free)

/**
 * th_ice_endpoint_fetch_async:
 * @url: "https://…"; if it names no path, those are tried that relays commonly answer on
 * @token: (nullable): sent as "Authorization: Bearer"
 * @timeout: in milliseconds
 */
void th_ice_endpoint_fetch_async (const char *url,
                                  const char *token,
                                  guint timeout,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer data);

/* Returns: (transfer full) (nullable): %NULL with a %TH_ICE_ERROR */
ThIceEndpointAnswer *th_ice_endpoint_fetch_finish (GAsyncResult *result, GError **error);

G_END_DECLS
