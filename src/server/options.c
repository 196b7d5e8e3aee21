/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the command line, and refusing what does not go together.
 */
#include "server/options.h"

#include <string.h>

#include "control/control-request.h"
#include "server/option-table.h"

static gboolean
fail (GError **error, const char *text)
{
  g_set_error_literal (error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, text);
  return FALSE;
}

/* @word: (out) (nullable): what stands there beside options */
static gboolean
read_raw (ThOptionValues *raw, const char **word, int argc, char **argv, GError **error)
{
  g_autoptr (GOptionContext) context = th_option_table_make_context (raw);

  if (!g_option_context_parse (context, &argc, &argv, error))
    return FALSE;
  *word = argc > 1 ? argv[1] : NULL;
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
find_commands (const ThOptionValues *raw, ThCommand *command)
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
    { TH_COMMAND_TEST_LINK, raw->test_link },
    { TH_COMMAND_DRAIN, raw->drain },
    { TH_COMMAND_HELP, raw->help },
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
check_credentials (const ThOptionValues *raw, GError **error)
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
check_combination (const ThOptionValues *raw,
                   const char *word,
                   ThCommand *command,
                   GError **error)
{
  if (find_commands (raw, command) > 1)
    return fail (error, "--init, --check, --credentials, --status, --rotate, --disconnect, "
                        "--test-link, --drain, --help and --version do not go together");
  if (raw->json && raw->user == NULL && !raw->status)
    return fail (error, "--json goes with --credentials and --status");
  if (raw->revoke && !raw->rotate)
    return fail (error, "--revoke goes with --rotate");
  if (word != NULL && !g_str_equal (word, "secret") && !g_str_equal (word, "api"))
    return fail (error, "--rotate takes secret or api");
  if (raw->disconnect != NULL &&
      (*raw->disconnect == '\0' || strlen (raw->disconnect) > TH_CONTROL_USER_MAX))
    return fail (error, "--disconnect takes the name of a user");
  return check_credentials (raw, error);
}

ThOptions *
th_options_parse (int argc, char **argv, GError **error)
{
  g_auto (ThOptionValues) raw = { 0 };
  g_autoptr (ThOptions) self = g_new0 (ThOptions, 1);
  const char *word = NULL;

  if (!read_raw (&raw, &word, argc, argv, error) ||
      !check_combination (&raw, word, &self->command, error) ||
      !read_ttl (raw.ttl, &self->ttl, error) ||
      !read_scheme (raw.scheme, self->ttl, &self->scheme, error))
    return NULL;
  self->config = g_steal_pointer (&raw.config);
  self->user = raw.user != NULL ? g_steal_pointer (&raw.user) : g_steal_pointer (&raw.disconnect);
  self->json = raw.json;
  self->kind = g_strcmp0 (word, "api") == 0 ? TH_RING_API : TH_RING_SECRET;
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
