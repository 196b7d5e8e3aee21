/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why an authority gave out no certificate, and what to do, in words. Pure.
 */
#pragma once

#include "network/acme-client.h"

G_BEGIN_DECLS

/**
 * th_acme_explain:
 * @order: what was asked for
 * @report: what came of it
 *
 * Returns: (transfer full): whole sentences
 */
char *th_acme_explain (const ThAcmeOrder *order, const ThAcmeReport *report);

/* Whether asking again soon would only make it worse. */
gboolean th_acme_report_wants_patience (const ThAcmeReport *report);

G_END_DECLS
