/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThQrCode: a text as a QR code (ISO/IEC 18004), dark on light whatever the colours around it are,
 * with the quiet zone that cameras need.
 */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define TH_TYPE_QR_CODE (th_qr_code_get_type ())
G_DECLARE_FINAL_TYPE (ThQrCode, th_qr_code, TH, QR_CODE, GtkWidget)

/**
 * th_qr_code_set_text:
 * @text: (nullable): any UTF-8 text; is not kept
 *
 * Returns: whether it is shown: not where it is too long, or the program was built without QR
 *   codes. Then there is nothing to see.
 */
gboolean th_qr_code_set_text (ThQrCode *self, const char *text);

G_END_DECLS
