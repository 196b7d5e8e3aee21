/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * write-snippets DIRECTORY: fills in all snippets with what its standard input says, one "NAME
 * VALUE" a line, and writes each to a file of its own, for other programs to read. Names are url
 * (as often as there are), endpoint, token, secret, api-key, api-secret, realm, ttl,
 * local and proxy.
 */
#include <stdio.h>
#include <stdlib.h>

#include "app/snippets.h"

static void
take (ThSnippetValues *values, const char *name, const char *text)
{
  const struct {
    const char *name;
    char **value;
  } fields[] = {
    { "endpoint", &values->endpoint },
    { "token", &values->token },
    { "secret", &values->secret },
    { "api-key", &values->api_key },
    { "api-secret", &values->api_secret },
    { "realm", &values->realm },
    { "ttl", &values->ttl },
    { "local", &values->local },
    { "proxy", &values->proxy },
  };

  if (g_str_equal (name, "url"))
    th_snippet_values_add_url (values, text);
  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    if (g_str_equal (name, fields[i].name))
      *fields[i].value = g_strdup (text);
}

static ThSnippetValues *
read_values (void)
{
  ThSnippetValues *values = th_snippet_values_new ();
  char *line = NULL;
  size_t size = 0;
  ssize_t length;

  while ((length = getline (&line, &size, stdin)) > 0)
    {
      char *space = strchr (line, ' ');

      g_assert_nonnull (space);
      *space = '\0';
      line[length - 1] = '\0';
      take (values, line, space + 1);
    }
  free (line);
  return values;
}

static void
write_snippet (const ThSnippet *snippet, const ThSnippetValues *values, const char *directory)
{
  g_autofree char *path = g_build_filename (directory, snippet->id, NULL);
  ThSnippetState state;
  g_autofree char *text = th_snippet_fill (snippet, values, FALSE, &state);
  g_autoptr (GError) error = NULL;

  if (state == TH_SNIPPET_NO_TLS)
    return; /* those values are of a relay without */
  if (text == NULL)
    g_error ("There is no snippet %s", snippet->id);
  if (!g_file_set_contents (path, text, -1, &error))
    g_error ("%s", error->message);
}

int
main (int argc, char **argv)
{
  g_autoptr (ThSnippetValues) values = read_values ();
  guint n_snippets;
  const ThSnippet *snippets = th_snippets_get (&n_snippets);

  if (argc != 2)
    return 2;
  for (guint i = 0; i < n_snippets; i++)
    write_snippet (&snippets[i], values, argv[1]);
  return 0;
}
