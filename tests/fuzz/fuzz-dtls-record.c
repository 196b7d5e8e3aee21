/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes what is told of a datagram before there is a session for it: records lie in it one after
 * the other, and what counts as a ClientHello has all that is read of it, as GnuTLS finds too.
 */
#include "fuzz.h"
#include "relay/dtls-cookies.h"

static void
try_hello (const ThDtlsRecord *record, const guint8 *random)
{
  ThTurnClient client = { .transport = TH_TRANSPORT_DTLS };
  ThDtlsCookies cookies = { .changed = 0 };
  guint8 answer[TH_DTLS_COOKIE_ANSWER_MAX];
  gnutls_dtls_prestate_st state;

  g_assert_true (random >= record->bytes + TH_DTLS_HEADER_SIZE);
  g_assert_true (random + TH_DTLS_RANDOM_SIZE < record->bytes + record->length);
  th_address_parse (&client.address, "192.0.2.1", 1);
  th_address_parse (&client.local, "2001:db8::1", 2);
  th_dtls_cookies_check (&cookies, &client, record, &state);
  g_assert_cmpuint (th_dtls_cookies_answer (&cookies, &client, record, answer), <, record->length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const guint8 *bytes = data;
  const guint8 *random;
  gsize length = size;
  ThDtlsRecord record;

  while (th_dtls_next_record (&bytes, &length, &record))
    {
      g_assert_true (th_dtls_is_record (record.bytes, record.length));
      g_assert_true (record.bytes + record.length == bytes);
      g_assert_true (bytes + length == data + size);
      if (th_dtls_record_get_hello (&record, &random))
        try_hello (&record, random);
    }
  return 0;
}
