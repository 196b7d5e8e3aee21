/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the reader of what test pages tell: a message that a visit can take, or one line that says
 * what is wrong.
 */
#include <string.h>

#include "app/test-visit.h"
#include "fuzz.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThTestMessage) message = th_test_message_parse ((const char *) data, size, &error);
  g_autoptr (ThTestVisit) visit = NULL;

  if (message == NULL)
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (strpbrk (error->message, "\r\n"));
      return 0;
    }
  g_assert_cmpint (message->time, >=, 0);
  g_assert_true (message->kind != TH_TEST_MESSAGE_CANDIDATE || message->candidate != NULL);
  g_assert_true (message->kind != TH_TEST_MESSAGE_STATS || message->pairs != NULL);
  g_assert_true (message->kind != TH_TEST_MESSAGE_VERDICT ||
                 message->verdict != TH_ICE_VERDICT_NONE);
  visit = th_test_visit_new (NULL, &TH_ADDRESS_NONE, FALSE);
  th_test_visit_take (visit, message);
  return 0;
}
