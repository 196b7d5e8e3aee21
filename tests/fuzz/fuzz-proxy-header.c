/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the PROXY protocol: what is a whole header stays the same one whatever follows it, and
 * every part of it needs more; what is invalid stays so.
 */
#include <string.h>

#include "fuzz.h"
#include "relay/proxy-header.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  ThProxyHeader whole;
  ThProxyHeaderVerdict verdict = th_proxy_header_parse (data, size, &whole);
  gboolean known = FALSE;

  if (verdict == TH_PROXY_HEADER_WHOLE)
    g_assert_true (whole.length > 0 && whole.length <= MIN (size, TH_PROXY_HEADER_MAX));
  for (size_t length = 0; length <= MIN (size, TH_PROXY_HEADER_MAX); length++)
    {
      ThProxyHeader part;
      ThProxyHeaderVerdict before = th_proxy_header_parse (data, length, &part);

      if (verdict == TH_PROXY_HEADER_WHOLE)
        g_assert_cmpint (before, ==, length < whole.length ? TH_PROXY_HEADER_PARTIAL : verdict);
      else
        g_assert_true (before != TH_PROXY_HEADER_WHOLE && (!known || before == verdict));
      known = before == TH_PROXY_HEADER_INVALID;
    }
  return 0;
}
