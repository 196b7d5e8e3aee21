/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whether a client gets through this machine's own relay: a real allocation over every transport
 * and family that is bound, and packets through it.
 */
#pragma once

#include "app/engine.h"

G_BEGIN_DECLS

typedef struct {
  char *listener; /* "UDP 127.0.0.1:3478" */
  char *relayed;  /* (nullable): "192.0.2.1:49321" where it went well */
  char *problem;  /* (nullable): in words where it did not */
} ThSelfTestResult;

/**
 * th_self_test_run_async:
 *
 * Takes a credential from the secret ring and tries each bound listener of the running relay, those
 * on all addresses over loopback. The main loop has to run meanwhile. Seconds at worst.
 */
void th_self_test_run_async (ThEngine *engine,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data);

/* Returns: (transfer full) (nullable) (element-type ThSelfTestResult): one for each listener */
GPtrArray *th_self_test_run_finish (ThEngine *engine, GAsyncResult *result, GError **error);

G_END_DECLS
