/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceList: what a test is given, until only servers are left of it: reads the text, and asks the
 * endpoints that are named in it for theirs. Main context.
 */
#pragma once

#include "ice/ice-server-list.h"

G_BEGIN_DECLS

typedef struct _ThIceList ThIceList;

/* None is called from within a function but th_ice_list_read(). The list may be freed from done
 * alone. */
typedef struct {
  void (*server) (const ThIceServer *server, gpointer data);
  void (*refused) (const char *label, const GError *error, gpointer data);
  void (*asks) (const char *label, gpointer data); /* an endpoint */
  void (*clock) (gint64 ahead, gpointer data);     /* of an endpoint, in seconds */
  void (*done) (gpointer data);                    /* there is no more to come */
} ThIceListEvents;

/* @login: copied, as is @token (nullable) for endpoints; @timeout: of each, in milliseconds */
ThIceList *th_ice_list_new (const ThIceLogin *login,
                            const char *token,
                            guint timeout,
                            const ThIceListEvents *events,
                            gpointer data);
/* Asks no longer. */
void th_ice_list_free (ThIceList *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceList, th_ice_list_free)

/* Once. Returns: %FALSE where the text is of no use; then nothing is called */
gboolean th_ice_list_read (ThIceList *self, const char *text, GError **error);

G_END_DECLS
