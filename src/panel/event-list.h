/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEventList: those events of a log that somebody wants to see. While it is held, new ones wait,
 * so that nothing moves under the eyes of who reads.
 */
#pragma once

#include <gtk/gtk.h>

#include "app/event-log.h"

G_BEGIN_DECLS

#define TH_TYPE_EVENT_LIST (th_event_list_get_type ())
G_DECLARE_FINAL_TYPE (ThEventList, th_event_list, TH, EVENT_LIST, GObject)

/* Property "waiting" (guint, read-only, notifies): how many events would be in the list if it were
 * not held. */

ThEventList *th_event_list_new (ThEventLog *log);

/* (transfer none) (element-type ThEvent): newest first */
GListModel *th_event_list_get_shown (ThEventList *self);

/* Events that are at least so severe */
void th_event_list_set_severity (ThEventList *self, ThEventSeverity severity);

/* @text: events that have it in their words, user or address */
void th_event_list_set_search (ThEventList *self, const char *text);

/* Events of that session; 0: of all */
void th_event_list_set_session (ThEventList *self, guint64 session);

/* Whether anything is left out by the above. */
gboolean th_event_list_is_filtered (ThEventList *self);

void th_event_list_set_held (ThEventList *self, gboolean held);
guint th_event_list_get_waiting (ThEventList *self);

G_END_DECLS
