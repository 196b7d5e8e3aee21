/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Browsers name each other in what they call themselves, so the order of the tables matters: who
 * also names another stands before it.
 */
#include "app/test-device.h"

#include <string.h>

#include <glib/gi18n.h>

typedef struct {
  const char *mark;
  const char *name;
} Row;

static const Row browsers[] = {
  { "Edg", "Edge" },
  { "OPR/", "Opera" },
  { "SamsungBrowser/", "Samsung Internet" },
  { "Firefox/", "Firefox" },
  { "FxiOS/", "Firefox" },
  { "CriOS/", "Chrome" },
  { "Chrome/", "Chrome" },
  { "Safari/", "Safari" },
};

static const Row systems[] = {
  { "iPhone", "iPhone" },   { "iPad", "iPad" },         { "Android", "Android" },
  { "CrOS", "ChromeOS" },   { "Windows", "Windows" },   { "Macintosh", "macOS" },
  { "Linux", "Linux" },     { "FreeBSD", "FreeBSD" },
};

/* (nullable) */
static const char *
find (const Row *rows, gsize n_rows, const char *text)
{
  for (gsize i = 0; i < n_rows; i++)
    if (strstr (text, rows[i].mark) != NULL)
      return rows[i].name;
  return NULL;
}

char *
th_test_device_name (const char *user_agent)
{
  const char *text = user_agent != NULL ? user_agent : "";
  const char *browser = find (browsers, G_N_ELEMENTS (browsers), text);
  const char *system = find (systems, G_N_ELEMENTS (systems), text);

  if (browser != NULL && system != NULL)
    /* Translators: %1$s is a browser, %2$s a system or device: Firefox on Android */
    return g_strdup_printf (_("%1$s on %2$s"), browser, system);
  if (browser != NULL || system != NULL)
    return g_strdup (browser != NULL ? browser : system);
  return g_strdup (_("Another device"));
}
