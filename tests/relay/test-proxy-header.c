/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The PROXY protocol's header in both versions: whole ones, pieces of them, and all that only looks
 * like one.
 */
#include "relay/proxy-header.h"

#include <string.h>

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

typedef struct {
  const char *name;
  const char *bytes;
  gsize length;
  const char *source; /* "(none)" where the proxy tells none */
} Whole;

typedef struct {
  const char *name;
  const char *bytes;
  gsize length;
} Bad;

#define BYTES(literal) literal, sizeof literal - 1

/* From 192.0.2.1 port 4660 to 198.51.100.2 port 443 */
#define BLOCK4 "\xc0\0\2\1\xc6\x33\x64\2\x12\x34\1\xbb"

/* From 2001:db8::1 port 4660 to 2001:db8::2 port 443 */
#define BLOCK6                                                                                    \
  "\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\2\x12\x34\1\xbb"

static const Whole wholes[] = {
  { "v1-tcp4", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 4660 443\r\n"), "192.0.2.1:4660" },
  { "v1-tcp6", BYTES ("PROXY TCP6 2001:db8::1 2001:db8::2 4660 443\r\n"), "[2001:db8::1]:4660" },
  { "v1-tcp6-wrapping-ipv4", BYTES ("PROXY TCP6 ::ffff:192.0.2.1 ::1 4660 443\r\n"),
    "192.0.2.1:4660" },
  { "v1-port-0", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 0 0\r\n"), "192.0.2.1:0" },
  { "v1-port-65535", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 65535 65535\r\n"),
    "192.0.2.1:65535" },
  { "v1-unknown", BYTES ("PROXY UNKNOWN\r\n"), "(none)" },
  { "v1-unknown-and-words", BYTES ("PROXY UNKNOWN ffff::1 ffff::2 65535 65535 and more\r\n"),
    "(none)" },
  { "v1-longest",
    BYTES ("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535\r\n"), "(none)" },
  { "v2-tcp4", BYTES (SIGNATURE "\x21\x11\0\x0c" BLOCK4), "192.0.2.1:4660" },
  { "v2-tcp6", BYTES (SIGNATURE "\x21\x21\0\x24" BLOCK6), "[2001:db8::1]:4660" },
  { "v2-extensions", BYTES (SIGNATURE "\x21\x11\0\x11" BLOCK4 "\4\0\2\0\0"), "192.0.2.1:4660" },
  { "v2-senseless-extensions", BYTES (SIGNATURE "\x21\x11\0\x0f" BLOCK4 "\xff\xff\xff"),
    "192.0.2.1:4660" },
  { "v2-local", BYTES (SIGNATURE "\x20\0\0\0"), "(none)" },
  { "v2-local-whatever-it-tells", BYTES (SIGNATURE "\x20\x11\0\x0c" BLOCK4), "(none)" },
  { "v2-local-of-an-unknown-family", BYTES (SIGNATURE "\x20\xff\0\1x"), "(none)" },
  { "v2-unspecified", BYTES (SIGNATURE "\x21\0\0\2xy"), "(none)" },
  { "v2-unix", BYTES (SIGNATURE "\x21\x31\0\4path"), "(none)" },
};

static const Bad bads[] = {
  { "stun", BYTES ("\0\1\0\0\x21\x12\xa4\x42" "123456789012") },
  { "tls", BYTES ("\x16\3\1\2\0\1\0\1\xfc\3\3") },
  { "http", BYTES ("GET / HTTP/1.1\r\n") },
  { "zero", BYTES ("\0") },
  { "lower-case", BYTES ("proxy TCP4 192.0.2.1 198.51.100.2 1 2\r\n") },
  { "no-space", BYTES ("PROXYTCP4") },
  { "post", BYTES ("POST") },
  { "v1-no-family", BYTES ("PROXY \r\n") },
  { "v1-nothing", BYTES ("PROXY  \r\n") },
  { "v1-udp", BYTES ("PROXY UDP4 192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-tcp", BYTES ("PROXY TCP 192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-tcp45", BYTES ("PROXY TCP45 192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-unknowns", BYTES ("PROXY UNKNOWNS\r\n") },
  { "v1-too-few", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1\r\n") },
  { "v1-too-many", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 3\r\n") },
  { "v1-space-at-the-end", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1 2 \r\n") },
  { "v1-two-spaces", BYTES ("PROXY TCP4  192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-tab", BYTES ("PROXY TCP4\t192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-other-family", BYTES ("PROXY TCP4 2001:db8::1 198.51.100.2 1 2\r\n") },
  { "v1-mixed-families", BYTES ("PROXY TCP6 2001:db8::1 198.51.100.2 1 2\r\n") },
  { "v1-ipv4-as-tcp6", BYTES ("PROXY TCP6 192.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-brackets", BYTES ("PROXY TCP6 [2001:db8::1] 2001:db8::2 1 2\r\n") },
  { "v1-zone", BYTES ("PROXY TCP6 fe80::1%lo fe80::2 1 2\r\n") },
  { "v1-name", BYTES ("PROXY TCP4 localhost 198.51.100.2 1 2\r\n") },
  { "v1-short-address", BYTES ("PROXY TCP4 127.1 198.51.100.2 1 2\r\n") },
  { "v1-octal", BYTES ("PROXY TCP4 0300.0.2.1 198.51.100.2 1 2\r\n") },
  { "v1-bad-destination", BYTES ("PROXY TCP4 192.0.2.1 here 1 2\r\n") },
  { "v1-port-65536", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 65536 2\r\n") },
  { "v1-port-of-the-destination", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1 65536\r\n") },
  { "v1-port-with-zeros", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 01 2\r\n") },
  { "v1-port-with-a-sign", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 +1 2\r\n") },
  { "v1-negative-port", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 -1 2\r\n") },
  { "v1-hexadecimal-port", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 0x1 2\r\n") },
  { "v1-empty-port", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2  2\r\n") },
  { "v1-zero-byte", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\0\r\n") },
  { "v1-zero-byte-at-once", BYTES ("PROXY TCP4 192.0.2.1\0") },
  { "v1-newline-alone", BYTES ("PROXY TCP4 192.0.2.1 198.51.100.2 1 2\nPROXY UNKNOWN\r\n") },
  { "v1-too-long",
    BYTES ("PROXY UNKNOWN ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff "
           "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff 65535 65535 \r\n") },
  { "v2-signature-cut", BYTES ("\r\n\r\n\0\r\nQUIP") },
  { "v2-version-1", BYTES (SIGNATURE "\x11") },
  { "v2-version-3", BYTES (SIGNATURE "\x31\x11\0\x0c" BLOCK4) },
  { "v2-command-2", BYTES (SIGNATURE "\x22\x11\0\x0c" BLOCK4) },
  { "v2-udp4", BYTES (SIGNATURE "\x21\x12\0\x0c" BLOCK4) },
  { "v2-udp6", BYTES (SIGNATURE "\x21\x22\0\x24" BLOCK6) },
  { "v2-family-4", BYTES (SIGNATURE "\x21\x41\0\x0c" BLOCK4) },
  { "v2-protocol-3", BYTES (SIGNATURE "\x21\x13\0\x0c" BLOCK4) },
  { "v2-tcp4-too-short", BYTES (SIGNATURE "\x21\x11\0\x0b" BLOCK4) },
  { "v2-tcp4-empty", BYTES (SIGNATURE "\x21\x11\0\0") },
  { "v2-tcp6-of-the-size-of-tcp4", BYTES (SIGNATURE "\x21\x21\0\x0c" BLOCK4) },
  { "v2-too-long", BYTES (SIGNATURE "\x21\x11\x0f\xf1") },
  { "v2-longest", BYTES (SIGNATURE "\x21\x11\xff\xff") },
};

/* In memory of exactly that size, so that a byte read too far is a report of the sanitizer. */
static ThProxyHeaderVerdict
parse (const char *bytes, gsize length, ThProxyHeader *header)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  return th_proxy_header_parse (copy, length, header);
}

static void
assert_header (const Whole *whole, const ThProxyHeader *header)
{
  char text[TH_ADDRESS_STRING_SIZE];

  g_assert_cmpuint (header->length, ==, whole->length);
  g_assert_cmpstr (th_address_format (&header->source, text), ==, whole->source);
}

static void
test_whole (gconstpointer data)
{
  const Whole *whole = data;
  g_autofree char *more = g_malloc (whole->length + 4);
  ThProxyHeader header;

  for (gsize length = 0; length < whole->length; length++)
    g_assert_cmpint (parse (whole->bytes, length, &header), ==, TH_PROXY_HEADER_PARTIAL);
  g_assert_cmpint (parse (whole->bytes, whole->length, &header), ==, TH_PROXY_HEADER_WHOLE);
  assert_header (whole, &header);

  /* what follows is not looked at, even if it is another header */
  memcpy (more, whole->bytes, whole->length);
  memcpy (more + whole->length, "PROX", 4);
  g_assert_cmpint (parse (more, whole->length + 4, &header), ==, TH_PROXY_HEADER_WHOLE);
  assert_header (whole, &header);
}

/* However little has come: it may need more, but it is never taken for a whole one. */
static void
test_bad (gconstpointer data)
{
  const Bad *bad = data;
  ThProxyHeader header;
  gboolean known = FALSE;

  for (gsize length = 0; length <= bad->length; length++)
    {
      ThProxyHeaderVerdict verdict = parse (bad->bytes, length, &header);

      g_assert_cmpint (verdict, !=, TH_PROXY_HEADER_WHOLE);
      g_assert_true (!known || verdict == TH_PROXY_HEADER_INVALID);
      known = verdict == TH_PROXY_HEADER_INVALID;
    }
  g_assert_true (known);
}

static void
test_no_end (void)
{
  g_autofree char *line = g_strnfill (TH_PROXY_HEADER_MAX, 'A');
  ThProxyHeader header;

  memcpy (line, "PROXY UNKNOWN ", 14);
  g_assert_cmpint (parse (line, 106, &header), ==, TH_PROXY_HEADER_PARTIAL);
  g_assert_cmpint (parse (line, 107, &header), ==, TH_PROXY_HEADER_INVALID);
  g_assert_cmpint (parse (line, TH_PROXY_HEADER_MAX, &header), ==, TH_PROXY_HEADER_INVALID);
}

static void
test_most_extensions (void)
{
  g_autofree char *bytes = g_malloc0 (TH_PROXY_HEADER_MAX);
  ThProxyHeader header;

  memcpy (bytes, SIGNATURE "\x21\x11\x0f\xf0" BLOCK4, 28);
  g_assert_cmpint (parse (bytes, TH_PROXY_HEADER_MAX - 1, &header), ==, TH_PROXY_HEADER_PARTIAL);
  g_assert_cmpint (parse (bytes, TH_PROXY_HEADER_MAX, &header), ==, TH_PROXY_HEADER_WHOLE);
  g_assert_cmpuint (header.length, ==, TH_PROXY_HEADER_MAX);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (wholes); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/proxy-header/whole/", wholes[i].name, NULL);

      g_test_add_data_func (path, &wholes[i], test_whole);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bads); i++)
    {
      g_autofree char *path = g_strconcat ("/relay/proxy-header/bad/", bads[i].name, NULL);

      g_test_add_data_func (path, &bads[i], test_bad);
    }
  g_test_add_func ("/relay/proxy-header/no-end", test_no_end);
  g_test_add_func ("/relay/proxy-header/most-extensions", test_most_extensions);
  return g_test_run ();
}
