/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThQrCode: libqrencode tells the modules, each run of dark ones in a row is drawn as one
 * rectangle. Modules are whole pixels, so that their edges are sharp.
 */
#include "panel/widgets/qr-code.h"

#ifdef TH_HAVE_QRENCODE
#include <qrencode.h>
#endif

#define QUIET_ZONE     4 /* modules, on each side */
#define MODULE_MINIMUM 2 /* pixels */
#define MODULE_NATURAL 4

struct _ThQrCode {
  GtkWidget parent_instance;
  guint n;     /* modules along a side; 0: there is no code */
  GBytes *dark; /* n * n bytes, row by row: whether a module is dark */
};

G_DEFINE_FINAL_TYPE (ThQrCode, th_qr_code, GTK_TYPE_WIDGET)

static void
encode (ThQrCode *self, const char *text)
{
#ifdef TH_HAVE_QRENCODE
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_M);
  if (!code)
    return;
  guint size = code->width * code->width;
  guint8 *dark = g_malloc (size);
  for (guint i = 0; i < size; i++)
    dark[i] = code->data[i] & 1;
  self->n = code->width;
  self->dark = g_bytes_new_take (dark, size);
  QRcode_free (code);
#endif
}

/* Modules along a side with the quiet zone. */
static int
full_width (ThQrCode *self)
{
  return self->n > 0 ? self->n + 2 * QUIET_ZONE : 0;
}

static GtkSizeRequestMode
th_qr_code_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
th_qr_code_measure (GtkWidget *widget,
                    GtkOrientation orientation,
                    int for_size,
                    int *minimum,
                    int *natural,
                    int *minimum_baseline,
                    int *natural_baseline)
{
  int width = full_width (TH_QR_CODE (widget));
  *minimum = MODULE_MINIMUM * width;
  *natural = MODULE_NATURAL * width;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0 && width > 0)
    *minimum = *natural = CLAMP (for_size / width, MODULE_MINIMUM, MODULE_NATURAL) * width;
}

static void
add_rectangle (GtkSnapshot *snapshot,
               const char *color,
               float x,
               float y,
               float width,
               float height)
{
  GdkRGBA rgba;
  gdk_rgba_parse (&rgba, color);
  gtk_snapshot_append_color (snapshot, &rgba, &GRAPHENE_RECT_INIT (x, y, width, height));
}

static void
add_runs (ThQrCode *self, GtkSnapshot *snapshot, const guint8 *row, float x, float y, int module)
{
  guint i = 0;
  while (i < self->n)
    {
      guint start = i;
      while (i < self->n && row[i])
        i++;
      if (i > start)
        add_rectangle (snapshot, "black", x + start * module, y, (i - start) * module, module);
      else
        i++;
    }
}

static void
th_qr_code_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  ThQrCode *self = TH_QR_CODE (widget);
  int width = full_width (self);
  if (width == 0)
    return;

  int room = MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  int module = MAX (room / width, 1);
  int x = (gtk_widget_get_width (widget) - module * width) / 2;
  int y = (gtk_widget_get_height (widget) - module * width) / 2;
  const guint8 *dark = g_bytes_get_data (self->dark, NULL);
  add_rectangle (snapshot, "white", x, y, module * width, module * width);
  for (guint i = 0; i < self->n; i++)
    add_runs (self, snapshot, dark + i * self->n, x + QUIET_ZONE * module,
              y + (QUIET_ZONE + i) * module, module);
}

static void
th_qr_code_finalize (GObject *object)
{
  g_clear_pointer (&TH_QR_CODE (object)->dark, g_bytes_unref);
  G_OBJECT_CLASS (th_qr_code_parent_class)->finalize (object);
}

static void
th_qr_code_class_init (ThQrCodeClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = th_qr_code_finalize;
  widget_class->get_request_mode = th_qr_code_get_request_mode;
  widget_class->measure = th_qr_code_measure;
  widget_class->snapshot = th_qr_code_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
th_qr_code_init (ThQrCode *self)
{
}

gboolean
th_qr_code_set_text (ThQrCode *self, const char *text)
{
  g_return_val_if_fail (TH_IS_QR_CODE (self), FALSE);
  g_clear_pointer (&self->dark, g_bytes_unref);
  self->n = 0;
  if (text)
    encode (self, text);
  gtk_widget_queue_resize (GTK_WIDGET (self));
  return self->n > 0;
}
