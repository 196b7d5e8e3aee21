/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames out of streams, in whatever portions they come; and what is none.
 */
#include "ice/ice-frames.h"

#include <string.h>

#include "stun/defs.h"

#define MESSAGE "\x01\x01\x00\x04\x21\x12\xa4\x42" "transactions" "abcd"
#define DATA "\x40\x00\x00\x03" "xyz"

static void
check_frame (ThIceFrames *frames, const char *bytes, gsize size)
{
  gboolean garbage;
  gsize length;
  g_autofree guint8 *frame = th_ice_frames_pop (frames, &length, &garbage);

  g_assert_false (garbage);
  g_assert_nonnull (frame);
  g_assert_cmpmem (frame, length, bytes, size);
}

static void
check_nothing (ThIceFrames *frames, gboolean is_garbage)
{
  gboolean garbage;
  gsize length;

  g_assert_null (th_ice_frames_pop (frames, &length, &garbage));
  g_assert_cmpint (garbage, ==, is_garbage);
}

static void
push (ThIceFrames *frames, const char *bytes, gsize length)
{
  th_ice_frames_push (frames, (const guint8 *) bytes, length);
}

static void
test_several (void)
{
  ThIceFrames frames;

  th_ice_frames_init (&frames);
  frames.channel = TH_CHANNEL_MIN;
  push (&frames, MESSAGE DATA "\0" MESSAGE, 24 + 8 + 24);
  check_frame (&frames, MESSAGE, 24);
  check_frame (&frames, DATA, 7);
  check_frame (&frames, MESSAGE, 24);
  check_nothing (&frames, FALSE);
  th_ice_frames_clear (&frames);
}

static void
test_byte_by_byte (void)
{
  ThIceFrames frames;

  th_ice_frames_init (&frames);
  for (gsize i = 0; i < 23; i++)
    {
      push (&frames, MESSAGE + i, 1);
      check_nothing (&frames, FALSE);
    }
  push (&frames, MESSAGE + 23, 1);
  check_frame (&frames, MESSAGE, 24);
  th_ice_frames_clear (&frames);
}

static void
test_garbage (void)
{
  static const char *const texts[] = {
    "HTTP/1.1 400 Bad Request", "\x15\x03\x03\x00\x02\x02\x28\x15", "220 mail.example.org ESMTP",
    "\x40\x01\x00\x04" "abcd", "\x01\x01\x01\x01\x01\x01\x01\x01\x01", "SSH-2.0-OpenSSH_9.2",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      ThIceFrames frames;

      th_ice_frames_init (&frames);
      frames.channel = TH_CHANNEL_MIN;
      push (&frames, texts[i], 8); /* until the cookie, at the latest, tells */
      check_nothing (&frames, TRUE);
      th_ice_frames_clear (&frames);
    }
}

static void
test_unbound (void)
{
  ThIceFrames frames;

  th_ice_frames_init (&frames);
  push (&frames, DATA, 7);
  check_nothing (&frames, TRUE);
  th_ice_frames_clear (&frames);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ice/frames/several-at-once", test_several);
  g_test_add_func ("/ice/frames/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/ice/frames/other-protocols-are-garbage", test_garbage);
  g_test_add_func ("/ice/frames/data-on-no-channel-is-garbage", test_unbound);
  return g_test_run ();
}
