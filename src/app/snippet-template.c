/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Goes through a template line by line.
 */
#include "app/snippet-template.h"

#include "credentials/secret.h"

#define MASK "••••••••"

typedef enum {
  KIND_TEXT,   /* quoted */
  KIND_SECRET, /* quoted, or masked */
  KIND_NUMBER, /* as it is */
} Kind;

typedef enum {
  OF_VALUES,
  OF_SERVER,
  OF_TCP_SERVER,
  OF_TLS_SERVER,
} Owner;

/* What stands before and behind the text of a field, where there is one */
typedef struct {
  const char *name;
  Kind kind;
  Owner owner;
  gsize field; /* offset of a char * in ThSnippetValues or ThSnippetServer */
  const char *prefix;
  const char *suffix;
} Placeholder;

#define VALUE(the_field)  .owner = OF_VALUES, .field = G_STRUCT_OFFSET (ThSnippetValues, the_field)
#define SERVER(the_field) .owner = OF_SERVER, .field = G_STRUCT_OFFSET (ThSnippetServer, the_field)

/* clang-format off */
static const Placeholder placeholders[] = {
  { .name = "api-key", .kind = KIND_TEXT, VALUE (api_key) },
  { .name = "api-secret", .kind = KIND_SECRET, VALUE (api_secret) },
  { .name = "bearer", .kind = KIND_SECRET, VALUE (token), .prefix = "Bearer " },
  { .name = "client-module", .kind = KIND_TEXT, VALUE (endpoint), .suffix = "/client.mjs" },
  { .name = "endpoint", .kind = KIND_TEXT, VALUE (endpoint) },
  { .name = "ice-servers-url", .kind = KIND_TEXT, VALUE (endpoint), .suffix = "/api/ice-servers" },
  { .name = "livekit-url", .kind = KIND_TEXT, VALUE (endpoint),
    .suffix = "/api/livekit/ice-config" },
  { .name = "local", .kind = KIND_TEXT, VALUE (local) },
  { .name = "proxy", .kind = KIND_TEXT, VALUE (proxy) },
  { .name = "realm", .kind = KIND_TEXT, VALUE (realm) },
  { .name = "secret", .kind = KIND_SECRET, VALUE (secret) },
  { .name = "token", .kind = KIND_SECRET, VALUE (token) },
  { .name = "ttl", .kind = KIND_NUMBER, VALUE (ttl) },
  { .name = "host", .kind = KIND_TEXT, SERVER (host) },
  { .name = "host-and-port", .kind = KIND_TEXT, SERVER (host_and_port) },
  { .name = "port", .kind = KIND_NUMBER, SERVER (port) },
  { .name = "protocol", .kind = KIND_TEXT, SERVER (protocol) },
  { .name = "transport", .kind = KIND_TEXT, SERVER (transport) },
  { .name = "type", .kind = KIND_TEXT, SERVER (type) },
  { .name = "url", .kind = KIND_TEXT, SERVER (url) },
  { .name = "url-host", .kind = KIND_TEXT, SERVER (url_host) },
  { .name = "tcp-port", .kind = KIND_NUMBER, .owner = OF_TCP_SERVER,
    .field = G_STRUCT_OFFSET (ThSnippetServer, port) },
  { .name = "tls-host", .kind = KIND_TEXT, .owner = OF_TLS_SERVER,
    .field = G_STRUCT_OFFSET (ThSnippetServer, host) },
  { .name = "tls-port", .kind = KIND_NUMBER, .owner = OF_TLS_SERVER,
    .field = G_STRUCT_OFFSET (ThSnippetServer, port) },
};
/* clang-format on */

typedef struct {
  ThSnippetLanguage language;
  const ThSnippetValues *values;
  gboolean masked;
  const ThSnippetServer *server; /* nullable: the one that values of servers are of */
  ThSnippetState state;
  GString *text;
} Filling;

static const Placeholder *
find_placeholder (const char *name, gsize length)
{
  for (guint i = 0; i < G_N_ELEMENTS (placeholders); i++)
    if (strlen (placeholders[i].name) == length &&
        strncmp (placeholders[i].name, name, length) == 0)
      return &placeholders[i];
  return NULL;
}

/* Returns: (nullable): the first TURN server that is spoken to like this */
static const ThSnippetServer *
find_server (const Filling *self, const char *protocol)
{
  for (guint i = 0; i < self->values->turn->len; i++)
    {
      const ThSnippetServer *server = g_ptr_array_index (self->values->turn, i);

      if (g_str_equal (server->protocol, protocol))
        return server;
    }
  return NULL;
}

static gconstpointer
find_owner (const Filling *self, Owner owner)
{
  switch (owner)
    {
    case OF_VALUES:
      return self->values;
    case OF_TCP_SERVER:
      return find_server (self, "tcp");
    case OF_TLS_SERVER:
      return find_server (self, "tls");
    default:
      return self->server;
    }
}

static const char *
get_value (const Filling *self, const Placeholder *placeholder)
{
  gconstpointer owner = find_owner (self, placeholder->owner);

  return owner != NULL ? G_STRUCT_MEMBER (const char *, owner, placeholder->field) : NULL;
}

static gboolean
is_masked (const Filling *self, const Placeholder *placeholder, const char *value)
{
  return self->masked && placeholder->kind == KIND_SECRET &&
         !g_str_equal (value, TH_SNIPPET_TOKEN_WORD);
}

static ThSnippetState
what_is_missing (const Filling *self, Owner owner)
{
  if (owner == OF_VALUES)
    return TH_SNIPPET_NO_ENDPOINT;
  return owner == OF_TLS_SERVER && self->server != NULL ? TH_SNIPPET_NO_TLS : TH_SNIPPET_NO_SERVER;
}

static void
append_value (Filling *self, const Placeholder *placeholder)
{
  const char *value = get_value (self, placeholder);
  g_autoptr (ThSecretText) whole = NULL;
  g_autoptr (ThSecretText) quoted = NULL;

  if (value == NULL)
    {
      self->state = what_is_missing (self, placeholder->owner);
      return;
    }
  if (placeholder->kind == KIND_NUMBER)
    {
      g_string_append (self->text, value);
      return;
    }
  whole =
      g_strconcat (placeholder->prefix != NULL ? placeholder->prefix : "",
                   is_masked (self, placeholder, value) ? MASK : value, placeholder->suffix, NULL);
  quoted = th_snippet_quote (self->language, whole);
  g_string_append (self->text, quoted);
}

static void
append_line (Filling *self, const char *line)
{
  const char *brace;

  while ((brace = strchr (line, '{')) != NULL)
    {
      gsize length = strcspn (brace + 1, "}");
      gboolean closed = brace[1 + length] == '}';
      const Placeholder *placeholder = closed ? find_placeholder (brace + 1, length) : NULL;

      g_string_append_len (self->text, line, brace - line);
      if (placeholder != NULL)
        append_value (self, placeholder);
      else
        g_string_append_c (self->text, '{');
      line = brace + (placeholder != NULL ? length + 2 : 1);
    }
  g_string_append (self->text, line);
  g_string_append_c (self->text, '\n');
}

static void
append_lines (Filling *self, char **lines, guint n_lines)
{
  for (guint i = 0; i < n_lines; i++)
    append_line (self, lines[i]);
}

static void
append_each (Filling *self, GPtrArray *servers, char **lines, guint n_lines)
{
  const ThSnippetServer *outer = self->server;

  for (guint i = 0; i < servers->len; i++)
    {
      self->server = g_ptr_array_index (servers, i);
      append_lines (self, lines, n_lines);
    }
  self->server = outer;
}

/* @condition: "with token}" or "without token}" */
static gboolean
is_met (const Filling *self, const char *condition)
{
  const char *name = strchr (condition, ' ') + 1;
  const Placeholder *placeholder = find_placeholder (name, strcspn (name, "}"));

  g_return_val_if_fail (placeholder != NULL, FALSE);
  return (get_value (self, placeholder) != NULL) == g_str_has_prefix (condition, "with ");
}

/* @opening: "{each turn}" or "{with token}" */
static void
append_block (Filling *self, const char *opening, char **lines, guint n_lines)
{
  if (g_str_equal (opening, "{each stun}"))
    append_each (self, self->values->stun, lines, n_lines);
  else if (g_str_equal (opening, "{each turn}"))
    append_each (self, self->values->turn, lines, n_lines);
  else if (is_met (self, opening + 1))
    append_lines (self, lines, n_lines);
}

static gboolean
opens_block (const char *line)
{
  return g_str_has_prefix (line, "{each ") || g_str_has_prefix (line, "{with ") ||
         g_str_has_prefix (line, "{without ");
}

static void
append_template (Filling *self, char **lines)
{
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint first = i + 1;

      if (!opens_block (lines[i]))
        {
          append_line (self, lines[i]);
          continue;
        }
      for (i = first; !g_str_equal (lines[i], "{end}"); i++)
        g_return_if_fail (lines[i + 1] != NULL);
      append_block (self, lines[first - 1], lines + first, i - first);
    }
}

char *
th_snippet_template_fill (const char *template,
                          ThSnippetLanguage language,
                          const ThSnippetValues *values,
                          gboolean masked,
                          ThSnippetState *state)
{
  g_autofree char *trimmed = g_strchomp (g_strdup (template));
  g_auto (GStrv) lines = g_strsplit (trimmed, "\n", -1);
  Filling filling = {
    .language = language,
    .values = values,
    .masked = masked,
    .server = values->turn->len > 0 ? g_ptr_array_index (values->turn, 0) : NULL,
    .text = g_string_sized_new (2 * strlen (template)),
  };
  g_autoptr (ThSecretText) text = NULL;

  if (filling.server == NULL && strstr (template, "{each turn}") != NULL)
    filling.state = TH_SNIPPET_NO_SERVER;
  append_template (&filling, lines);
  text = g_string_free (filling.text, FALSE);
  if (state != NULL)
    *state = filling.state;
  return filling.state == TH_SNIPPET_COMPLETE ? g_steal_pointer (&text) : NULL;
}

gboolean
th_snippet_template_uses (const char *template, const char *name)
{
  const Placeholder *wanted = find_placeholder (name, strlen (name));

  g_return_val_if_fail (wanted != NULL, FALSE);
  for (guint i = 0; i < G_N_ELEMENTS (placeholders); i++)
    {
      const Placeholder *placeholder = &placeholders[i];
      g_autofree char *braced = g_strdup_printf ("{%s}", placeholder->name);

      if (placeholder->owner == wanted->owner && placeholder->field == wanted->field &&
          strstr (template, braced) != NULL)
        return TRUE;
    }
  return FALSE;
}
