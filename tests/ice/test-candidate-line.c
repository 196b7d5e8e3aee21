/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Candidate lines: as RFC 8839, browsers and servers write them; and what only looks like one.
 */
#include "ice/ice-candidate-line.h"

#include <string.h>

typedef struct {
  const char *name;
  const char *line;
  const char *again; /* as it is written again */
} Row;

static const Row good[] = {
  { "host", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host",
    "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host" },
  { "sdp-line", "a=candidate:1 1 UDP 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998\r\n",
    "candidate:1 1 udp 1694498815 192.0.2.3 45664 typ srflx raddr 10.0.1.1 rport 8998" },
  { "chrome",
    "candidate:842163049 1 udp 1677729535 203.0.113.9 59142 typ srflx raddr 0.0.0.0 rport 0 "
    "generation 0 ufrag 4Zcd network-id 1 network-cost 10",
    "candidate:842163049 1 udp 1677729535 203.0.113.9 59142 typ srflx raddr 0.0.0.0 rport 0" },
  { "mdns", "candidate:0 1 UDP 2122252543 6f33-4a1e-9d.local 51472 typ host",
    "candidate:0 1 udp 2122252543 6f33-4a1e-9d.local 51472 typ host" },
  { "ipv6", "candidate:2 1 udp 2130706431 2001:db8::1 4000 typ host",
    "candidate:2 1 udp 2130706431 2001:db8::1 4000 typ host" },
  { "relay", "candidate:3 2 udp 41885439 192.0.2.5 50005 typ relay raddr 2001:db8::9 rport 9",
    "candidate:3 2 udp 41885439 192.0.2.5 50005 typ relay raddr 2001:db8::9 rport 9" },
  { "tcp", "candidate:4 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active generation 0",
    "candidate:4 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active" },
  { "prflx", "candidate:a+/Z9 256 udp 1 192.0.2.1 0 typ prflx",
    "candidate:a+/Z9 256 udp 1 192.0.2.1 0 typ prflx" },
  { "spaces", "  \tcandidate:1  1\tudp 2147483647 192.0.2.1 65535 typ host  ",
    "candidate:1 1 udp 2147483647 192.0.2.1 65535 typ host" },
};

static const Row bad[] = {
  { "empty", "", NULL },
  { "other-text", "m=audio 9 UDP/TLS/RTP/SAVPF 111", NULL },
  { "prefix-alone", "candidate:", NULL },
  { "too-short", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ", NULL },
  { "no-foundation", "candidate: 1 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "long-foundation",
    "candidate:123456789012345678901234567890123 1 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "foundation-with-others", "candidate:1-2 1 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "component-0", "candidate:1 0 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "component-257", "candidate:1 257 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "component-negative", "candidate:1 -1 udp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "transport", "candidate:1 1 sctp 2130706431 192.0.2.1 4000 typ host", NULL },
  { "priority-0", "candidate:1 1 udp 0 192.0.2.1 4000 typ host", NULL },
  { "priority-2^31", "candidate:1 1 udp 2147483648 192.0.2.1 4000 typ host", NULL },
  { "priority-huge", "candidate:1 1 udp 99999999999999999999999 192.0.2.1 4000 typ host", NULL },
  { "priority-hex", "candidate:1 1 udp 0x7e 192.0.2.1 4000 typ host", NULL },
  { "address-with-quote", "candidate:1 1 udp 2130706431 192.0.2.1' 4000 typ host", NULL },
  { "address-in-brackets", "candidate:1 1 udp 2130706431 [2001:db8::1] 4000 typ host", NULL },
  { "address-half", "candidate:1 1 udp 2130706431 2001:db8:: :1 4000 typ host", NULL },
  { "port-65536", "candidate:1 1 udp 2130706431 192.0.2.1 65536 typ host", NULL },
  { "port-text", "candidate:1 1 udp 2130706431 192.0.2.1 http typ host", NULL },
  { "no-typ", "candidate:1 1 udp 2130706431 192.0.2.1 4000 type host", NULL },
  { "unknown-type", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ token", NULL },
  { "type-in-capitals", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ HOST", NULL },
  { "name-without-value", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host generation", NULL },
  { "related-address", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ srflx raddr % rport 1",
    NULL },
  { "related-port", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ srflx raddr 10.0.0.1 rport -1",
    NULL },
  { "tcp-type-over-udp", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host tcptype active",
    NULL },
  { "unknown-tcp-type", "candidate:1 1 tcp 2130706431 192.0.2.1 4000 typ host tcptype both", NULL },
  { "not-utf-8", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host x \xff\xfe", NULL },
  { "second-line", "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ\nhost", NULL },
};

static void
test_is_read_and_written (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ThIceCandidate) candidate =
      th_ice_candidate_line_parse (row->line, strlen (row->line), NULL, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = th_ice_candidate_line_make (candidate);
  g_assert_cmpstr (again, ==, row->again);
}

static void
test_is_refused (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GError) error = NULL;

  g_assert_null (th_ice_candidate_line_parse (row->line, strlen (row->line), NULL, &error));
  g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID);
}

/* Each end of a good line: only those after a whole attribute are candidates. */
static void
test_every_beginning (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      for (gsize length = 0; length <= strlen (good[i].line); length++)
        {
          g_autofree char *exact = g_memdup2 (good[i].line, length + 1);
          g_autoptr (ThIceCandidate) candidate =
              th_ice_candidate_line_parse (exact, length, NULL, NULL);
          g_autofree char *again = NULL;

          if (candidate == NULL)
            continue;
          again = th_ice_candidate_line_make (candidate);
          g_assert_nonnull (strstr (again, " typ "));
        }
    }
}

static void
test_too_long (void)
{
  g_autofree char *line = g_strnfill (TH_ICE_LINE_MAX + 1, ' ');
  g_autoptr (GError) error = NULL;

  memcpy (line, good[0].line, strlen (good[0].line));
  g_assert_null (th_ice_candidate_line_parse (line, TH_ICE_LINE_MAX + 1, NULL, &error));
  g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID);
}

static void
test_nul_in_the_middle (void)
{
  static const char line[] = "candidate:1 1 udp 2130706431 192.0.2.1 4000\0typ host";

  g_assert_null (th_ice_candidate_line_parse (line, sizeof line - 1, NULL, NULL));
}

/* What the line does not tell comes from whoever read it. */
static void
test_base_is_kept (void)
{
  const ThIceCandidateValues base = { .time = 77, .remote = TRUE, .server_url = "stun:a.example" };
  g_autoptr (ThIceCandidate) candidate =
      th_ice_candidate_line_parse (good[0].line, strlen (good[0].line), &base, NULL);
  const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

  g_assert_cmpint (values->time, ==, 77);
  g_assert_true (values->remote);
  g_assert_cmpstr (values->server_url, ==, "stun:a.example");
}

static void
add_rows (const char *path, const Row *rows, guint n, GTestDataFunc func)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("/ice/candidate-line/%s/%s", path, rows[i].name);

      g_test_add_data_func (name, &rows[i], func);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_rows ("is-read-and-written", good, G_N_ELEMENTS (good), test_is_read_and_written);
  add_rows ("is-refused", bad, G_N_ELEMENTS (bad), test_is_refused);
  g_test_add_func ("/ice/candidate-line/every-beginning", test_every_beginning);
  g_test_add_func ("/ice/candidate-line/is-refused/too-long", test_too_long);
  g_test_add_func ("/ice/candidate-line/is-refused/nul-in-the-middle", test_nul_in_the_middle);
  g_test_add_func ("/ice/candidate-line/base-is-kept", test_base_is_kept);
  return g_test_run ();
}
