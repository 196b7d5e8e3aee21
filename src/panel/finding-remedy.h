/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to do about a finding of an ICE test: in words, and where this window can do it, with a click.
 */
#pragma once

#include <gtk/gtk.h>

#include "ice/ice-finding.h"

G_BEGIN_DECLS

/* (transfer full): why, and what to do: sentences of their own; "" where there are none */
char *th_finding_remedy_describe (ThIceFinding *finding);

/* Has the button do it, or hides it where no button can.
 * @finding: (nullable); @own_relay: it is about this relay, and not about somebody else’s */
void th_finding_remedy_offer (ThIceFinding *finding, gboolean own_relay, GtkButton *button);

G_END_DECLS
