/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grammar of key files, a line at a time.
 */
#include "settings/key-file.h"

#include <string.h>

#include "settings/settings.h"
#include "settings/wipe.h"

static const char byte_order_mark[] = "\xef\xbb\xbf";

static GPtrArray *
fail (const char *name, guint line, const char *what, GError **error)
{
  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_SYNTAX, "%s:%u: %s", name, line, what);
  return NULL;
}

static void
add_entry (GPtrArray *entries, const char *group, const char *key, const char *text, guint line)
{
  ThKeyFileEntry *entry = g_new (ThKeyFileEntry, 1);

  entry->group = g_strdup (group);
  entry->key = g_strdup (key);
  entry->text = g_strdup (text);
  entry->line = line;
  g_ptr_array_add (entries, entry);
}

/* The group of the line before; entries hold it because groups may stand without keys. */
static const char *
current_group (GPtrArray *entries)
{
  if (entries->len == 0)
    return NULL;
  return ((ThKeyFileEntry *) g_ptr_array_index (entries, entries->len - 1))->group;
}

/* @text is one trimmed line, neither empty nor a comment; written to. Returns what is wrong. */
static const char *
read_line (GPtrArray *entries, char *text, guint line)
{
  char *equals = strchr (text, '=');
  gsize length = strlen (text);

  if (text[0] == '[')
    {
      if (length < 3 || text[length - 1] != ']')
        return "a group is written [group], alone on its line";
      text[length - 1] = '\0';
      add_entry (entries, g_strstrip (text + 1), NULL, NULL, line);
      return NULL;
    }
  if (equals == NULL || equals == text)
    return "not understood; a line is a [group], key=value, or a comment that starts with #";
  if (current_group (entries) == NULL)
    return "a key before any [group]";

  *equals = '\0';
  add_entry (entries, current_group (entries), g_strchomp (text), g_strchug (equals + 1), line);
  return NULL;
}

/* One line, without its end, of which nothing is known. Returns what is wrong. */
static const char *
read_bytes (GPtrArray *entries, const char *bytes, gsize size, guint line)
{
  const char *what = NULL;
  char *copy, *text;

  if (memchr (bytes, '\0', size) != NULL)
    return "a NUL byte; a configuration is text";
  if (!g_utf8_validate_len (bytes, size, NULL))
    return "not UTF-8; a configuration is text in UTF-8";

  copy = g_strndup (bytes, size);
  text = g_strstrip (copy);
  if (*text != '\0' && *text != '#')
    what = read_line (entries, text, line);
  explicit_bzero (copy, size);
  g_free (copy);
  return what;
}

GPtrArray *
th_key_file_read (const char *name, const char *bytes, gsize length, GError **error)
{
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) th_key_file_entry_free);
  const char *end = bytes + length;

  if (length > TH_KEY_FILE_SIZE_MAX)
    return fail (name, 1, "too long; a configuration has at most 1 MiB", error);
  if (length >= 3 && memcmp (bytes, byte_order_mark, 3) == 0)
    bytes += 3;

  for (guint line = 1; bytes < end; line++)
    {
      const char *newline = memchr (bytes, '\n', end - bytes);
      gsize size = (newline != NULL ? newline : end) - bytes;
      const char *what = read_bytes (entries, bytes, size, line);

      if (what != NULL)
        return fail (name, line, what, error);
      bytes += newline != NULL ? size + 1 : size;
    }
  return g_steal_pointer (&entries);
}

void
th_key_file_entry_free (ThKeyFileEntry *self)
{
  g_free (self->group);
  g_free (self->key);
  th_wipe_and_free (self->text);
  g_free (self);
}
