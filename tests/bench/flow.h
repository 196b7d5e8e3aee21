/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Flow: one client with its allocation and the one peer that it has a channel to.
 */
#pragma once

#include "stun/address.h"

#define FLOW_CHANNEL 0x4000

typedef struct {
  ThAddress client;
  ThAddress peer;    /* the relayed address of another flow, where clients talk to each other */
  ThAddress relayed; /* once allocated */
} Flow;
