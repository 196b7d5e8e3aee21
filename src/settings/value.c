/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the text of a setting to its value: undo escapes, split lists, check the form of every
 * part, and say in one line what is wrong and what is allowed.
 */
#include "settings/value.h"

#include <glib/gi18n.h>
#include <string.h>

#include "settings/check.h"
#include "settings/settings.h"
#include "settings/wipe.h"

#define QUOTE_MAX 40 /* characters of a value that a message repeats */

static void
wipe_and_free_items (char **items)
{
  for (char **item = items; item != NULL && *item != NULL; item++)
    th_wipe_and_free (*item);
  g_free (items);
}

static gboolean
is_separator (char c)
{
  return c == ',' || c == ';';
}

/* Undoes one escape; @after is the character behind the backslash. */
static gboolean
unescape_one (char after, char *plain)
{
  static const char escapes[] = "s\\,;nrt", meanings[] = " \\,;\n\r\t";
  const char *found = after != '\0' ? strchr (escapes, after) : NULL;

  if (found == NULL)
    return FALSE;
  *plain = meanings[found - escapes];
  return TRUE;
}

/*
 * Reads up to the end of @text, or to the next separator in a list, and moves @text there. Blanks
 * around do not count, escaped ones do.
 *
 * Returns: (transfer full) (nullable): NULL for a backslash that escapes nothing
 */
static char *
read_item (const char **text, gboolean in_list)
{
  g_autofree char *item = g_malloc (strlen (*text) + 1); /* never grows: nothing is left behind */
  gsize length = 0, length_without_blanks = 0;
  const char *p = *text;

  while (g_ascii_isspace (*p))
    p++;
  for (; *p != '\0' && !(in_list && is_separator (*p)); p++)
    {
      gboolean blank = g_ascii_isspace (*p);

      item[length] = *p;
      if (*p == '\\' && !unescape_one (*++p, &item[length]))
        {
          explicit_bzero (item, length);
          return NULL;
        }
      length++;
      if (!blank)
        length_without_blanks = length;
    }
  item[length_without_blanks] = '\0';
  *text = p;
  return g_steal_pointer (&item);
}

static char **
read_items (const char *text)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) th_wipe_and_free);

  while (*text != '\0')
    {
      char *item = read_item (&text, TRUE);

      if (item == NULL)
        {
          g_ptr_array_unref (items);
          return NULL;
        }
      if (*item != '\0')
        g_ptr_array_add (items, item);
      else
        g_free (item); /* ",," and a separator at the end */
      if (*text != '\0')
        text++;
    }
  g_ptr_array_add (items, NULL);
  return (char **) g_ptr_array_free (items, FALSE);
}

static void
append_escaped (GString *escaped, const char *plain)
{
  gsize length = strlen (plain);

  for (gsize i = 0; i < length; i++)
    {
      gboolean at_an_end = i == 0 || i + 1 == length;

      if (plain[i] == '\\' || is_separator (plain[i]))
        g_string_append_c (escaped, '\\');
      if (plain[i] == ' ' && at_an_end)
        g_string_append (escaped, "\\s");
      else
        g_string_append_c (escaped, plain[i]);
    }
}

static gboolean refuse_row (const ThSettingRow *row, GError **error, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

/* Behind the place in a key file, which is never translated. Returns: FALSE */
static gboolean
refuse_row (const ThSettingRow *row, GError **error, const char *format, ...)
{
  g_autofree char *why = NULL;
  va_list arguments;

  va_start (arguments, format);
  why = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE, "[%s] %s: %s", row->group,
               row->key, why);
  return FALSE;
}

static gboolean
refuse (const ThSettingRow *row, const char *item, GError **error)
{
  g_autofree char *allowed = th_setting_describe_allowed (row);
  g_autofree char *quoted = row->secret ? NULL : th_setting_quote (item);

  if (quoted == NULL)
    /* Translators: %s says what is allowed, such as "a port from 1 to 65535" */
    return refuse_row (row, error, _("the value does not fit; allowed: %s"), allowed);
  /* Translators: %1$s is what was given, %2$s says what is allowed */
  return refuse_row (row, error, _("%1$s does not fit; allowed: %2$s"), quoted, allowed);
}

static gboolean
refuse_backslash (const ThSettingRow *row, GError **error)
{
  /* Translators: %s is two backslashes */
  return refuse_row (
      row, error, _("a backslash that escapes nothing; a backslash itself is written %s"), "\\\\");
}

static gboolean
check_count (const ThSettingRow *row, guint count, GError **error)
{
  guint most = row->maximum != 0 ? (guint) row->maximum : TH_SETTING_ITEMS_MAX;

  if (count >= row->minimum && count <= most)
    return TRUE;
  return refuse_row (row, error,
                     ngettext ("%1$u value does not fit; allowed: %2$u to %3$u of them",
                               "%1$u values do not fit; allowed: %2$u to %3$u of them", count),
                     count, (guint) row->minimum, most);
}

/* "auto" stands alone. */
static gboolean
fits_the_others (const ThSettingRow *row, guint i, char **items)
{
  return row->type != TH_SETTING_TYPE_EXTERNAL_LIST || !g_str_equal (items[i], "auto") ||
         g_strv_length (items) == 1;
}

static gboolean
parse_list (ThSettingValue *self, const ThSettingRow *row, const char *text, GError **error)
{
  guint count;

  self->items = read_items (text);
  if (self->items == NULL)
    return refuse_backslash (row, error);

  count = g_strv_length (self->items);
  if (!check_count (row, count, error))
    return FALSE;
  for (guint i = 0; i < count; i++)
    if (!th_setting_check_text (row, self->items[i]) || !fits_the_others (row, i, self->items))
      return refuse (row, self->items[i], error);

  self->text = th_setting_escape_items ((const char *const *) self->items);
  self->string = g_strdup (self->text);
  return TRUE;
}

static gboolean
parse_scalar (ThSettingValue *self, const ThSettingRow *row, const char *text, GError **error)
{
  self->string = read_item (&text, FALSE);
  if (self->string == NULL)
    return refuse_backslash (row, error);

  switch (row->type)
    {
    case TH_SETTING_TYPE_BOOLEAN:
      if (!th_setting_check_boolean (self->string, &self->integer))
        return refuse (row, self->string, error);
      g_free (self->string);
      self->string = g_strdup (self->integer ? "true" : "false");
      break;
    case TH_SETTING_TYPE_INTEGER:
    case TH_SETTING_TYPE_AUTO_INTEGER:
    case TH_SETTING_TYPE_PORT:
      if (!th_setting_check_integer (row, self->string, &self->integer))
        return refuse (row, self->string, error);
      g_free (self->string);
      self->string = self->integer < 0 ? g_strdup ("auto")
                                       : g_strdup_printf ("%" G_GINT64_FORMAT, self->integer);
      break;
    case TH_SETTING_TYPE_CHOICE:
      if (!th_setting_check_choice (row, self->string, &self->integer))
        return refuse (row, self->string, error);
      g_free (self->string);
      self->string = g_strdup (row->choices[self->integer]);
      break;
    default:
      if (!th_setting_check_text (row, self->string))
        return refuse (row, self->string, error);
    }
  self->text = th_setting_escape_string (self->string);
  return TRUE;
}

gboolean
th_setting_value_parse (ThSettingValue *self,
                        const ThSettingRow *row,
                        const char *text,
                        GError **error)
{
  ThSettingValue value = { 0 };
  gboolean fits = th_setting_row_is_list (row) ? parse_list (&value, row, text, error)
                                               : parse_scalar (&value, row, text, error);

  if (fits)
    *self = value;
  else
    th_setting_value_clear (&value);
  return fits;
}

void
th_setting_value_parse_default (ThSettingValue *self, const ThSettingRow *row)
{
  /* A secret has no default: "" is what is there while none was given, not what may be given. */
  if (row->type == TH_SETTING_TYPE_SECRET)
    *self = (ThSettingValue) { .text = g_strdup (""), .string = g_strdup ("") };
  else if (!th_setting_value_parse (self, row, row->fallback, NULL))
    g_assert_not_reached ();
}

void
th_setting_value_clear (ThSettingValue *self)
{
  th_wipe_and_free (self->text);
  th_wipe_and_free (self->string);
  wipe_and_free_items (self->items);
  *self = (ThSettingValue) { 0 };
}

gboolean
th_setting_value_equal (const ThSettingValue *a, const ThSettingValue *b)
{
  return g_str_equal (a->text, b->text);
}

char *
th_setting_escape_string (const char *string)
{
  GString *escaped = g_string_sized_new (2 * strlen (string) + 1);

  append_escaped (escaped, string);
  return g_string_free (escaped, FALSE);
}

char *
th_setting_escape_items (const char *const *items)
{
  GString *escaped;
  gsize size = 1;

  for (const char *const *item = items; *item != NULL; item++)
    size += 2 * strlen (*item) + 1;
  escaped = g_string_sized_new (size); /* as above: it never moves, so no copy is left behind */
  for (const char *const *item = items; *item != NULL; item++)
    {
      if (item != items)
        g_string_append_c (escaped, ',');
      append_escaped (escaped, *item);
    }
  return g_string_free (escaped, FALSE);
}

char *
th_setting_quote (const char *text)
{
  GString *quoted = g_string_new ("\"");
  guint count = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (count++ == QUOTE_MAX)
        {
          g_string_append (quoted, "…");
          break;
        }
      g_string_append_unichar (quoted, g_unichar_isprint (c) ? c : '?');
    }
  g_string_append_c (quoted, '"');
  return g_string_free (quoted, FALSE);
}
