/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A few numbers as an object, for a list model.
 */
#include "ice/ice-sample.h"

struct _ThIceSample {
  GObject parent_instance;
  ThIceSampleValues values;
};

G_DEFINE_FINAL_TYPE (ThIceSample, th_ice_sample, G_TYPE_OBJECT)

static void
th_ice_sample_class_init (ThIceSampleClass *class)
{
}

static void
th_ice_sample_init (ThIceSample *self)
{
}

ThIceSample *
th_ice_sample_new (const ThIceSampleValues *values)
{
  ThIceSample *self = g_object_new (TH_TYPE_ICE_SAMPLE, NULL);

  self->values = *values;
  return self;
}

const ThIceSampleValues *
th_ice_sample_get_values (ThIceSample *self)
{
  g_return_val_if_fail (TH_IS_ICE_SAMPLE (self), NULL);
  return &self->values;
}
