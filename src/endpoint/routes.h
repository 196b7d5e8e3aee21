/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of routes: one row for every path the endpoint answers, with its methods, who may ask,
 * and the function that answers.
 */
#pragma once

#include "endpoint/request.h"

G_BEGIN_DECLS

typedef enum {
  TH_ACCESS_OPEN,    /* anyone; cheap, tells nothing of value */
  TH_ACCESS_WATCHER, /* this machine and apps, but no users; the rate limit does not count them */
  TH_ACCESS_CALLER,  /* a known caller, within the rate limit */
} ThAccess;

typedef struct {
  const char *path;
  gboolean post; /* besides GET and HEAD */
  ThAccess access;
  gboolean metrics; /* there only where the settings say so */
  gboolean prefix;  /* answers all paths that begin so, too */
  void (*answer) (const ThRequest *request);
} ThRoute;

/* Returns: (nullable): the route of that path, if it is served with this @config */
const ThRoute *th_route_find (const char *path, const ThEndpointConfig *config);

gboolean th_route_allows (const ThRoute *self, const char *method);

/* The value of Allow, and of Access-Control-Allow-Methods. */
const char *th_route_get_methods (const ThRoute *self);

G_END_DECLS
