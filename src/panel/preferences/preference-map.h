/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person may change in the window of preferences, and how it is said there: every setting of
 * the settings table is either here, with its place and its words, or left out for a reason that is
 * named. What is allowed and what is the default stays with the table.
 */
#pragma once

#include "settings/table.h"

G_BEGIN_DECLS

typedef enum {
  TH_PREFERENCE_PAGE_RELAY,
  TH_PREFERENCE_PAGE_LIMITS,
  TH_PREFERENCE_PAGE_ENDPOINT,
  TH_PREFERENCE_PAGE_CREDENTIALS,
  TH_N_PREFERENCE_PAGES
} ThPreferencePage;

/* What a value is changed with. */
typedef enum {
  TH_PREFERENCE_WIDGET_NONE, /* such a value is for no person to change here */
  TH_PREFERENCE_WIDGET_SWITCH,
  TH_PREFERENCE_WIDGET_NUMBER,
  TH_PREFERENCE_WIDGET_CHOICE,
  TH_PREFERENCE_WIDGET_ENTRY,
  TH_PREFERENCE_WIDGET_PATH,
  TH_PREFERENCE_WIDGET_RANGE,
  TH_PREFERENCE_WIDGET_LIST,
} ThPreferenceWidget;

/* Texts are to be translated when they are shown, with th_preference_translate(). */
typedef struct {
  ThSetting setting;
  ThPreferencePage page;
  const char *group; /* heading; those that follow each other with the same one stand together */
  const char *title;
  const char *help;           /* a line or two */
  const char *unit;           /* of numbers, nullable: what stands behind it */
  gboolean duration;          /* of numbers: seconds, that may be given in days */
  const char *example;        /* of entries and lists, nullable; in no language */
  const char *nothing;        /* of lists: what it means that there is no item */
  const char *const *choices; /* of choices: a label for each word of the table, in its order */
} ThPreference;

typedef struct {
  const char *title;
  const char *icon_name;
} ThPreferencePageInfo;

const ThPreferencePageInfo *th_preference_page_get_info (ThPreferencePage page);

/* In the order in which they are shown */
guint th_preferences_get_n (void);
const ThPreference *th_preferences_get (guint i);

/* (nullable): why a person does not find @setting among the preferences; NULL where they do */
const char *th_preference_why_left_out (ThSetting setting);

ThPreferenceWidget th_preference_get_widget (const ThPreference *self);

/* @text: one of this file's; NULL stays NULL */
const char *th_preference_translate (const char *text);

G_END_DECLS
