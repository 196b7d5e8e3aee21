/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Getting a certificate from an authority (RFC 8555) by uacme, a program that this machine may
 * have or not. It runs beside this one, and asks it for each challenge (acme-hook.h). Main context.
 */
#pragma once

#include "network/acme-challenges.h"
#include "network/acme-report.h"

G_BEGIN_DECLS

typedef struct
{
  char *program;   /* path of uacme */
  char *hook;      /* path of a program whose main() calls th_acme_hook_run_if_meant() */
  char *directory; /* URL of the authority's directory (RFC 8555, section 7.1.1) */
  char *folder;    /* where account and keys are kept; its parent exists */
  char **names;    /* DNS names, one at least; the first also names the files */
  ThAcmeMethod method;
} ThAcmeOrder;

ThAcmeOrder *th_acme_order_copy (const ThAcmeOrder *self);
void th_acme_order_free (ThAcmeOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThAcmeOrder, th_acme_order_free)

/* (transfer full) (nullable): where uacme is on this machine; NULL: it is not installed */
char *th_acme_client_find (void);

/* (transfer full): the files that an order leaves, once it went well */
char *th_acme_order_dup_certificate (const ThAcmeOrder *self);
char *th_acme_order_dup_private_key (const ThAcmeOrder *self);

/**
 * th_acme_order_run_async:
 * @challenges: where answers are put while the authority looks for them; outlives the run
 *
 * Makes an account where there is none, accepting the authority's terms, and gets a new certificate
 * whatever there is already. Ends uacme when it is cancelled, or takes longer than ten minutes.
 */
void th_acme_order_run_async (const ThAcmeOrder *self,
                              ThAcmeChallenges *challenges,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer data);

/**
 * th_acme_order_run_finish:
 * @report: (out) (transfer full) (nullable): what uacme said, where it failed
 *
 * Returns: whether the files are there; else with an error, of GIO or TH_NETWORK_ERROR_SYSTEM
 */
gboolean th_acme_order_run_finish (GAsyncResult *result, ThAcmeReport **report, GError **error);

G_END_DECLS
