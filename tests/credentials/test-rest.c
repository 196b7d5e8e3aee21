/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The REST scheme: names with times of all kinds in them, and passwords that must be what other
 * programs compute.
 */
#include <string.h>

#include "credentials/rest.h"

#define REFUSED 0

static const struct
{
  const char *name;
  gint64 expires_at;
  const char *user;
} names[] = {
  { "1700000000:anna", 1700000000, "anna" },
  { "anna:1700000000", 1700000000, "anna" },
  { "1700000000", 1700000000, "1700000000" },
  { "1700000000:", 1700000000, "1700000000" },
  { ":1700000000", 1700000000, "1700000000" },
  { "1:2", 1, "2" },
  { "1700000000:a:b", 1700000000, "a:b" },
  { "a:b:1700000000", 1700000000, "a:b" },
  { "1700000000:a:1800000000", 1700000000, "a:1800000000" },
  { "1700000000::", 1700000000, ":" },
  { "0001700000000:anna", 1700000000, "anna" },
  { "2147483648:anna", G_GINT64_CONSTANT (2147483648), "anna" },   /* 2^31 */
  { "4294967296:anna", G_GINT64_CONSTANT (4294967296), "anna" },   /* 2^32 */
  { "253402300799:anna", TH_REST_EXPIRY_MAX, "anna" },             /* the year 9999 */
  { "253402300800:anna", REFUSED, NULL },
  { "1700000000000:anna", REFUSED, NULL },                         /* milliseconds */
  { "9223372036854775807:anna", REFUSED, NULL },                   /* 2^63 - 1 */
  { "9223372036854775808:anna", REFUSED, NULL },                   /* 2^63 */
  { "18446744073709551616:anna", REFUSED, NULL },                  /* 2^64 */
  { "18446744075409551616:anna", REFUSED, NULL },                  /* 2^64 + 1700000000 */
  { "0:anna", REFUSED, NULL },
  { "anna:0", REFUSED, NULL },
  { "0", REFUSED, NULL },
  { "-1:anna", REFUSED, NULL },
  { "anna:-1", REFUSED, NULL },
  { "+1700000000:anna", REFUSED, NULL },
  { " 1700000000:anna", REFUSED, NULL },
  { "1700000000 :anna", REFUSED, NULL },
  { "12a:", REFUSED, NULL },
  { "12a", REFUSED, NULL },
  { "", REFUSED, NULL },
  { ":", REFUSED, NULL },
  { "::", REFUSED, NULL },
  { "anna", REFUSED, NULL },
  { "anna:", REFUSED, NULL },
  { ":anna", REFUSED, NULL },
  { "anna:1700000000:bo", REFUSED, NULL },
  { "0x6553F100:anna", REFUSED, NULL },
  { "1.7e9:anna", REFUSED, NULL },
  { "１７００００００００:anna", REFUSED, NULL },                  /* digits, but not ours */
};

static void
check_name (const char *name, gsize length, gint64 expires_at, const char *user)
{
  g_autofree char *exact = g_memdup2 (name, length); /* no byte behind it may be read */
  ThRestName parsed;

  if (!th_rest_parse_name (&parsed, length > 0 ? exact : "", length))
    {
      g_assert_cmpint (expires_at, ==, REFUSED);
      return;
    }
  g_assert_cmpint (parsed.expires_at, ==, expires_at);
  g_assert_cmpmem (parsed.user, parsed.user_length, user, strlen (user));
}

static void
test_names (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    check_name (names[i].name, strlen (names[i].name), names[i].expires_at, names[i].user);
}

static void
test_thousands_of_digits (void)
{
  g_autofree char *nines = g_strnfill (5000, '9');
  g_autofree char *zeros = g_strnfill (5000, '0');
  g_autofree char *before = g_strconcat (nines, ":anna", NULL);
  g_autofree char *behind = g_strconcat ("anna:", nines, NULL);
  g_autofree char *leading = g_strconcat (zeros, "1700000000:anna", NULL);

  check_name (nines, 5000, REFUSED, NULL);
  check_name (zeros, 5000, REFUSED, NULL);
  check_name (before, strlen (before), REFUSED, NULL);
  check_name (behind, strlen (behind), REFUSED, NULL);
  check_name (leading, strlen (leading), 1700000000, "anna");
}

static void
test_random_names (void)
{
  static const char bytes[] = "0123456789::::ab- \xff";

  for (guint i = 0; i < 20000; i++)
    {
      gint length = g_test_rand_int_range (0, 24);
      g_autofree char *name = g_malloc (length + 1);
      ThRestName parsed;

      for (gint j = 0; j < length; j++)
        name[j] = bytes[g_test_rand_int_range (0, sizeof bytes)]; /* NUL too */
      if (!th_rest_parse_name (&parsed, name, length))
        continue;
      g_assert_cmpint (parsed.expires_at, >=, 1);
      g_assert_cmpint (parsed.expires_at, <=, TH_REST_EXPIRY_MAX);
      g_assert_cmpuint (parsed.user_length, >=, 1);
      g_assert_true (parsed.user >= name);
      g_assert_true (parsed.user + parsed.user_length <= name + length);
    }
}

/* printf NAME | openssl dgst -sha1 -hmac north -binary | openssl base64 */
static void
test_known_passwords (void)
{
  static const struct
  {
    const char *name, *password;
  } known[] = {
    { "1700000000:anna", "WS1fjjHj2gNlXzhc/ZcwmC3ofIo=" },
    { "anna:1700000000", "/TdScIbU0mhpYD2eEdySUC1IHJg=" },
    { "1700000000", "CWyHi3zCeWqXBir9thl4m+iZPRY=" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      char password[TH_REST_PASSWORD_SIZE];

      g_assert_true (
          th_rest_make_password ("north", 5, known[i].name, strlen (known[i].name), password));
      g_assert_cmpstr (password, ==, known[i].password);
    }
}

static void
test_made_names_are_read (void)
{
  g_autofree char *name = th_rest_make_name (1700000000, "anna:1");

  g_assert_cmpstr (name, ==, "1700000000:anna:1");
  check_name (name, strlen (name), 1700000000, "anna:1");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/credentials/rest/names", test_names);
  g_test_add_func ("/credentials/rest/thousands-of-digits", test_thousands_of_digits);
  g_test_add_func ("/credentials/rest/random-names", test_random_names);
  g_test_add_func ("/credentials/rest/known-passwords", test_known_passwords);
  g_test_add_func ("/credentials/rest/made-names-are-read", test_made_names_are_read);
  return g_test_run ();
}
