/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThIceSurroundings: what this machine looks like to others, and whether two of its like could
 * talk: candidates, the router's behaviour, and then a call with itself. The part of a test that
 * runs on libnice, beside the paths. Main context.
 */
#pragma once

#include "ice/ice-call.h"
#include "ice/ice-gatherer.h"
#include "ice/nat-behaviour.h"

G_BEGIN_DECLS

typedef struct _ThIceSurroundings ThIceSurroundings;

/* From within any of them it may be freed. */
typedef struct {
  void (*gathered) (gpointer data);  /* all candidates are there */
  void (*nat_known) (gpointer data); /* the router is, as far as it can be */
  void (*called) (gpointer data);    /* the call is over */
  void (*told) (const char *text, gpointer data); /* a step, for people */
} ThIceSurroundingsEvents;

/**
 * th_ice_surroundings_new:
 * @servers: (element-type ThIceServer): must not change; a reference is taken
 * @candidates, @pairs, @samples: filled along the way; references are taken
 * @events: static
 */
ThIceSurroundings *th_ice_surroundings_new (GPtrArray *servers,
                                            gboolean relay_only,
                                            gboolean any_certificate,
                                            GListStore *candidates,
                                            GListStore *pairs,
                                            GListStore *samples,
                                            const ThIceSurroundingsEvents *events,
                                            gpointer data);
void th_ice_surroundings_free (ThIceSurroundings *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIceSurroundings, th_ice_surroundings_free)

/* Gathers, and asks about the router. @start: of the test, in monotonic microseconds */
void th_ice_surroundings_look (ThIceSurroundings *self, gint64 start);

/* All servers have been tried: what they do not answer soon will not come. */
void th_ice_surroundings_look_no_longer (ThIceSurroundings *self);

void th_ice_surroundings_call (ThIceSurroundings *self);

ThIceFigures th_ice_surroundings_get_figures (ThIceSurroundings *self);
/* Of the router, in a sentence or two; "" while it is not known */
const char *th_ice_surroundings_describe_nat (ThIceSurroundings *self);

void th_ice_surroundings_add_facts (ThIceSurroundings *self, ThIceFacts *facts);

G_END_DECLS
