/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes what snippets are filled in with: a secret in quotes stays one line, and is what it was
 * when a shell takes the quotes off; a URL that is taken apart is whole when put together.
 */
#include "app/snippets.h"

#include <string.h>

#include "credentials/secret.h"
#include "fuzz.h"

static void
check_unquoted (ThSnippetLanguage language, const char *text)
{
  g_autofree char *quoted = th_snippet_quote (language, text);
  g_autofree char *unquoted = g_shell_unquote (quoted, NULL);

  g_assert_cmpstr (unquoted, ==, text);
}

/* Nothing that ends a line or a string before its time. */
static void
check_enclosed (ThSnippetLanguage language, const char *text, char quote)
{
  g_autofree char *quoted = th_snippet_quote (language, text);
  gsize last = strlen (quoted) - 1;

  g_assert_true (g_utf8_validate (quoted, -1, NULL));
  g_assert_true (last > 0 && quoted[0] == quote && quoted[last] == quote);
  for (gsize i = 1; i < last; i++)
    {
      g_assert_true (quoted[i] != quote && (guchar) quoted[i] >= ' ');
      if (quoted[i] == '\\')
        g_assert_cmpuint (++i, <, last);
    }
}

static void
check_url (const char *url)
{
  g_autoptr (ThSnippetValues) values = th_snippet_values_new ();
  const ThSnippetServer *server;
  g_autofree char *whole = NULL;

  th_snippet_values_add_url (values, url);
  g_assert_cmpuint (values->stun->len + values->turn->len, <=, 1);
  if (values->stun->len + values->turn->len == 0)
    return;
  server = g_ptr_array_index (values->stun->len == 1 ? values->stun : values->turn, 0);
  whole = g_strdup_printf ("%s:%s:%s", server->type, server->url_host, server->port);
  g_assert_true (g_str_has_prefix (url, whole));
  g_assert_nonnull (strstr (server->url_host, server->host));
  g_assert_true (g_str_equal (server->transport, "udp") || g_str_equal (server->transport, "tcp"));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_strndup (size > 0 ? (const char *) data : "", size);

  if (strlen (text) != size || !th_text_is_plain (text, size))
    return 0;
  check_unquoted (TH_SNIPPET_SHELL, text);
  check_unquoted (TH_SNIPPET_ENV, text);
  check_enclosed (TH_SNIPPET_JAVASCRIPT, text, '\'');
  check_enclosed (TH_SNIPPET_LUA, text, '"');
  check_enclosed (TH_SNIPPET_YAML, text, '"');
  check_url (text);
  return 0;
}
