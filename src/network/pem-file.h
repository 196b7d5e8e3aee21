/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThPem: the bytes of a PEM file (RFC 7468) in memory, which may hold a private key: wiped when
 * freed.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TH_PEM_SIZE_MAX (256 * 1024) /* bytes; a chain has a few thousand */

typedef enum {
  TH_PEM_CERTIFICATE,
  TH_PEM_PRIVATE_KEY,
} ThPemKind;

typedef struct
{
  char *name;  /* of the file, for messages */
  char *bytes; /* terminated */
  gsize length;
} ThPem;

/**
 * th_pem_read:
 * @kind: what the file should hold, for messages
 *
 * Follows symbolic links, as certificates are often renewed by changing one. Blocks.
 *
 * Returns: (transfer full) (nullable): NULL with TH_NETWORK_ERROR_READ
 */
ThPem *th_pem_read (ThPemKind kind, const char *path, GError **error);

/* @bytes: (transfer full): terminated behind @length */
ThPem *th_pem_new_take (const char *name, char *bytes, gsize length);

void th_pem_free (ThPem *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ThPem, th_pem_free)

G_END_DECLS
