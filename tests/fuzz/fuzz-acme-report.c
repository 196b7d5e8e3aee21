/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes what uacme may have written: whatever it is, what comes of it is one line that can be shown.
 */
#include <string.h>

#include "fuzz.h"
#include "network/acme-report.h"

static void
check (const char *text)
{
  if (text == NULL)
    return;
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_null (strpbrk (text, "\n\r\x1b"));
  g_assert_cmpint (g_utf8_strlen (text, -1), <=, 301);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (ThAcmeReport) report = th_acme_report_parse ((const char *) data, size);

  g_assert_nonnull (report->said);
  check (report->type);
  check (report->detail);
  check (report->said);
  return 0;
}
