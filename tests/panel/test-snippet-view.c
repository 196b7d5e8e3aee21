/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tests of the view of one snippet with values made up for it: what it shows, what it hides, and
 * what it says is to be minded.
 */
#include "panel/widgets/snippet-view.h"

#include "../app/find-snippet.h"

typedef struct {
  ThSnippetView *view;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->view = g_object_ref_sink (g_object_new (TH_TYPE_SNIPPET_VIEW, NULL));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_object_unref (fixture->view);
}

static ThSnippetValues *
make_values (const char *endpoint, const char *token)
{
  ThSnippetValues *values = th_snippet_values_new ();
  th_snippet_values_add_url (values, "turn:turn.example.org:3478?transport=udp");
  values->endpoint = g_strdup (endpoint);
  values->token = g_strdup (token);
  values->secret = g_strdup ("the-secret");
  values->api_key = g_strdup ("the-key");
  values->api_secret = g_strdup ("the-api-secret");
  values->realm = g_strdup ("the.realm");
  values->ttl = g_strdup ("3600");
  return values;
}

static void
show (Fixture *fixture, const char *id, ThSnippetValues *values)
{
  th_snippet_view_set_snippet (fixture->view, find_snippet (id), values);
}

/* Whether that is part of a label below @root that is not hidden. */
static gboolean
says (GtkWidget *root, const char *part)
{
  if (!gtk_widget_get_visible (root))
    return FALSE;
  if (GTK_IS_LABEL (root) && strstr (gtk_label_get_text (GTK_LABEL (root)), part))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      if (says (child, part))
        return TRUE;
    }
  return FALSE;
}

static gboolean
view_says (Fixture *fixture, const char *part)
{
  return says (GTK_WIDGET (fixture->view), part);
}

static GtkWidget *
find_toggle (GtkWidget *root)
{
  if (GTK_IS_TOGGLE_BUTTON (root))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_toggle (child);
      if (found)
        return found;
    }
  return NULL;
}

static void
test_secret_is_hidden (Fixture *fixture, gconstpointer data)
{
  GtkWidget *toggle = find_toggle (GTK_WIDGET (fixture->view));

  show (fixture, "synapse", make_values (NULL, NULL));
  g_assert_true (gtk_widget_get_visible (toggle));
  g_assert_true (view_says (fixture, "turn:turn.example.org:3478?transport=udp"));
  g_assert_true (view_says (fixture, "contains the shared secret"));
  g_assert_false (view_says (fixture, "the-secret"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  g_assert_true (view_says (fixture, "the-secret"));

  show (fixture, "synapse", make_values (NULL, NULL)); /* the same, with other values */
  g_assert_true (view_says (fixture, "the-secret"));
  show (fixture, "coturn", make_values (NULL, NULL));
  g_assert_false (view_says (fixture, "the-secret"));
}

static void
test_token_is_hidden (Fixture *fixture, gconstpointer data)
{
  GtkWidget *toggle = find_toggle (GTK_WIDGET (fixture->view));

  show (fixture, "web-fetch", make_values ("https://turn.example.org", "the-token"));
  g_assert_true (gtk_widget_get_visible (toggle));
  g_assert_false (view_says (fixture, "the-token"));
  g_assert_false (view_says (fixture, "Put the token"));
  g_assert_false (view_says (fixture, "contains the shared secret"));
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (toggle), TRUE);
  g_assert_true (view_says (fixture, "the-token"));
}

static void
test_unknown_token_is_asked_for (Fixture *fixture, gconstpointer data)
{
  show (fixture, "web-module", make_values ("http://[::1]:8489", TH_SNIPPET_TOKEN_WORD));
  g_assert_false (gtk_widget_get_visible (find_toggle (GTK_WIDGET (fixture->view))));
  g_assert_true (view_says (fixture, "token: 'TOKEN-OF-YOUR-APP'"));
  g_assert_true (view_says (fixture, "Put the token of your app in place of TOKEN-OF-YOUR-APP"));
  g_assert_true (view_says (fixture, "Only apps on this machine reach the endpoint"));
  show (fixture, "peerwave-route", make_values ("https://turn.example.org", TH_SNIPPET_TOKEN_WORD));
  g_assert_false (view_says (fixture, "Put the token"));
  g_assert_false (view_says (fixture, "Only apps on this machine"));
}

static void
test_what_is_missing_is_said (Fixture *fixture, gconstpointer data)
{
  ThSnippetValues *values = make_values (NULL, NULL);

  show (fixture, "web-module", make_values (NULL, NULL));
  g_assert_true (view_says (fixture, "The endpoint does not run."));
  g_ptr_array_set_size (values->turn, 0);
  show (fixture, "synapse", values);
  g_assert_true (view_says (fixture, "The relay does not run."));
  g_assert_false (view_says (fixture, "contains the shared secret"));
  g_assert_false (th_snippet_view_copy (fixture->view));
  show (fixture, "synapse", make_values (NULL, NULL));
  g_assert_false (view_says (fixture, "The relay does not run."));
  g_assert_true (th_snippet_view_copy (fixture->view));
}

static void
add (const char *name, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (name, Fixture, NULL, set_up, test, tear_down);
}

int
main (int argc, char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  add ("/panel/snippet-view/secret-is-hidden", test_secret_is_hidden);
  add ("/panel/snippet-view/token-is-hidden", test_token_is_hidden);
  add ("/panel/snippet-view/unknown-token-is-asked-for", test_unknown_token_is_asked_for);
  add ("/panel/snippet-view/what-is-missing-is-said", test_what_is_missing_is_said);
  return g_test_run ();
}
