/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThParameters: what a caller asks for, from the query of the URL or, where that is silent, from
 * a JSON object in the body; checked, with clear words for what is not allowed.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* The longest user name, in bytes, and the deepest nesting of JSON that is read. */
#define TH_PARAMETERS_USER_MAX 256
#define TH_PARAMETERS_DEPTH_MAX 16

typedef struct {
  char *user;    /* nullable; valid UTF-8 without control characters and colons */
  gint64 ttl;    /* seconds; 0: not asked for */
  char *service; /* nullable; as it came */
} ThParameters;

/**
 * th_parameters_parse:
 * @query: (nullable): the URL's query, still encoded
 * @content_type: (nullable): the body's media type without its parameters
 * @body: (nullable): what was sent with it
 * @with_ttl: whether "ttl" is looked at, too
 *
 * Knows "user", "userId" or "username" (text), "ttl" (a number of seconds, 1 or more; any size) and
 * "service" (text); others are passed over.
 *
 * Returns: (transfer full) (nullable): NULL with a %TH_HTTP_ERROR: 400, or 415 for a body that is
 *   not declared as JSON
 */
ThParameters *th_parameters_parse (const char *query,
                                   const char *content_type,
                                   GBytes *body,
                                   gboolean with_ttl,
                                   GError **error);
void th_parameters_free (ThParameters *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThParameters, th_parameters_free)

G_END_DECLS
