/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Both versions begin with bytes that nothing else begins with; whatever differs from them is
 * refused with the first byte that does.
 */
#include "relay/proxy-header.h"

#include <string.h>

#include "stun/bytes.h"

/* Version 1: with its CRLF, the longest line there can be. */
#define LINE_SIZE_MAX 107
#define LINE_START "PROXY "

/* Version 2: signature, version and command, family and protocol, length of the rest. */
#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"
#define SIGNATURE_SIZE 12
#define FIXED_SIZE 16

typedef enum {
  COMMAND_LOCAL = 0x20,
  COMMAND_PROXY = 0x21,
} Command;

typedef enum {
  FAMILY_UNSPECIFIED = 0x00,
  FAMILY_TCP4 = 0x11,
  FAMILY_TCP6 = 0x21,
  FAMILY_UNIX_STREAM = 0x31,
} Family;

static gboolean
begins_like (const guint8 *bytes, gsize length, const char *start, gsize start_length)
{
  return memcmp (bytes, start, MIN (length, start_length)) == 0;
}

static void
unwrap_ipv4 (ThAddress *address)
{
  ThAddress wrapped = *address;

  if (th_address_is_ipv6 (&wrapped) && IN6_IS_ADDR_V4MAPPED (&wrapped.v6.sin6_addr))
    th_address_init_bytes (address, TH_STUN_FAMILY_IPV4, wrapped.v6.sin6_addr.s6_addr + 12,
                           th_address_port (&wrapped));
}

/* ---- version 1 ---- */

/* Decimal, without leading zeros. */
static gboolean
read_port (const char *text, guint16 *port)
{
  guint64 value;

  if (!g_ascii_isdigit (text[0]) || (text[0] == '0' && text[1] != '\0') ||
      !g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT16, &value, NULL))
    return FALSE;
  *port = (guint16) value;
  return TRUE;
}

static gboolean
read_address (const char *host, const char *port_text, ThStunFamily family, ThAddress *address)
{
  guint16 port;

  return host[0] != '[' && read_port (port_text, &port) &&
         th_address_parse (address, host, port) && th_address_family (address) == family;
}

/* @line: what stands between "PROXY " and the line's end */
static gboolean
read_line (const char *line, ThAddress *source)
{
  g_auto (GStrv) words = g_strsplit (line, " ", 6);
  ThStunFamily family;
  ThAddress destination;

  *source = TH_ADDRESS_NONE;
  if (words[0] == NULL)
    return FALSE;
  if (g_str_equal (words[0], "UNKNOWN")) /* the rest is to be passed over */
    return TRUE;
  if (!g_str_equal (words[0], "TCP4") && !g_str_equal (words[0], "TCP6"))
    return FALSE;
  family = words[0][3] == '4' ? TH_STUN_FAMILY_IPV4 : TH_STUN_FAMILY_IPV6;
  return g_strv_length (words) == 5 && read_address (words[1], words[3], family, source) &&
         read_address (words[2], words[4], family, &destination);
}

static ThProxyHeaderVerdict
parse_text (const guint8 *bytes, gsize length, ThProxyHeader *header)
{
  const gsize start = strlen (LINE_START);
  gsize there = MIN (length, LINE_SIZE_MAX);
  const guint8 *end = memmem (bytes, there, "\r\n", 2);
  g_autofree char *line = NULL;

  if (memchr (bytes, '\0', end != NULL ? (gsize) (end - bytes) : there) != NULL)
    return TH_PROXY_HEADER_INVALID;
  if (end == NULL)
    return there < LINE_SIZE_MAX ? TH_PROXY_HEADER_PARTIAL : TH_PROXY_HEADER_INVALID;
  header->length = (gsize) (end - bytes) + 2;
  line = g_strndup ((const char *) bytes + start, (gsize) (end - bytes) - start);
  return read_line (line, &header->source) ? TH_PROXY_HEADER_WHOLE : TH_PROXY_HEADER_INVALID;
}

/* ---- version 2 ---- */

/* Source and destination hosts, then their ports; what follows are extensions. */
static gboolean
read_block (const guint8 *block, gsize length, ThStunFamily family, ThAddress *source)
{
  gsize size = family == TH_STUN_FAMILY_IPV4 ? 4 : 16;

  if (length < 2 * size + 4)
    return FALSE;
  th_address_init_bytes (source, family, block, th_read_u16 (block + 2 * size));
  return TRUE;
}

static gboolean
read_source (guint8 family, const guint8 *block, gsize length, ThAddress *source)
{
  switch (family)
    {
    case FAMILY_TCP4:
      return read_block (block, length, TH_STUN_FAMILY_IPV4, source);
    case FAMILY_TCP6:
      return read_block (block, length, TH_STUN_FAMILY_IPV6, source);
    case FAMILY_UNSPECIFIED:
    case FAMILY_UNIX_STREAM: /* a client without an address */
      return TRUE;
    default:
      return FALSE;
    }
}

static ThProxyHeaderVerdict
parse_binary (const guint8 *bytes, gsize length, ThProxyHeader *header)
{
  guint8 command = length > SIGNATURE_SIZE ? bytes[SIGNATURE_SIZE] : COMMAND_PROXY;

  if (command != COMMAND_LOCAL && command != COMMAND_PROXY)
    return TH_PROXY_HEADER_INVALID;
  if (length < FIXED_SIZE)
    return TH_PROXY_HEADER_PARTIAL;
  header->length = FIXED_SIZE + th_read_u16 (bytes + 14);
  if (header->length > TH_PROXY_HEADER_MAX)
    return TH_PROXY_HEADER_INVALID;
  if (length < header->length)
    return TH_PROXY_HEADER_PARTIAL;
  /* A connection of the proxy's own, to see whether we live, may bring anything. */
  if (command == COMMAND_PROXY && !read_source (bytes[13], bytes + FIXED_SIZE,
                                                header->length - FIXED_SIZE, &header->source))
    return TH_PROXY_HEADER_INVALID;
  return TH_PROXY_HEADER_WHOLE;
}

ThProxyHeaderVerdict
th_proxy_header_parse (const guint8 *bytes, gsize length, ThProxyHeader *header)
{
  ThProxyHeaderVerdict verdict = TH_PROXY_HEADER_INVALID;

  *header = (ThProxyHeader) { .source = TH_ADDRESS_NONE };
  if (length == 0)
    return TH_PROXY_HEADER_PARTIAL;
  if (begins_like (bytes, length, LINE_START, strlen (LINE_START)))
    verdict = parse_text (bytes, length, header);
  else if (begins_like (bytes, length, SIGNATURE, SIGNATURE_SIZE))
    verdict = parse_binary (bytes, length, header);
  if (verdict == TH_PROXY_HEADER_WHOLE)
    unwrap_ipv4 (&header->source);
  return verdict;
}
