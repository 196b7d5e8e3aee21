/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The rows of the option table, and GOption's view of it.
 */
#include "server/option-table.h"

#define AT(member) G_STRUCT_OFFSET (ThOptionValues, member)

static const ThOptionRow rows[] = {
  { TH_OPTION_SECTION_COMMANDS, "init", 0, G_OPTION_ARG_NONE, AT (init),
    "Write a new configuration file with a fresh secret", NULL },
  { TH_OPTION_SECTION_COMMANDS, "check", 0, G_OPTION_ARG_NONE, AT (check),
    "Try settings, ports and one allocation per transport, then end", NULL },
  { TH_OPTION_SECTION_COMMANDS, "credentials", 0, G_OPTION_ARG_STRING, AT (user),
    "Print a credential for USER", "USER" },
  { TH_OPTION_SECTION_COMMANDS, "status", 0, G_OPTION_ARG_NONE, AT (status),
    "Say how the running server is doing", NULL },
  { TH_OPTION_SECTION_COMMANDS, "rotate", 0, G_OPTION_ARG_NONE, AT (rotate),
    "Have the running server make a new secret, or API secret: --rotate api", NULL },
  { TH_OPTION_SECTION_COMMANDS, "disconnect", 0, G_OPTION_ARG_STRING, AT (disconnect),
    "End the sessions of USER in the running server", "USER" },
  { TH_OPTION_SECTION_COMMANDS, "test-link", 0, G_OPTION_ARG_NONE, AT (test_link),
    "Print a link that opens the running server's test page once, on any device", NULL },
  { TH_OPTION_SECTION_COMMANDS, "drain", 0, G_OPTION_ARG_NONE, AT (drain),
    "Have the running server take no new sessions, and end with the last one", NULL },

  { TH_OPTION_SECTION_CREDENTIALS, "ttl", 0, G_OPTION_ARG_STRING, AT (ttl), "Its lifetime",
    "SECONDS" },
  { TH_OPTION_SECTION_CREDENTIALS, "scheme", 0, G_OPTION_ARG_STRING, AT (scheme),
    "Its kind: rest, jwt or livekit", "SCHEME" },
  { TH_OPTION_SECTION_CREDENTIALS, "json", 0, G_OPTION_ARG_NONE, AT (json),
    "Print it as JSON; goes with --status, too", NULL },

  { TH_OPTION_SECTION_ROTATION, "revoke", 0, G_OPTION_ARG_NONE, AT (revoke),
    "Refuse the former secrets at once, and end their sessions", NULL },

  { TH_OPTION_SECTION_GENERAL, "config", 'c', G_OPTION_ARG_FILENAME, AT (config),
    "Read settings from FILE", "FILE" },
  { TH_OPTION_SECTION_GENERAL, "help", 'h', G_OPTION_ARG_NONE, AT (help), "Print this help", NULL },
  { TH_OPTION_SECTION_GENERAL, "version", 0, G_OPTION_ARG_NONE, AT (version), "Print the version",
    NULL },
};

static const struct {
  const char *name;
  const char *title;
} sections[TH_N_OPTION_SECTIONS] = {
  [TH_OPTION_SECTION_COMMANDS] = { "commands", "Commands" },
  [TH_OPTION_SECTION_CREDENTIALS] = { "credentials", "With --credentials" },
  [TH_OPTION_SECTION_ROTATION] = { "rotate", "With --rotate" },
  [TH_OPTION_SECTION_GENERAL] = { NULL, "General options" }, /* GOption's main group */
};

/* Broken as a terminal wants them. */
static const char *const notes[] = {
  "Without a command it runs as a server until SIGTERM; SIGHUP has it read its\n"
  "configuration again.",
  "Without --config the configuration is\n"
  "$XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf, else\n"
  "/etc/turnhouse/turnhouse-server.conf, else the defaults. Secrets and state are\n"
  "kept in $STATE_DIRECTORY, else $XDG_STATE_HOME/turnhouse, else\n"
  "~/.local/state/turnhouse.",
  "--status, --rotate (secret, if nothing else is said), --disconnect, --test-link\n"
  "and --drain speak to the server that runs with the same state directory, else to\n"
  "the system's service.",
  NULL,
};

static const char *const exits[] = {
  [0] = "all is well",
  [1] = "something does not work",
  [2] = "bad command line or configuration",
  NULL,
};

void
th_option_values_clear (ThOptionValues *self)
{
  g_free (self->config);
  g_free (self->user);
  g_free (self->disconnect);
  g_free (self->scheme);
  g_free (self->ttl);
}

const ThOptionRow *
th_option_table_get (guint *n_rows)
{
  *n_rows = G_N_ELEMENTS (rows);
  return rows;
}

const char *
th_option_section_get_title (ThOptionSection section)
{
  return sections[section].title;
}

const char *const *
th_option_table_get_notes (void)
{
  return notes;
}

const char *const *
th_option_table_get_exits (void)
{
  return exits;
}

static GArray *
make_entries (ThOptionSection section, ThOptionValues *values)
{
  GArray *entries = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      GOptionEntry entry = {
        .long_name = rows[i].name,
        .short_name = rows[i].letter,
        .arg = rows[i].type,
        .arg_data = (guint8 *) values + rows[i].offset,
        .description = rows[i].help,
        .arg_description = rows[i].argument,
      };
      if (rows[i].section == section)
        g_array_append_val (entries, entry);
    }
  return entries;
}

static void
add_section (GOptionContext *context, ThOptionSection section, ThOptionValues *values)
{
  g_autoptr (GArray) entries = make_entries (section, values);
  const char *name = sections[section].name;
  g_autofree char *title = g_strconcat (sections[section].title, ":", NULL);
  GOptionGroup *group;

  if (name == NULL)
    {
      g_option_context_add_main_entries (context, (GOptionEntry *) (gpointer) entries->data, NULL);
      return;
    }
  group = g_option_group_new (name, title, title, NULL, NULL);
  g_option_group_add_entries (group, (GOptionEntry *) (gpointer) entries->data);
  g_option_context_add_group (context, group);
}

static char *
make_description (void)
{
  GString *text = g_string_new (NULL);

  for (const char *const *note = notes; *note != NULL; note++)
    g_string_append_printf (text, "%s\n\n", *note);
  g_string_append (text, "Exit status:");
  for (guint i = 0; exits[i] != NULL; i++)
    g_string_append_printf (text, "%s %u %s", i > 0 ? "," : "", i, exits[i]);
  g_string_append_c (text, '.');
  return g_string_free (text, FALSE);
}

GOptionContext *
th_option_table_make_context (ThOptionValues *values)
{
  GOptionContext *context = g_option_context_new ("[secret|api]");
  g_autofree char *description = make_description ();

  /* GOption's own help would hide all groups but the main one behind an option each. */
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_summary (context, TH_OPTION_SUMMARY);
  g_option_context_set_description (context, description);
  for (guint section = 0; section < TH_N_OPTION_SECTIONS; section++)
    add_section (context, section, values);
  return context;
}

char *
th_option_table_make_help (void)
{
  g_auto (ThOptionValues) values = { 0 };
  g_autoptr (GOptionContext) context = th_option_table_make_context (&values);

  return g_option_context_get_help (context, FALSE, NULL);
}
