/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A row for each kind of refusal that RFC 8555 (section 6.7) names and a person can do something
 * about. What the authority itself said stands behind, as it knows more.
 */
#include "app/acme-words.h"

#include <glib/gi18n.h>
#include <string.h>

typedef struct
{
  const char *type;
  const char *over_http; /* of HTTP-01, and where the next one is NULL of both */
  const char *over_tls;  /* nullable */
} Row;

/* clang-format off */
/* %s is the name of this machine. */
static const Row rows[] = {
  { "connection",
    N_("The authority cannot reach %s on port 80. Open that port in the firewall and forward it on "
       "the router to this machine."),
    N_("The authority cannot reach %s on port 443. Open that port in the firewall and forward it on "
       "the router to this machine’s port for TLS.") },
  { "dns",
    N_("The authority finds no address for %s. Add an A or AAAA record for it where the domain is "
       "managed."),
    NULL },
  { "unauthorized",
    N_("Another web server answered for %s on port 80. Have it pass on /.well-known/acme-challenge/ "
       "to this machine’s endpoint, and check that the name leads here."),
    N_("Another server answered for %s on port 443. Check that the name leads here, and that "
       "nothing in front of this machine ends TLS.") },
  { "incorrectResponse",
    N_("Another web server answered for %s on port 80. Have it pass on /.well-known/acme-challenge/ "
       "to this machine’s endpoint, and check that the name leads here."),
    N_("Another server answered for %s on port 443. Check that the name leads here, and that "
       "nothing in front of this machine ends TLS.") },
  { "tls",
    N_("What answers for %s on port 443 does not speak TLS as the authority wants it. Forward that "
       "port to this machine’s port for TLS."),
    NULL },
  { "caa",
    N_("A CAA record in the DNS of %s forbids this authority. Add it there, or choose another "
       "authority."),
    NULL },
  { "rejectedIdentifier",
    N_("The authority gives out no certificate for %s. It must be a name that everyone can look "
       "up."),
    NULL },
  { "rateLimited",
    N_("The authority was asked too often for %s. It gives out certificates again after a while."),
    NULL },
  { "externalAccountRequired",
    N_("The authority wants an account made on its website first; %s can have a certificate from "
       "another authority without."),
    NULL },
};
/* clang-format on */

static const Row *
find_row (const char *type)
{
  for (guint i = 0; type != NULL && i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i].type, type))
      return &rows[i];
  return NULL;
}

/* The one place where a row's text becomes a format; each has one %s. */
static char *
fill_in (const char *text, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (text, "%s", 2);

  return g_strjoinv (name, parts);
}

/* What uacme itself met, without a word from the authority. */
static char *
explain_program (const ThAcmeOrder *order, const ThAcmeReport *report)
{
  if (strstr (report->said, "no challenge completed") != NULL)
    /* Translators: %s is "http-01" or "tls-alpn-01" */
    return g_strdup_printf (_("The authority does not check names by %s. Choose the other way."),
                            th_acme_method_get_name (order->method));
  if (strstr (report->said, "failed to fetch directory") != NULL)
    /* Translators: %s is a URL */
    return g_strdup_printf (_("The authority at %s does not answer, or its own certificate is not "
                               "trusted here. Check the address and this machine’s connection."),
                            order->directory);
  if (*report->said == '\0')
    return g_strdup (_("uacme says nothing about it."));
  /* Translators: %s is what the program uacme said, in English */
  return g_strdup_printf (_("uacme says: %s."), report->said);
}

char *
th_acme_explain (const ThAcmeOrder *order, const ThAcmeReport *report)
{
  const Row *row = find_row (report->type);
  gboolean over_tls = order->method == TH_ACME_TLS_ALPN_01;
  g_autofree char *words = NULL;

  if (report->type == NULL)
    return explain_program (order, report);
  if (row == NULL)
    /* Translators: %1$s is what the authority said, in English, %2$s a code */
    return g_strdup_printf (_("The authority says: %1$s (%2$s)"),
                            report->detail != NULL ? report->detail : "", report->type);
  words = fill_in (over_tls && row->over_tls != NULL ? _(row->over_tls) : _(row->over_http),
                   order->names[0]);
  if (report->detail == NULL || *report->detail == '\0')
    return g_steal_pointer (&words);
  /* Translators: %1$s is whole sentences, %2$s what the authority said, in English, %3$s a code */
  return g_strdup_printf (_("%1$s It says: %2$s (%3$s)"), words, report->detail, report->type);
}

gboolean
th_acme_report_wants_patience (const ThAcmeReport *report)
{
  return g_strcmp0 (report->type, "rateLimited") == 0;
}
