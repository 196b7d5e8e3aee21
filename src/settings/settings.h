/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThSettings: the values of the settings table (table.h) with their defaults, from a key file
 * (server) or GSettings (panel). Main context only.
 */
#pragma once

#include <gio/gio.h>

#include "settings/table.h"

G_BEGIN_DECLS

#define TH_TYPE_SETTINGS (th_settings_get_type ())
G_DECLARE_FINAL_TYPE (ThSettings, th_settings, TH, SETTINGS, GObject)

#define TH_SETTINGS_ERROR (th_settings_error_quark ())
typedef enum {
  TH_SETTINGS_ERROR_READ,    /* the file cannot be read */
  TH_SETTINGS_ERROR_SYNTAX,  /* not a key file */
  TH_SETTINGS_ERROR_UNKNOWN, /* a group or key that does not exist */
  TH_SETTINGS_ERROR_VALUE,   /* a value that is not allowed */
} ThSettingsError;
GQuark th_settings_error_quark (void);

/*
 * Signals (detail: the setting's name): "changed": a value is another than before;
 * "writable-changed": th_settings_is_writable() says something else than before.
 */

/* All at their defaults, kept nowhere. */
ThSettings *th_settings_new (void);

/**
 * th_settings_new_from_file:
 *
 * Returns: (transfer full) (nullable): NULL with one line "FILE:LINE: what and what is allowed"
 */
ThSettings *th_settings_new_from_file (const char *path, GError **error);

/* The same of bytes in memory; @name stands for the file in messages, and for its folder. */
ThSettings *th_settings_new_from_data (const char *name,
                                       const char *bytes,
                                       gsize length,
                                       GError **error);

/**
 * th_settings_new_from_gsettings:
 * @gsettings: (nullable): of the schema io.github.turnhouse.Turnhouse; NULL: opens it itself
 *
 * Backed by GSettings: reads now, writes on every set, follows changes that others make. A value
 * found there that does not fit leaves the setting as it was, with a warning in the log. Secrets
 * are in no schema: set, they last as long as the object.
 *
 * Returns: (transfer full) (nullable): NULL with TH_SETTINGS_ERROR_READ if the schema is not
 *   installed or is of another version
 */
ThSettings *th_settings_new_from_gsettings (GSettings *gsettings, GError **error);

/* Takes the values of @other (transfer full), which was read anew and perhaps looked at, and emits
 * "changed" for every one that is another now. */
void th_settings_adopt (ThSettings *self, ThSettings *other);

gboolean th_settings_get_boolean (ThSettings *self, ThSetting setting);
/* Of integers and ports; -1 where it says "auto"; of choices their place, from 0 */
gint64 th_settings_get_integer (ThSettings *self, ThSetting setting);
/* (transfer none): "" where empty; works for all types: "3478", "true", "192.0.2.1,2001:db8::1".
 * Valid until the setting changes */
const char *th_settings_get_string (ThSettings *self, ThSetting setting);
/* (transfer none): of list types; NULL-terminated, never NULL; valid until the setting changes */
const char *const *th_settings_get_list (ThSettings *self, ThSetting setting);
/* Of "FIRST-LAST" */
void th_settings_get_port_range (ThSettings *self,
                                 ThSetting setting,
                                 guint16 *first,
                                 guint16 *last);
/* TRUE where the value was given, not left at its default */
gboolean th_settings_is_set (ThSettings *self, ThSetting setting);

/**
 * th_settings_set_text:
 * @text: as it would stand in the key file; checked against the table
 */
gboolean th_settings_set_text (ThSettings *self,
                               ThSetting setting,
                               const char *text,
                               GError **error);

/* TRUE where the value is the one that th_settings_reset() brings */
gboolean th_settings_is_default (ThSettings *self, ThSetting setting);
/* FALSE where the administrator of the desktop has locked it */
gboolean th_settings_is_writable (ThSettings *self, ThSetting setting);
/* Back to the default, as if it had never been given. FALSE where it is locked. */
gboolean th_settings_reset (ThSettings *self, ThSetting setting, GError **error);

/* (transfer full) (nullable): the whole name of the file that @setting names; NULL where it names
 * none */
char *th_settings_dup_path (ThSettings *self, ThSetting setting);

/**
 * th_settings_read_secret:
 * @setting: TH_SETTING_CREDENTIALS_SECRET, _API_KEY or _API_SECRET
 * @secret: (out) (transfer full) (nullable): from "secret" or from "secret-file"; NULL where
 *   neither is given; wipe it after use
 *
 * A file's name is relative to the folder of the configuration; at most 64 KiB of UTF-8 text are
 * read, without blanks around. Blocks. Warns in the log if everyone on the machine may read it.
 *
 * Returns: %FALSE with an error if the file cannot be read or holds no secret
 */
gboolean th_settings_read_secret (ThSettings *self,
                                  ThSetting setting,
                                  char **secret,
                                  GError **error);

/**
 * th_settings_read_pairs:
 * @setting: TH_SETTING_CREDENTIALS_USERS or TH_SETTING_ENDPOINT_TOKENS
 *
 * The pairs given there, or those in the file that stands in place of it: one a line, as they are,
 * with no escapes; empty lines and those that start with "#" do not count.
 *
 * Returns: (transfer full) (nullable): NULL-terminated; NULL with an error "FILE:LINE: what"
 */
char **th_settings_read_pairs (ThSettings *self, ThSetting setting, GError **error);

G_END_DECLS
