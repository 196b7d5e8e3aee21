/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the command line, and refusing what does not go together.
 */
#include "server/options.h"

/* As they stand on the command line, before they are checked. */
typedef struct {
  gboolean init, check, version, json;
  char *config, *user, *scheme, *ttl;
} Raw;

static void
raw_clear (Raw *raw)
{
  g_free (raw->config);
  g_free (raw->user);
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
    { "json", 0, 0, G_OPTION_ARG_NONE, &raw->json, "Print it as JSON", NULL },
    { "version", 0, 0, G_OPTION_ARG_NONE, &raw->version, "Print the version", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);

  g_option_context_set_summary (context, "A STUN and TURN relay with an HTTP endpoint for apps.");
  g_option_context_set_description (
      context,
      "Without --config: $XDG_CONFIG_HOME/turnhouse/turnhouse-server.conf, else\n"
      "/etc/turnhouse/turnhouse-server.conf, else the defaults. Secrets and state are kept in\n"
      "$STATE_DIRECTORY, else $XDG_STATE_HOME/turnhouse, else ~/.local/state/turnhouse.\n"
      "Exit status: 0 well, 1 something does not work, 2 bad command line or configuration.");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  return argc == 1 ? TRUE : fail (error, "there are arguments that are no options; see --help");
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

static gboolean
check_combination (const Raw *raw, GError **error)
{
  if (raw->init + raw->check + raw->version + (raw->user != NULL) > 1)
    return fail (error, "--init, --check, --credentials and --version do not go together");
  if (raw->user == NULL && (raw->ttl != NULL || raw->scheme != NULL || raw->json))
    return fail (error, "--ttl, --scheme and --json go with --credentials");
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

static ThCommand
choose_command (const Raw *raw)
{
  if (raw->version)
    return TH_COMMAND_VERSION;
  if (raw->init)
    return TH_COMMAND_INIT;
  if (raw->check)
    return TH_COMMAND_CHECK;
  return raw->user != NULL ? TH_COMMAND_CREDENTIALS : TH_COMMAND_RUN;
}

ThOptions *
th_options_parse (int argc, char **argv, GError **error)
{
  g_auto (Raw) raw = { 0 };
  g_autoptr (ThOptions) self = g_new0 (ThOptions, 1);

  if (!read_raw (&raw, argc, argv, error) || !check_combination (&raw, error) ||
      !read_ttl (raw.ttl, &self->ttl, error) ||
      !read_scheme (raw.scheme, self->ttl, &self->scheme, error))
    return NULL;
  self->command = choose_command (&raw);
  self->config = g_steal_pointer (&raw.config);
  self->user = g_steal_pointer (&raw.user);
  self->json = raw.json;
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
