/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThExposition: writes metrics in the text format of Prometheus, version 0.0.4: families with a
 * help text and a type, and samples with labels below each.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_EXPOSITION_CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"

typedef enum {
  TH_METRIC_COUNTER,
  TH_METRIC_GAUGE,
  TH_METRIC_UNTYPED,
} ThMetricType;

typedef struct _ThExposition ThExposition;

ThExposition *th_exposition_new (void);
void th_exposition_free (ThExposition *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThExposition, th_exposition_free)

/* Begins a family: samples that follow are of it. @name and @help live until the next. */
void
th_exposition_family (ThExposition *self, const char *name, ThMetricType type, const char *help);

/**
 * th_exposition_add:
 * @value: written exactly up to 2^53, as a double else
 * @...: pairs of a label's name and value, then NULL. Values may be any UTF-8 text
 */
void th_exposition_add (ThExposition *self, double value, ...) G_GNUC_NULL_TERMINATED;

/* A family of one sample without labels. */
void th_exposition_single (ThExposition *self,
                           const char *name,
                           ThMetricType type,
                           const char *help,
                           double value);

/* (transfer full): all that was written */
char *th_exposition_dup_text (const ThExposition *self);

G_END_DECLS
