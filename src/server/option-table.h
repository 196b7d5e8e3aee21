/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of turnhouse-server, once: the command line, its help and the manual page are made
 * from this.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* As they stand on the command line, before they are checked. */
typedef struct {
  gboolean help, version;
  gboolean init, check, status, rotate, test_link, drain;
  gboolean json, revoke;
  char *config, *user, *disconnect, *scheme, *ttl; /* nullable: not given */
} ThOptionValues;

void th_option_values_clear (ThOptionValues *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ThOptionValues, th_option_values_clear)

typedef enum {
  TH_OPTION_SECTION_COMMANDS,
  TH_OPTION_SECTION_CREDENTIALS,
  TH_OPTION_SECTION_ROTATION,
  TH_OPTION_SECTION_GENERAL,
  TH_N_OPTION_SECTIONS,
} ThOptionSection;

typedef struct {
  ThOptionSection section;
  const char *name; /* without its dashes */
  char letter;      /* 0: none */
  GOptionArg type;
  gsize offset;     /* of its value in ThOptionValues */
  const char *help; /* one line, without a full stop */
  const char *argument; /* "FILE"; NULL for none */
} ThOptionRow;

/* (transfer none): all options, in the order to show them */
const ThOptionRow *th_option_table_get (guint *n_rows);

/* (transfer none): "With --credentials" */
const char *th_option_section_get_title (ThOptionSection section);

#define TH_OPTION_SUMMARY "A STUN and TURN relay with an HTTP endpoint for apps."

/* NULL-terminated, one paragraph each: what several options have in common */
const char *const *th_option_table_get_notes (void);

/* NULL-terminated: what each exit status from 0 on means */
const char *const *th_option_table_get_exits (void);

/* (transfer full): writes into @values, which has to live as long as it does */
GOptionContext *th_option_table_make_context (ThOptionValues *values);

/* (transfer full): what --help prints */
char *th_option_table_make_help (void);

G_END_DECLS
