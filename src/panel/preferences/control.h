/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThControl: what one preference is changed with. It shows the value, and gives back what the user
 * made of it as text of the key file's form; whether that is allowed, the settings table says.
 */
#pragma once

#include <adwaita.h>

#include "panel/preferences/preference-map.h"
#include "settings/settings.h"

G_BEGIN_DECLS

#define TH_TYPE_CONTROL (th_control_get_type ())
G_DECLARE_DERIVABLE_TYPE (ThControl, th_control, TH, CONTROL, AdwBin)

/*
 * Signals:
 *
 * - edited (boolean done): what it would give back is another than it showed. While not done, the
 *   user is still typing: it is done on Enter, and when the focus leaves the control
 * - revert: the user wants to see the value in force again (Escape)
 */

/**
 * ThControlClass:
 * @set_up: once, when the preference is known
 * @show: shows the value that is in force
 * @read: (transfer full) (nullable): what the user made of it, to be checked; %NULL with an error
 *   where the control itself sees that it cannot be
 */
struct _ThControlClass
{
  AdwBinClass parent_class;

  void (*set_up) (ThControl *self, const ThPreference *preference);
  void (*show) (ThControl *self, ThSettings *settings);
  char *(*read) (ThControl *self, GError **error);
};

/* (transfer floating): of the kind that the preference's type asks for */
ThControl *th_control_new (const ThPreference *preference);

const ThPreference *th_control_get_preference (ThControl *self);
const ThSettingRow *th_control_get_row (ThControl *self); /* of the settings table */

/* Shows the value in force, over whatever was typed. */
void th_control_show (ThControl *self, ThSettings *settings);
char *th_control_read (ThControl *self, GError **error);

/* TRUE from the first edit until the value is shown again */
gboolean th_control_is_edited (ThControl *self);

/* Whether the parts where the user types are marked as wrong, and the words for that; NULL: not */
void th_control_set_problem (ThControl *self, const char *problem);

/* For kinds of controls: the user did something, or is through with it. */
void th_control_edit (ThControl *self, gboolean done);

/* For kinds of controls: names the part @widget for assistive technology. */
void th_control_name (GtkWidget *widget, const char *name);

/* For kinds of controls: what an empty @entry may be filled with, where the preference says that */
void th_control_set_example (GtkEntry *entry, const ThPreference *preference);

/* For kinds of controls: @editable is a part where the user types. */
void th_control_watch (ThControl *self, GtkWidget *editable);

G_END_DECLS
