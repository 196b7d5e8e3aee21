/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSessionList: the live sessions as a GListModel in order of their start, that finds a session
 * by its id without searching. Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "relay/session.h"

G_BEGIN_DECLS

#define TH_TYPE_SESSION_LIST (th_session_list_get_type ())
G_DECLARE_FINAL_TYPE (ThSessionList, th_session_list, TH, SESSION_LIST, GObject)

ThSessionList *th_session_list_new (void);

/* Appends; takes a reference. */
void th_session_list_add (ThSessionList *self, ThSession *session);
void th_session_list_remove (ThSessionList *self, guint64 id);
void th_session_list_clear (ThSessionList *self);

/* (transfer none) (nullable) */
ThSession *th_session_list_find (ThSessionList *self, guint64 id);

/* @func: (scope call): gets each session and @user_data; must not change the list */
void th_session_list_foreach (ThSessionList *self, GFunc func, gpointer user_data);

guint th_session_list_count (ThSessionList *self);

G_END_DECLS
