/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of which attributes count where: duplicates, and what stands behind integrity and
 * fingerprint (RFC 8489, sections 14, 14.5 to 14.7).
 */
#include "sample.h"

/* Adds empty or false attributes of these types, then checks which of them the iterator shows. */
static void
assert_shown (const guint16 *added, gsize n_added, const guint16 *shown, gsize n_shown)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;
  ThStunIter iter;

  for (gsize i = 0; i < n_added; i++)
    th_stun_builder_add_flag (builder, added[i]);
  sample_parse (&sample, &message);

  th_stun_iter_init (&iter, &message);
  for (gsize i = 0; i < n_shown; i++)
    {
      g_assert_true (th_stun_iter_next (&iter, &attribute));
      g_assert_cmphex (attribute.type, ==, shown[i]);
      g_assert_true (th_stun_message_find (&message, shown[i], &attribute));
    }
  g_assert_false (th_stun_iter_next (&iter, &attribute));
  g_assert_false (th_stun_iter_next (&iter, &attribute));
}

#define ASSERT_SHOWN(added, shown)                                                                 \
  assert_shown (added, G_N_ELEMENTS (added), shown, G_N_ELEMENTS (shown))

static void
test_after_integrity (void)
{
  static const guint16 added[] = { TH_STUN_USERNAME,         TH_STUN_MESSAGE_INTEGRITY,
                                   TH_STUN_XOR_PEER_ADDRESS, TH_STUN_MESSAGE_INTEGRITY,
                                   TH_STUN_SOFTWARE,         TH_STUN_MESSAGE_INTEGRITY_SHA256,
                                   TH_STUN_LIFETIME,         TH_STUN_FINGERPRINT };
  static const guint16 shown[] = { TH_STUN_USERNAME, TH_STUN_MESSAGE_INTEGRITY,
                                   TH_STUN_MESSAGE_INTEGRITY_SHA256, TH_STUN_FINGERPRINT };

  ASSERT_SHOWN (added, shown);
}

static void
test_after_sha256 (void)
{
  static const guint16 added[] = { TH_STUN_MESSAGE_INTEGRITY_SHA256, TH_STUN_MESSAGE_INTEGRITY,
                                   TH_STUN_MESSAGE_INTEGRITY_SHA256, TH_STUN_LIFETIME,
                                   TH_STUN_FINGERPRINT };
  static const guint16 shown[] = { TH_STUN_MESSAGE_INTEGRITY_SHA256, TH_STUN_FINGERPRINT };

  ASSERT_SHOWN (added, shown);
}

static void
test_after_fingerprint (void)
{
  static const guint16 added[] = { TH_STUN_NONCE, TH_STUN_FINGERPRINT, TH_STUN_USERNAME,
                                   TH_STUN_MESSAGE_INTEGRITY, TH_STUN_FINGERPRINT };
  static const guint16 shown[] = { TH_STUN_NONCE, TH_STUN_FINGERPRINT };

  ASSERT_SHOWN (added, shown);
}

static void
test_ignored_cannot_be_found (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;

  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 1);
  th_stun_builder_add_integrity (builder, sample_key, sizeof sample_key);
  th_stun_builder_add_string (builder, TH_STUN_USERNAME, "mallory");
  th_stun_builder_add_u32 (builder, TH_STUN_LIFETIME, 2);
  sample_parse (&sample, &message);

  g_assert_false (th_stun_message_find (&message, TH_STUN_USERNAME, &attribute));
  g_assert_true (th_stun_message_find (&message, TH_STUN_MESSAGE_INTEGRITY, &attribute));
  g_assert_true (th_stun_check_integrity (&message, &attribute, sample_key, sizeof sample_key));
}

static void
test_first_duplicate_counts (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;

  th_stun_builder_add_string (builder, TH_STUN_USERNAME, "first");
  th_stun_builder_add_string (builder, TH_STUN_USERNAME, "second");
  sample_parse (&sample, &message);
  g_assert_true (th_stun_message_find (&message, TH_STUN_USERNAME, &attribute));
  g_assert_cmpmem (attribute.value, attribute.length, "first", 5);
}

static void
test_several_peers_are_all_seen (void)
{
  Sample sample;
  ThStunBuilder *builder = sample_init (&sample);
  ThStunMessage message;
  ThStunAttribute attribute;
  ThStunIter iter;
  ThAddress peer;
  guint16 port = 1;

  for (guint16 i = 1; i <= 5; i++)
    {
      g_assert_true (th_address_parse (&peer, "192.0.2.1", i));
      th_stun_builder_add_xor_address (builder, TH_STUN_XOR_PEER_ADDRESS, &peer);
    }
  sample_parse (&sample, &message);

  for (th_stun_iter_init (&iter, &message); th_stun_iter_next (&iter, &attribute); port++)
    {
      g_assert_true (th_stun_attribute_get_xor_address (&attribute, &message, &peer));
      g_assert_cmpuint (th_address_port (&peer), ==, port);
    }
  g_assert_cmpuint (port, ==, 6);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/stun/order/after-integrity-only-sha256-and-fingerprint", test_after_integrity);
  g_test_add_func ("/stun/order/after-sha256-only-fingerprint", test_after_sha256);
  g_test_add_func ("/stun/order/after-fingerprint-nothing", test_after_fingerprint);
  g_test_add_func ("/stun/order/ignored-cannot-be-found", test_ignored_cannot_be_found);
  g_test_add_func ("/stun/order/first-duplicate-counts", test_first_duplicate_counts);
  g_test_add_func ("/stun/order/several-peers-are-all-seen", test_several_peers_are_all_seen);
  return g_test_run ();
}
