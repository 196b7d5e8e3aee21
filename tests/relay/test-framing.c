/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Frames out of a stream: however its bytes arrive, the frames are the same; and what can be no
 * frame is known as early as possible.
 */
#include "relay/framing.h"

#include <string.h>

#include "stun/builder.h"

/* A stream of several frames, and where each ends. */
typedef struct {
  guint8 bytes[256];
  gsize length;
  gsize ends[8];
  gboolean is_channel_data[8];
  guint n_frames;
} Stream;

static void
add_frame (Stream *self, const void *bytes, gsize length)
{
  memcpy (self->bytes + self->length, bytes, length);
  self->is_channel_data[self->n_frames] = (self->bytes[self->length] & 0xC0) == 0x40;
  self->length += length;
  self->ends[self->n_frames++] = self->length;
}

static void
add_message (Stream *self, const char *software)
{
  static const guint8 id[TH_STUN_TRANSACTION_ID_SIZE] = "turnhouse-id";
  guint8 bytes[64];
  ThStunBuilder builder;

  th_stun_builder_init (&builder, bytes, sizeof bytes, TH_STUN_REQUEST, TH_STUN_BINDING, id);
  if (software != NULL)
    th_stun_builder_add_string (&builder, TH_STUN_SOFTWARE, software);
  add_frame (self, bytes, th_stun_builder_end (&builder));
}

static void
make_stream (Stream *self)
{
  *self = (Stream) { 0 };
  add_message (self, NULL);
  add_frame (self, "\x40\x00\x00\x05" "12345\0\0\0", 12); /* padded by three */
  add_frame (self, "\x40\x01\x00\x00", 4);                /* empty */
  add_message (self, "test");
  add_frame (self, "\x7f\xff\x00\x08" "12345678", 12); /* needs no padding */
  add_frame (self, "\x40\x00\x00\x07" "1234567\0", 12);
}

/* Reads as many frames as @there bytes hold, from the stream's @used byte on. */
static void
read_frames (const Stream *stream, gsize there, gsize *used, guint *n_frames)
{
  for (;;)
    {
      /* an exact copy: one byte read too far is a report of the address sanitizer */
      g_autofree guint8 *copy = g_memdup2 (stream->bytes + *used, there - *used);
      gboolean is_channel_data;
      gsize length;
      ThFrameVerdict verdict = th_frame_measure (copy, there - *used, &length, &is_channel_data);

      g_assert_cmpint (verdict, !=, TH_FRAME_INVALID);
      if (length != 0)
        g_assert_cmpuint (*used + length, ==, stream->ends[*n_frames]);
      if (verdict == TH_FRAME_PARTIAL)
        {
          g_assert_true (length == 0 || length > there - *used);
          return;
        }
      g_assert_cmpint (is_channel_data, ==, stream->is_channel_data[*n_frames]);
      *used += length;
      (*n_frames)++;
    }
}

static void
test_split_at_every_pair_of_bytes (void)
{
  Stream stream;

  make_stream (&stream);
  for (gsize first = 0; first <= stream.length; first++)
    {
      for (gsize second = first; second <= stream.length; second++)
        {
          gsize used = 0;
          guint n_frames = 0;

          read_frames (&stream, first, &used, &n_frames);
          read_frames (&stream, second, &used, &n_frames);
          read_frames (&stream, stream.length, &used, &n_frames);
          g_assert_cmpuint (used, ==, stream.length);
          g_assert_cmpuint (n_frames, ==, stream.n_frames);
        }
    }
}

static void
test_byte_by_byte (void)
{
  Stream stream;
  gsize used = 0;
  guint n_frames = 0;

  make_stream (&stream);
  for (gsize there = 0; there <= stream.length; there++)
    {
      read_frames (&stream, there, &used, &n_frames);
      g_assert_true (n_frames == stream.n_frames || there < stream.ends[n_frames]);
    }
  g_assert_cmpuint (n_frames, ==, stream.n_frames);
}

static ThFrameVerdict
measure (const char *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  gboolean is_channel_data;
  gsize frame_length;

  return th_frame_measure (copy, length, &frame_length, &is_channel_data);
}

static void
test_first_bits_10_and_11 (void)
{
  for (guint first = 0; first < 256; first++)
    {
      char byte = (char) first;

      g_assert_cmpint (measure (&byte, 1), ==, first < 0x80 ? TH_FRAME_PARTIAL : TH_FRAME_INVALID);
    }
}

static void
test_length_that_is_no_multiple_of_four (void)
{
  for (guint length = 0; length < 16; length++)
    {
      const char header[] = { 0, 1, 0, (char) length };

      g_assert_cmpint (measure (header, 4), ==,
                       length % 4 == 0 ? TH_FRAME_PARTIAL : TH_FRAME_INVALID);
    }
}

static void
test_without_the_cookie (void)
{
  g_assert_cmpint (measure ("\0\1\0\0\x21\x12\xA4\x42", 8), ==, TH_FRAME_PARTIAL);
  g_assert_cmpint (measure ("\0\1\0\0\x21\x12\xA4", 7), ==, TH_FRAME_PARTIAL);
  g_assert_cmpint (measure ("\0\1\0\0\x21\x12\xA4\x43", 8), ==, TH_FRAME_INVALID);
  g_assert_cmpint (measure ("\0\1\0\0\0\0\0\0", 8), ==, TH_FRAME_INVALID);
}

/* The first bytes of a TLS hello are like a STUN type and length, but the cookie is not there. */
static void
test_hello_of_tls (void)
{
  g_assert_cmpint (measure ("\x16\x03\x01\x02\x00\x01\x00\x01", 8), ==, TH_FRAME_INVALID);
  g_assert_cmpint (measure ("\x16\x03\x01\x00\xf8\x01\x00\x00", 8), ==, TH_FRAME_INVALID);
}

static void
test_largest_frames (void)
{
  gboolean is_channel_data;
  gsize length;

  g_assert_cmpint (th_frame_measure ((const guint8 *) "\x40\x00\xff\xff", 4, &length,
                                     &is_channel_data),
                   ==, TH_FRAME_PARTIAL);
  g_assert_cmpuint (length, ==, 4 + 65536);
  g_assert_true (is_channel_data);
  g_assert_cmpint (th_frame_measure ((const guint8 *) "\0\1\xff\xfc\x21\x12\xa4\x42", 8, &length,
                                     &is_channel_data),
                   ==, TH_FRAME_PARTIAL);
  g_assert_cmpuint (length, ==, 20 + 65532);
  g_assert_false (is_channel_data);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/relay/framing/split-at-every-pair-of-bytes",
                   test_split_at_every_pair_of_bytes);
  g_test_add_func ("/relay/framing/byte-by-byte", test_byte_by_byte);
  g_test_add_func ("/relay/framing/first-bits-10-and-11", test_first_bits_10_and_11);
  g_test_add_func ("/relay/framing/length-that-is-no-multiple-of-four",
                   test_length_that_is_no_multiple_of_four);
  g_test_add_func ("/relay/framing/without-the-cookie", test_without_the_cookie);
  g_test_add_func ("/relay/framing/hello-of-tls", test_hello_of_tls);
  g_test_add_func ("/relay/framing/largest-frames", test_largest_frames);
  return g_test_run ();
}
