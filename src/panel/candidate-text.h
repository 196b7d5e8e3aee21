/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a ThIceCandidate says of itself in tables, in plain words. All return (transfer full) texts,
 * and take an item of a list.
 */
#pragma once

#include "ice/ice-candidate.h"

G_BEGIN_DECLS

/* "This device", "Relay" */
char *th_candidate_text_kind (gpointer candidate);

/* "192.0.2.1:49152", "[2001:db8::1]:49152" */
char *th_candidate_text_address (gpointer candidate);

/* "UDP", and where that is another, the way to the relay with it */
char *th_candidate_text_transport (gpointer candidate);

/* "0.03 s" since the beginning of the test */
char *th_candidate_text_time (gpointer candidate);

/* The three parts of its priority: "126|32512|255" */
char *th_candidate_text_priority (gpointer candidate);

/* The server that told or gave it, else the address behind it */
char *th_candidate_text_source (gpointer candidate);

/* "1/1": foundation and component */
char *th_candidate_text_foundation (gpointer candidate);

G_END_DECLS
