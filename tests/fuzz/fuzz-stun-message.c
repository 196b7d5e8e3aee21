/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the STUN parser: every attribute of whatever parses is read in every way, checked, and
 * written again, which must give a message that reads the same.
 */
#include <string.h>

#include "fuzz.h"
#include "stun/builder.h"
#include "stun/integrity.h"
#include "stun/message.h"

/* The password of RFC 5769, whose messages are in the corpus, so that a MAC can be right. */
static const guint8 key[] = "VOkJxbRl1RmTxUk/WvJxBt";
#define KEY_LENGTH (sizeof key - 1)

/* What was read from a value must be what writing it again yields. */
static void
check_address (const ThStunMessage *message, const ThStunAttribute *attribute)
{
  guint8 bytes[TH_STUN_HEADER_SIZE + 24];
  ThStunBuilder builder;
  ThAddress address;
  char text[TH_ADDRESS_STRING_SIZE];

  if (!th_stun_attribute_get_xor_address (attribute, message, &address))
    return;
  th_address_format (&address, text);
  th_stun_builder_init (&builder, bytes, sizeof bytes, message->class, message->method,
                        th_stun_message_transaction_id (message));
  th_stun_builder_add_xor_address (&builder, attribute->type, &address);
  g_assert_cmpuint (th_stun_builder_end (&builder), ==, 24 + attribute->length);
  g_assert_cmpmem (bytes + 25, attribute->length - 1, attribute->value + 1,
                   attribute->length - 1);
}

static void
read_every_way (const ThStunMessage *message, const ThStunAttribute *attribute)
{
  guint32 number;
  guint code;
  const char *reason;
  gsize reason_length;
  ThAddress address;

  g_assert_true (attribute->value >= message->bytes + TH_STUN_HEADER_SIZE + 4);
  g_assert_true (attribute->value + attribute->length <= message->bytes + message->length);

  th_stun_attribute_get_u32 (attribute, &number);
  th_stun_attribute_get_address (attribute, &address);
  check_address (message, attribute);
  if (th_stun_attribute_get_error (attribute, &code, &reason, &reason_length))
    g_assert_true (code >= 300 && code <= 699 && reason_length <= attribute->length);
  th_stun_check_integrity (message, attribute, key, KEY_LENGTH);
}

/* Builds a message of the attributes that count and compares the two. */
static void
build_again (const ThStunMessage *message)
{
  g_autofree guint8 *bytes = g_malloc (message->length);
  ThStunBuilder builder;
  ThStunMessage again;
  ThStunAttribute attribute, attribute_again;
  ThStunIter iter, iter_again;

  th_stun_builder_init (&builder, bytes, message->length, message->class, message->method,
                        th_stun_message_transaction_id (message));
  th_stun_iter_init (&iter, message);
  while (th_stun_iter_next (&iter, &attribute))
    th_stun_builder_add_bytes (&builder, attribute.type, attribute.value, attribute.length);
  g_assert_true (th_stun_message_parse (&again, bytes, th_stun_builder_end (&builder)));
  g_assert_cmpmem (again.bytes, 2, message->bytes, 2);

  th_stun_iter_init (&iter, message);
  th_stun_iter_init (&iter_again, &again);
  while (th_stun_iter_next (&iter, &attribute))
    {
      g_assert_true (th_stun_iter_next (&iter_again, &attribute_again));
      g_assert_cmphex (attribute_again.type, ==, attribute.type);
      g_assert_cmpmem (attribute_again.value, attribute_again.length, attribute.value,
                       attribute.length);
    }
  g_assert_false (th_stun_iter_next (&iter_again, &attribute_again));
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *room = g_malloc (size + 1);
  guint8 *bytes = room + 1; /* misaligned, and ending where the allocation ends */
  ThStunMessage message;
  ThStunAttribute attribute;
  ThStunIter iter;

  if (size > 0)
    memcpy (bytes, data, size);
  if (!th_stun_message_parse (&message, bytes, size))
    return 0;
  g_assert_true (th_stun_looks_like_message (bytes, size));

  for (th_stun_iter_init (&iter, &message); th_stun_iter_next (&iter, &attribute);)
    read_every_way (&message, &attribute);
  th_stun_check_fingerprint (&message);
  build_again (&message);
  return 0;
}
