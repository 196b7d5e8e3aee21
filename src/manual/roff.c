/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Escapes and macros of man(7).
 */
#include "manual/roff.h"

#include <stdio.h>
#include <string.h>

/* Of the pages' wording. That of a build would make each build another one. */
#define DATE "2026-11-21"

/* Lines of the source are broken where this is passed, which the reader does not see. */
#define LINE_LENGTH 60

/* A hyphen is one that may be typed. */
static int
print_character (gunichar c)
{
  if (c == '\\')
    return printf ("\\e");
  if (c == '-')
    return printf ("\\-");
  if (c == '~')
    return printf ("\\(ti");
  if (c >= 0x80)
    return printf ("\\[u%04X]", c);
  putchar ((int) c);
  return 1;
}

/* A dot or an apostrophe at the beginning of a line begins no macro. */
static void
print_escaped (const char *text, gboolean keep_lines)
{
  int column = 0;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      gboolean ends_line = keep_lines ? c == '\n' : c == '\n' || (c == ' ' && column > LINE_LENGTH);

      if (ends_line)
        {
          putchar ('\n');
          column = 0;
          continue;
        }
      if (column == 0 && (c == '.' || c == '\''))
        printf ("\\&");
      column += print_character (c);
    }
}

void
th_roff_begin (const char *name, guint section, const char *what)
{
  g_autofree char *title = g_ascii_strup (name, -1);

  printf (".\\\" Made by the build. Do not edit.\n"
          ".TH \"%s\" \"%u\" \"%s\" \"Turnhouse %s\" \"Turnhouse\"\n"
          ".nh\n.ad l\n", /* names of files and settings stay whole */
          title, section, DATE, TH_VERSION);
  th_roff_section ("NAME");
  print_escaped (name, FALSE);
  printf (" \\- ");
  print_escaped (what, FALSE);
  putchar ('\n');
}

void
th_roff_synopsis (const char *program, const char *arguments)
{
  th_roff_section ("SYNOPSIS");
  printf (".B ");
  print_escaped (program, TRUE);
  putchar ('\n');
  th_roff_text (arguments);
}

void
th_roff_section (const char *title)
{
  printf (".SH \"%s\"\n", title);
}

void
th_roff_subsection (const char *title)
{
  printf (".SS \"");
  print_escaped (title, FALSE);
  printf ("\"\n");
}

void
th_roff_text (const char *text)
{
  print_escaped (text, FALSE);
  putchar ('\n');
}

void
th_roff_paragraph (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, "\n\n", -1);

  for (char **part = parts; *part != NULL; part++)
    {
      printf (".PP\n");
      th_roff_text (*part);
    }
}

void
th_roff_more (const char *text)
{
  printf (".IP\n");
  th_roff_text (text);
}

void
th_roff_term (const char *term, const char *argument)
{
  printf (".TP\n\\fB");
  print_escaped (term, FALSE);
  printf ("\\fR");
  if (argument != NULL)
    {
      printf ("\\fI");
      print_escaped (argument, FALSE);
      printf ("\\fR");
    }
  putchar ('\n');
}

void
th_roff_example (const char *text)
{
  printf (".PP\n.nf\n");
  print_escaped (text, TRUE);
  printf ("%s.fi\n", g_str_has_suffix (text, "\n") ? "" : "\n");
}

void
th_roff_see_also (const char *const *pages)
{
  th_roff_section ("SEE ALSO");
  for (; *pages != NULL; pages++)
    {
      const char *bracket = strchr (*pages, '(');
      g_autofree char *name = g_strndup (*pages, bracket - *pages);

      printf (".BR ");
      print_escaped (name, FALSE);
      printf (" %s%s\n", bracket, pages[1] != NULL ? "," : "");
    }
}
