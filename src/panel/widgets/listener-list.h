/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThListenerList: an expander with a row for each address and transport the relay was asked to
 * listen on, and whether it does.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_LISTENER_LIST (th_listener_list_get_type ())
G_DECLARE_FINAL_TYPE (ThListenerList, th_listener_list, TH, LISTENER_LIST, AdwBin)

/* @listeners: (transfer none) (element-type ThListenerInfo) */
void th_listener_list_set_model (ThListenerList *self, GListModel *listeners);

G_END_DECLS
