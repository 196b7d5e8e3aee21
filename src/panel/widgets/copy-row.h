/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThCopyRow: a text to be given to apps or people, with a button that copies it and perhaps one that
 * shows it as a QR code. A secret one is behind dots until it is revealed, and again when it goes out
 * of sight.
 */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define TH_TYPE_COPY_ROW (th_copy_row_get_type ())
G_DECLARE_FINAL_TYPE (ThCopyRow, th_copy_row, TH, COPY_ROW, AdwPreferencesRow)

/*
 * Properties:
 *
 * - copy-label (string): what the one button does, in full: "Copy API key"
 * - reveal-label (string, nullable): the same of the other, which a secret has: "Reveal password"
 * - qr-label (string, nullable): the same of a third, which shows the text to the camera of a phone;
 *   for what is no secret
 * - caption (string, nullable): words to be shown in place of the text, which is never shown then
 */

/* @text: another secret than before is hidden, whether the one before was or not */
void th_copy_row_set_text (ThCopyRow *self, const char *text);

G_END_DECLS
