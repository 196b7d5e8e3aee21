/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the command line, and refusing what does not go together.
 */
#include "server/options.h"

#include <string.h>

#include "server/control-request.h"

/* As they stand on the command line, before they are checked. */
typedef struct {
  gboolean init, check, version, status, rotate, drain;
  gboolean json, revoke;
  char *config, *user, *disconnect, *scheme, *ttl;
  const char *word; /* nullable: what stands there beside options */
} Raw;

static void
raw_clear (Raw *raw)
{
  g_free (raw->config);
  g_free (raw->user);
  g_free (raw->disconnect);
  g_free (raw->scheme);
  g_free (raw->ttl);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Raw, raw_clear)

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  return FALSE;
}

static gboolean
read_raw (Raw *raw, int argc, char **argv, GError **error)
{
  const GOptionEntry entries[] = {
    { "config", 'c', 0, G_OPTION_ARG_FILENAME, &raw->config, "Read settings from FILE", "FILE" },
    { "init", 0, 0, G_OPTION_ARG_NONE, &raw->init,
      "Write a new configuration file with a fresh secret", NULL },
    { "check", 0, 0, G_OPTION_ARG_NONE, &raw->check,
      "Try settings, ports and one allocation per transport, then end", NULL },
    { "credentials", 0, 0, G_OPTION_ARG_STRING, &raw->user, "Print a credential for USER", "USER" },
    { "ttl", 0, 0, G_OPTION_ARG_STRING, &raw->ttl, "Its lifetime", "SECONDS" },
    { "scheme", 0, 0, G_OPTION_ARG_STRING, &raw->scheme, "Its kind: rest, jwt or livekit",
      "SCHEME" },
    { "status", 0, 0, G_OPTION_ARG_NONE, &raw->status, "Say how the running server is doing",
      NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &raw->json, "Print credential or status as JSON", NULL },
    { "rotate", 0, 0, G_OPTION_ARG_NONE, &raw->rotate,
      "Have the running server make a new secret, or API secret", NULL },
    { "revoke", 0, 0, G_OPTION_ARG_NONE, &raw->revoke,
      "Refuse the former ones at once, and end their sessions", NULL },
    { "disconnect", 0, 0, G_OPTION_ARG_STRING, &raw->disconnect,
      "End the sessions of USER in the running server", "USER" },
    { "drain", 0, 0, G_OPTION_ARG_NONE, &raw->drain,
      "Have the running server take no new sessions, and end with the last one", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &raw->version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new ("[secret|api]");

  g_option_context_set_summary (context, "A STUN and TURN relay with an HTTP endpoint for apps.");
  g_option_context_set_description (
      context,
      "Without --config: $XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf, else\n"
      "/etc/turnhouse/turnhouse-server.conf, else the defaults. Secrets and state are kept in\n"
      "$STATE_DIRECTORY, else $XDG_STATE_HOME/turnhouse, else ~/.local/state/turnhouse.\n"
      "--status, --rotate (secret, if nothing else is said), --disconnect and --drain speak to\n"
      "the server that runs with the same state directory, else to the system's service.\n"
      "SIGTERM ends a server, SIGHUP has it read its configuration again.\n"
      "Exit status: 0 well, 1 something does not work, 2 bad command line or configuration.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  raw->word = argc > 1 ? argv[1] : NULL;
  if (argc > 2 || (argc == 2 && !raw->rotate))
    return fail (error, "there are arguments that are no options; see --help");
  return TRUE;
}

static gboolean
read_ttl (const char *text, gint64 *ttl, GError **error)
{
  guint64 value;

  if (text == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT32, &value, NULL))
    return fail (error, "--ttl takes a number of seconds from 1 to 2147483647");
  *ttl = value;
  return TRUE;
}

/* In the order of the commands; the last one that is given, or none: run. */
static guint
find_commands (const Raw *raw, ThCommand *command)
{
  const struct {
    ThCommand command;
    gboolean given;
  } commands[] = {
    { TH_COMMAND_INIT, raw->init },
    { TH_COMMAND_CHECK, raw->check },
    { TH_COMMAND_CREDENTIALS, raw->user != NULL },
    { TH_COMMAND_STATUS, raw->status },
    { TH_COMMAND_ROTATE, raw->rotate },
    { TH_COMMAND_DISCONNECT, raw->disconnect != NULL },
    { TH_COMMAND_DRAIN, raw->drain },
    { TH_COMMAND_VERSION, raw->version },
  };
  guint n = 0;

  *command = TH_COMMAND_RUN;
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    if (commands[i].given)
      {
        *command = commands[i].command;
        n++;
      }
  return n;
}

static gboolean
check_credentials (const Raw *raw, GError **error)
{
  if (raw->user == NULL && (raw->ttl != NULL || raw->scheme != NULL))
    return fail (error, "--ttl and --scheme go with --credentials");
  return TRUE;
}

/* @ttl: 0 where none is given */
static gboolean
read_scheme (const char *text, gint64 ttl, ThScheme *scheme, GError **error)
{
  static const char *const names[TH_N_SCHEMES] = {
    [TH_SCHEME_REST] = "rest",
    [TH_SCHEME_JWT] = "jwt",
    [TH_SCHEME_LIVEKIT] = "livekit",
  };

  *scheme = TH_SCHEME_REST;
  while (text != NULL && *scheme < TH_N_SCHEMES && !g_str_equal (text, names[*scheme]))
    (*scheme)++;
  if (*scheme == TH_N_SCHEMES)
    return fail (error, "--scheme takes rest, jwt or livekit");
  if (*scheme == TH_SCHEME_JWT && ttl != 0)
    return fail (error, "--ttl does not go with --scheme jwt; [credentials] ttl says it");
  return TRUE;
}

static gboolean
check_combination (const Raw *raw, ThCommand *command, GError **error)
{
  if (find_commands (raw, command) > 1)
    return fail (error, "--init, --check, --credentials, --status, --rotate, --disconnect, --drain "
                        "and --version do not go together");
  if (raw->json && raw->user == NULL && !raw->status)
    return fail (error, "--json goes with --credentials and --status");
  if (raw->revoke && !raw->rotate)
    return fail (error, "--revoke goes with --rotate");
  if (raw->word != NULL && !g_str_equal (raw->word, "secret") && !g_str_equal (raw->word, "api"))
    return fail (error, "--rotate takes secret or api");
  if (raw->disconnect != NULL &&
      (*raw->disconnect == '\0' || strlen (raw->disconnect) > TH_CONTROL_USER_MAX))
    return fail (error, "--disconnect takes the name of a user");
  return check_credentials (raw, error);
}

ThOptions *
th_options_parse (int argc, char **argv, GError **error)
{
  g_auto (Raw) raw = { 0 };
  g_autoptr (ThOptions) self = g_new0 (ThOptions, 1);

  if (!read_raw (&raw, argc, argv, error) || !check_combination (&raw, &self->command, error) ||
      !read_ttl (raw.ttl, &self->ttl, error) ||
      !read_scheme (raw.scheme, self->ttl, &self->scheme, error))
    return NULL;
  self->config = g_steal_pointer (&raw.config);
  self->user = raw.user != NULL ? g_steal_pointer (&raw.user) : g_steal_pointer (&raw.disconnect);
  self->json = raw.json;
  self->kind = g_strcmp0 (raw.word, "api") == 0 ? TH_RING_API : TH_RING_SECRET;
  self->revoke = raw.revoke;
  return g_steal_pointer (&self);
}

void
th_options_free (ThOptions *self)
{
  if (self == NULL)
    return;
  g_free (self->config);
  g_free (self->user);
  g_free (self);
}
