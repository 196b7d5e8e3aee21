/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThEntryControl: a line of text, such as a name or a port.
 */
#pragma once

#include "panel/preferences/control.h"

G_BEGIN_DECLS

#define TH_TYPE_ENTRY_CONTROL (th_entry_control_get_type ())
G_DECLARE_DERIVABLE_TYPE (ThEntryControl, th_entry_control, TH, ENTRY_CONTROL, ThControl)

struct _ThEntryControlClass
{
  ThControlClass parent_class;
};

/* For what has more than the entry. */
GtkEntry *th_entry_control_get_entry (ThEntryControl *self);

G_END_DECLS
