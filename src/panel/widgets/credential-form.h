/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCredentialForm: makes temporary credentials: for whom, for how long, by which scheme; and
 * shows the last one made.
 */
#pragma once

#include <adwaita.h>

#include "app/engine.h"

G_BEGIN_DECLS

#define TH_TYPE_CREDENTIAL_FORM (th_credential_form_get_type ())
G_DECLARE_FINAL_TYPE (ThCredentialForm, th_credential_form, TH, CREDENTIAL_FORM, AdwBin)

void th_credential_form_set_engine (ThCredentialForm *self, ThEngine *engine);

G_END_DECLS
