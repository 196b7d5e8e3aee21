/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the control socket takes for a request, and what not.
 */
#include <string.h>

#include "control/control-request.h"

/* With its length, so that a row may hold NUL bytes. */
#define BYTES(text) (text), sizeof (text) - 1

static const struct {
  const char *name;
  const char *text;
  gsize length;
} bad_requests[] = {
  { "nothing", BYTES ("") },
  { "blanks", BYTES ("   ") },
  { "a-word", BYTES ("status") },
  { "a-number", BYTES ("1") },
  { "null", BYTES ("null") },
  { "an-array", BYTES ("[{\"command\":\"status\"}]") },
  { "half", BYTES ("{\"command\":\"sta") },
  { "two", BYTES ("{\"command\":\"status\"}{\"command\":\"status\"}") },
  { "two-lines", BYTES ("{\"command\":\n\"status\"}") },
  { "trailing-comma", BYTES ("{\"command\":\"status\",}") },
  { "single-quotes", BYTES ("{'command':'status'}") },
  { "comment", BYTES ("{\"command\":\"status\"}//") },
  { "assignment", BYTES ("var a = {\"command\":\"status\"}") },
  { "no-members", BYTES ("{}") },
  { "no-command", BYTES ("{\"user\":\"anna\"}") },
  { "command-is-null", BYTES ("{\"command\":null}") },
  { "command-is-an-object", BYTES ("{\"command\":{}}") },
  { "command-in-capitals", BYTES ("{\"command\":\"STATUS\"}") },
  { "command-is-empty", BYTES ("{\"command\":\"\"}") },
  { "command-with-a-nul", BYTES ("{\"command\":\"status\\u0000\"}") },
  { "nul-behind", BYTES ("{\"command\":\"status\"}\0") },
  { "command-twice", BYTES ("{\"command\":\"drain\",\"command\":\"status\"}") },
  { "member-of-another", BYTES ("{\"command\":\"drain\",\"user\":\"anna\"}") },
  { "link-with-a-user", BYTES ("{\"command\":\"test-link\",\"user\":\"anna\"}") },
  { "member-nobody-knows", BYTES ("{\"command\":\"drain\",\"\":1}") },
  { "kind-missing", BYTES ("{\"command\":\"rotate\",\"revoke\":true}") },
  { "kind-is-a-number", BYTES ("{\"command\":\"rotate\",\"kind\":0,\"revoke\":true}") },
  { "kind-twice", BYTES ("{\"command\":\"rotate\",\"kind\":\"api\",\"kind\":\"api\"}") },
  { "revoke-is-a-number", BYTES ("{\"command\":\"rotate\",\"kind\":\"api\",\"revoke\":1}") },
  { "revoke-is-a-list", BYTES ("{\"command\":\"rotate\",\"kind\":\"api\",\"revoke\":[]}") },
  { "user-missing", BYTES ("{\"command\":\"disconnect\"}") },
  { "user-is-a-number", BYTES ("{\"command\":\"disconnect\",\"user\":7}") },
  { "user-is-no-text", BYTES ("{\"command\":\"disconnect\",\"user\":\"\xc3\"}") },
  { "user-is-half-a-pair", BYTES ("{\"command\":\"disconnect\",\"user\":\"\\ud800\"}") },
  { "deep", BYTES ("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[") },
};

static void
test_bad (gconstpointer data)
{
  gsize row = GPOINTER_TO_SIZE (data);
  g_autoptr (GError) error = NULL;
  /* exactly as long as it is, so that reading on is seen */
  g_autofree char *line = g_memdup2 (bad_requests[row].text, bad_requests[row].length);
  g_autoptr (ThControlRequest) request =
      th_control_request_parse (line, bad_requests[row].length, &error);

  g_assert_null (request);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_null (strchr (error->message, '\n'));
}

static ThControlRequest *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  ThControlRequest *request = th_control_request_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return request;
}

static void
test_good (void)
{
  g_autoptr (ThControlRequest) status = parse ("{\"command\":\"status\"}");
  g_autoptr (ThControlRequest) rotate =
      parse (" { \"revoke\" : true , \"kind\" : \"api\" , \"command\" : \"rotate\" } ");
  g_autoptr (ThControlRequest) disconnect =
      parse ("{\"command\":\"disconnect\",\"user\":\"J\\u00fcrgen \\\"K\\\"\"}");
  g_autoptr (ThControlRequest) drain = parse ("{\"command\":\"drain\"}");

  g_assert_cmpint (status->command, ==, TH_CONTROL_STATUS);
  g_assert_cmpint (rotate->command, ==, TH_CONTROL_ROTATE);
  g_assert_cmpint (rotate->kind, ==, TH_RING_API);
  g_assert_true (rotate->revoke);
  g_assert_cmpint (disconnect->command, ==, TH_CONTROL_DISCONNECT);
  g_assert_cmpstr (disconnect->user, ==, "Jürgen \"K\"");
  g_assert_cmpint (drain->command, ==, TH_CONTROL_DRAIN);
}

/* The longest name there can be, and of what takes most room. */
static void
test_user_limits (void)
{
  char name[TH_CONTROL_USER_MAX + 2] = "";
  ThControlRequest longest = { .command = TH_CONTROL_DISCONNECT, .user = name };

  memset (name, '\"', TH_CONTROL_USER_MAX);
  g_autofree char *text = th_control_request_print (&longest);
  g_assert_cmpuint (strlen (text), <, TH_CONTROL_REQUEST_MAX);
  g_autoptr (ThControlRequest) again = parse (text);
  g_assert_cmpstr (again->user, ==, name);

  name[TH_CONTROL_USER_MAX] = '\"';
  g_autofree char *too_long = th_control_request_print (&longest);
  g_assert_null (th_control_request_parse (too_long, strlen (too_long), NULL));
}

static void
test_printed (void)
{
  const ThControlRequest requests[] = {
    { .command = TH_CONTROL_STATUS },
    { .command = TH_CONTROL_ROTATE, .kind = TH_RING_SECRET, .revoke = TRUE },
    { .command = TH_CONTROL_ROTATE, .kind = TH_RING_API },
    { .command = TH_CONTROL_DISCONNECT, .user = (char *) "1:\n\t\x01\x1f\x7f{}" },
    { .command = TH_CONTROL_TEST_LINK },
    { .command = TH_CONTROL_DRAIN },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_autofree char *text = th_control_request_print (&requests[i]);
      g_autoptr (ThControlRequest) again = parse (text);

      g_assert_null (strchr (text, '\n'));
      g_assert_cmpint (again->command, ==, requests[i].command);
      g_assert_cmpint (again->kind, ==, requests[i].kind);
      g_assert_cmpint (again->revoke, ==, requests[i].revoke);
      g_assert_cmpstr (again->user, ==, requests[i].user);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (bad_requests); i++)
    {
      g_autofree char *path =
          g_strconcat ("/control/request/bad/", bad_requests[i].name, NULL);
      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_bad);
    }
  g_test_add_func ("/control/request/good", test_good);
  g_test_add_func ("/control/request/user-has-at-most-1024-bytes", test_user_limits);
  g_test_add_func ("/control/request/printed-reads-back-as-itself", test_printed);
  return g_test_run ();
}
