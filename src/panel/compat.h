/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What differs between the versions of GTK and libadwaita that this program builds with, alone in
 * one place: from GTK 4.8 and libadwaita 1.2 on.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The about window, or dialog. */
void th_compat_show_about (GtkWindow *parent);

/**
 * th_compat_confirm:
 * @widget: whose window the question belongs to
 * @accept_label: what the one button does that destroys something; the other is Cancel
 * @accepted: called with @data when the user says so
 * @data: (type GObject): kept alive until the question is answered
 */
void th_compat_confirm (GtkWidget *widget,
                        const char *heading,
                        const char *body,
                        const char *accept_label,
                        void (*accepted) (gpointer data),
                        gpointer data);

/* The same with a third answer, which destroys nothing: @instead (nullable: there is none) */
void th_compat_confirm_or (GtkWidget *widget,
                           const char *heading,
                           const char *body,
                           const char *accept_label,
                           void (*accepted) (gpointer data),
                           const char *instead_label,
                           void (*instead) (gpointer data),
                           gpointer data);

/* (transfer floating): an empty window, or dialog, of preferences with a search */
GtkWidget *th_compat_preferences_new (void);
void th_compat_preferences_add (GtkWidget *preferences, AdwPreferencesPage *page);
void th_compat_preferences_show_page (GtkWidget *preferences, AdwPreferencesPage *page);
/* @bottom: shown below all pages */
void th_compat_preferences_set_bottom (GtkWidget *preferences, GtkWidget *bottom);
/* Over @parent, and no larger; @preferences goes when it is closed */
void th_compat_preferences_present (GtkWidget *preferences, GtkWindow *parent);

/* Has screen readers say the text, where GTK can (from 4.14 on). */
void th_compat_announce (GtkWidget *widget, const char *text);

/* Whether the state of a window's surface says that nobody can see it. */
gboolean th_compat_is_hidden (GdkToplevelState state);

G_END_DECLS
