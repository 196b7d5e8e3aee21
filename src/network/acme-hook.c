/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One message there, one byte back.
 */
#include "network/acme-hook.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WELL   0 /* uacme goes on with this challenge */
#define FAILED 1 /* it looks for another */

/* Returns: its length, or 0 */
static gsize
join (char **texts, char *message)
{
  gsize length = 0;

  for (guint i = 0; i < TH_ACME_HOOK_ARGUMENTS; i++)
    {
      gsize size = strlen (texts[i]) + 1;

      if (size > TH_ACME_HOOK_MESSAGE_MAX - length)
        return 0;
      memcpy (message + length, texts[i], size);
      length += size;
    }
  return length;
}

static gboolean
send_whole (int channel, const char *message, gsize length)
{
  gssize n;

  do
    n = send (channel, message, length, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  return n == (gssize) length;
}

/* Waits for as long as the other side takes; when that ends, so does this. */
static gboolean
receive_consent (int channel)
{
  char byte = '\0';
  gssize n;

  do
    n = recv (channel, &byte, 1, 0);
  while (n < 0 && errno == EINTR);
  return n == 1 && byte == '+';
}

gboolean
th_acme_hook_run_if_meant (int argc, char **argv, int *status)
{
  const char *number = g_getenv (TH_ACME_HOOK_VARIABLE);
  char message[TH_ACME_HOOK_MESSAGE_MAX];
  guint64 channel;
  gsize length;

  if (number == NULL)
    return FALSE;
  *status = FAILED;
  if (argc != 1 + TH_ACME_HOOK_ARGUMENTS ||
      !g_ascii_string_to_unsigned (number, 10, 0, G_MAXINT, &channel, NULL))
    return TRUE;
  length = join (argv + 1, message);
  if (length > 0 && send_whole ((int) channel, message, length) && receive_consent ((int) channel))
    *status = WELL;
  return TRUE;
}
