/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people paste when a call does not work: candidate lines, whole SDP, a page of a browser's
 * console, the dump that chrome://webrtc-internals saves (packed or not), or what getStats() gave.
 * Candidates and pairs are found in any of them. Nothing is looked up. Any thread may call.
 */
#pragma once

#include "ice/ice-pair.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Bytes, also when unpacked: the dump of a long call has megabytes. */
#define TH_ICE_PASTE_SIZE_MAX (32 * 1024 * 1024)
#define TH_ICE_PASTE_CANDIDATES_MAX 1000
#define TH_ICE_PASTE_PAIRS_MAX 1000
#define TH_ICE_PASTE_PROBLEMS_MAX 20

typedef struct {
  GListStore *candidates; /* (element-type ThIceCandidate): each once, in order of appearance */
  GListStore *pairs;      /* (element-type ThIcePair): from dumps and statistics */
  GPtrArray *problems;    /* (element-type char*): what looked like a candidate and is none */
  gboolean cut;           /* there was more than is kept */
} ThIcePaste;

void th_ice_paste_free (ThIcePaste *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThIcePaste, th_ice_paste_free)

/**
 * th_ice_paste_parse:
 * @text: need not be terminated; a large one is better read on another thread
 *
 * Returns: (transfer full) (nullable): %NULL with %TH_ICE_ERROR_INVALID where nothing in it is a
 *   candidate, or %TH_ICE_ERROR_TOO_MUCH
 */
ThIcePaste *th_ice_paste_parse (const char *text, gsize length, GError **error);

G_END_DECLS
