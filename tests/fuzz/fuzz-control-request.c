/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Fuzzes the reader of requests over the control socket: whatever the bytes are, it yields a
 * request that reads back as itself, or one line that says what is wrong.
 */
#include <string.h>

#include "fuzz.h"
#include "control/control-request.h"

static void
check_request (const ThControlRequest *request)
{
  g_autofree char *text = th_control_request_print (request);
  g_autoptr (ThControlRequest) again = NULL;

  if (strlen (text) > TH_CONTROL_REQUEST_MAX) /* escapes take more room than what they stand for */
    return;
  again = th_control_request_parse (text, strlen (text), NULL);
  g_assert_nonnull (again);
  g_assert_cmpint (again->command, ==, request->command);
  g_assert_cmpint (again->kind, ==, request->kind);
  g_assert_cmpint (again->revoke, ==, request->revoke);
  g_assert_cmpstr (again->user, ==, request->user);
  g_assert_true ((request->user != NULL) == (request->command == TH_CONTROL_DISCONNECT));
  g_assert_true (request->user == NULL || *request->user != '\0');
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThControlRequest) request =
      th_control_request_parse ((const char *) data, size, &error);

  if (request != NULL)
    check_request (request);
  else
    {
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_assert_null (strpbrk (error->message, "\r\n"));
    }
  return 0;
}
