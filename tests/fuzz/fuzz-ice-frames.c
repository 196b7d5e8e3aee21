/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the cutting of streams: the same frames come out however the bytes are portioned, and each
 * is as long as its header says.
 */
#include <string.h>

#include "fuzz.h"
#include "ice/ice-frames.h"
#include "stun/bytes.h"
#include "stun/defs.h"

/* All frames one after the other, with "!" where garbage ended them. */
static GByteArray *
cut (const uint8_t *data, size_t size, size_t portion)
{
  GByteArray *all = g_byte_array_new ();
  ThIceFrames frames;
  gboolean garbage = FALSE;

  th_ice_frames_init (&frames);
  frames.channel = TH_CHANNEL_MIN;
  for (size_t done = 0; done < size && !garbage; done += portion)
    {
      g_autofree guint8 *frame = NULL;
      gsize length;

      th_ice_frames_push (&frames, data + done, MIN (portion, size - done));
      while ((frame = th_ice_frames_pop (&frames, &length, &garbage)) != NULL)
        {
          g_assert_cmpuint (length, ==, th_read_u16 (frame + 2) + (frame[0] < 0x40 ? 20u : 4u));
          g_byte_array_append (all, frame, length);
          g_clear_pointer (&frame, g_free);
        }
    }
  if (garbage)
    g_byte_array_append (all, (const guint8 *) "!", 1);
  th_ice_frames_clear (&frames);
  return all;
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GByteArray) at_once = cut (data, size, MAX (size, 1));
  g_autoptr (GByteArray) one_by_one = cut (data, size, 1);

  g_assert_cmpmem (at_once->data, at_once->len, one_by_one->data, one_by_one->len);
  return 0;
}
