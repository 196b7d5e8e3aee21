/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A tool of the build: prints the manual page whose file is named.
 */
#include <stdio.h>

#include "manual/pages.h"

int
main (int argc, char **argv)
{
  static const struct {
    const char *file;
    void (*print) (void);
  } pages[] = {
    { "turnhouse.1", th_page_of_panel },
    { "turnhouse-server.1", th_page_of_server },
    { "turnhouse-server.conf.5", th_page_of_settings },
  };

  for (guint i = 0; argc == 2 && i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (argv[1], pages[i].file))
      {
        pages[i].print ();
        return fflush (stdout) == 0 ? 0 : 1;
      }
  fprintf (stderr, "usage: print-manual PAGE\n");
  return 2;
}
