/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Holds the entries of a key file against the settings table.
 */
#include "settings/load.h"

#include "settings/key-file.h"
#include "settings/settings.h"
#include "settings/suggest.h"

typedef struct {
  ThSettingValue *values;
  const char *name;
  GHashTable *group_lines;          /* group -> line of its first [group] */
  guint setting_lines[TH_N_SETTINGS]; /* 0: not given so far */
} Loader;

/* One entry per group, in the table's order. */
static GPtrArray *
list_groups (void)
{
  GPtrArray *groups = g_ptr_array_new ();
  const char *last = "";

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (!g_str_equal (th_setting_get_row (i)->group, last))
      {
        last = th_setting_get_row (i)->group;
        g_ptr_array_add (groups, (char *) last);
      }
  return groups;
}

static GPtrArray *
list_keys (const char *group)
{
  GPtrArray *keys = g_ptr_array_new ();

  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (g_str_equal (th_setting_get_row (i)->group, group))
      g_ptr_array_add (keys, (char *) th_setting_get_row (i)->key);
  return keys;
}

static char *
join (GPtrArray *names)
{
  GString *joined = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (joined, "%s%s", i > 0 ? ", " : "",
                            (const char *) g_ptr_array_index (names, i));
  return g_string_free (joined, FALSE);
}

/* "did you mean …" where a name is near, else all names there are; (transfer full) */
static char *
advise (const char *typed, GPtrArray *names)
{
  const char *near = th_suggest_name (typed, (const char *const *) names->pdata, names->len);
  g_autofree char *all = near == NULL ? join (names) : NULL;

  return near != NULL ? g_strdup_printf ("did you mean %s?", near)
                      : g_strdup_printf ("there are %s", all);
}

/* For a key that stands in the wrong group; (transfer none) (nullable) */
static const char *
find_group_with_key (const char *key)
{
  for (guint i = 0; i < TH_N_SETTINGS; i++)
    if (g_str_equal (th_setting_get_row (i)->key, key))
      return th_setting_get_row (i)->group;
  return NULL;
}

static gboolean
refuse_group (Loader *self, const ThKeyFileEntry *entry, GPtrArray *groups, GError **error)
{
  g_autofree char *quoted = th_setting_quote (entry->group);
  g_autofree char *advice = advise (entry->group, groups);

  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_UNKNOWN,
               "%s:%u: there is no group %s; %s", self->name, entry->line, quoted, advice);
  return FALSE;
}

static gboolean
refuse_key (Loader *self, const ThKeyFileEntry *entry, GError **error)
{
  g_autoptr (GPtrArray) keys = list_keys (entry->group);
  g_autofree char *quoted = th_setting_quote (entry->key);
  const char *elsewhere = find_group_with_key (entry->key);
  g_autofree char *advice = elsewhere != NULL ? g_strdup_printf ("it belongs in [%s]", elsewhere)
                                              : advise (entry->key, keys);

  g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_UNKNOWN,
               "%s:%u: there is no key %s in [%s]; %s", self->name, entry->line, quoted,
               entry->group, advice);
  return FALSE;
}

static gboolean
open_group (Loader *self, const ThKeyFileEntry *entry, GError **error)
{
  g_autoptr (GPtrArray) groups = list_groups ();
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (self->group_lines, entry->group));

  if (!g_ptr_array_find_with_equal_func (groups, entry->group, g_str_equal, NULL))
    return refuse_group (self, entry, groups, error);
  if (first == 0)
    g_hash_table_insert (self->group_lines, entry->group, GUINT_TO_POINTER (entry->line));
  else
    g_warning ("%s:%u: the group [%s] is there since line %u; both count as one", self->name,
               entry->line, entry->group, first);
  return TRUE;
}

/* "secret" and "secret-file" say the same thing in two ways; only one may. */
static gboolean
check_alternatives (Loader *self, GError **error)
{
  for (guint setting = 0; setting < TH_N_SETTINGS; setting++)
    {
      const ThSettingRow *row = th_setting_get_row (setting);
      ThSetting file;

      if (self->setting_lines[setting] == 0 || !th_setting_find_file (setting, &file) ||
          self->setting_lines[file] == 0)
        continue;
      g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE,
                   "%s:%u: [%s] %s and %s are both given; only one of them is allowed", self->name,
                   MAX (self->setting_lines[setting], self->setting_lines[file]), row->group,
                   row->key, th_setting_get_row (file)->key);
      return FALSE;
    }
  return TRUE;
}

/* A certificate is of no use without its key, and the other way round. */
static gboolean
check_certificate_pair (Loader *self, GError **error)
{
  ThSetting pair[] = { TH_SETTING_TLS_CERTIFICATE, TH_SETTING_TLS_PRIVATE_KEY };

  for (guint i = 0; i < 2; i++)
    {
      ThSetting given = pair[i], missing = pair[1 - i];

      if (*self->values[given].string == '\0' || *self->values[missing].string != '\0')
        continue;
      g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_VALUE,
                   "%s:%u: [tls] %s is given without %s; both are needed, or neither", self->name,
                   self->setting_lines[given], th_setting_get_row (given)->key,
                   th_setting_get_row (missing)->key);
      return FALSE;
    }
  return TRUE;
}

static gboolean
take_key (Loader *self, const ThKeyFileEntry *entry, GError **error)
{
  ThSetting setting;
  ThSettingValue value;

  if (!th_setting_find (entry->group, entry->key, &setting))
    return refuse_key (self, entry, error);
  if (self->setting_lines[setting] != 0)
    {
      g_set_error (error, TH_SETTINGS_ERROR, TH_SETTINGS_ERROR_SYNTAX,
                   "%s:%u: [%s] %s is given already on line %u; once is allowed", self->name,
                   entry->line, entry->group, entry->key, self->setting_lines[setting]);
      return FALSE;
    }
  if (!th_setting_value_parse (&value, th_setting_get_row (setting), entry->text, error))
    {
      g_prefix_error (error, "%s:%u: ", self->name, entry->line);
      return FALSE;
    }
  value.given = TRUE;
  th_setting_value_clear (&self->values[setting]);
  self->values[setting] = value;
  self->setting_lines[setting] = entry->line;
  return TRUE;
}

gboolean
th_settings_load (ThSettingValue *values,
                  const char *name,
                  const char *bytes,
                  gsize length,
                  GError **error)
{
  g_autoptr (GPtrArray) entries = th_key_file_read (name, bytes, length, error);
  g_autoptr (GHashTable) group_lines = g_hash_table_new (g_str_hash, g_str_equal);
  Loader self = { .values = values, .name = name, .group_lines = group_lines };

  if (entries == NULL)
    return FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const ThKeyFileEntry *entry = g_ptr_array_index (entries, i);

      if (entry->key == NULL ? !open_group (&self, entry, error) : !take_key (&self, entry, error))
        return FALSE;
    }
  return check_alternatives (&self, error) && check_certificate_pair (&self, error);
}
