/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What ThStore asks of a place to keep files in, and what it shares with what moves them from one
 * place to the other. For the store alone; everyone else has store.h and store-move.h.
 */
#pragma once

#include <gio/gio.h>

#include "credentials/store.h"

G_BEGIN_DECLS

/* A place, opened. Each driver has its own. */
typedef struct _ThStorePlace ThStorePlace;

/* Names are those of files that the store keeps. All block and set TH_CREDENTIALS_ERROR. */
typedef struct {
  /* @fd: of the directory, locked; it stays open while the place is */
  ThStorePlace *(*open) (const char *directory, int fd, GError **error);
  void (*close) (ThStorePlace *place);
  /* As th_store_read() and so on have it. */
  gboolean (*read) (ThStorePlace *place,
                    const char *name,
                    char **bytes,
                    gsize *length,
                    GError **error);
  gboolean (*write) (ThStorePlace *place,
                     const char *name,
                     const char *bytes,
                     gsize length,
                     GError **error);
  char *(*set_aside) (ThStorePlace *place, const char *name, GError **error);

  /* (transfer full) (nullable): the names there are; NULL with an error */
  GStrv (*list) (ThStorePlace *place, GError **error);
  gboolean (*remove) (ThStorePlace *place, const char *name, GError **error);

  /* Nullable: where nothing must be unlocked. Asks the user, for as long as it takes; with @make
   * also for a place that is not there yet. */
  gboolean (*unlock) (const char *directory, gboolean make, GError **error);
  /* Nullable: where it is always there */
  gboolean (*is_available) (void);
} ThStoreDriver;

extern const ThStoreDriver th_store_files;

/* What keeps in the system keyring, from now on; none at first. Before the first thread. */
void th_store_set_keyring (const ThStoreDriver *driver);

/* (transfer none) (nullable): NULL with an error where this program has no keyring */
const ThStoreDriver *th_store_get_driver (ThStoreKind kind, GError **error);

struct _ThStore {
  char *directory;
  int fd;           /* of the directory, locked */
  ThStoreKind kind; /* as the marker says */
  gboolean copied;  /* the marker says that copies may be in the other place */
  const ThStoreDriver *driver;
  ThStorePlace *place;
};

/* Says durably where the secrets are, and whether copies may be in the other place. */
gboolean th_store_mark (ThStore *self, ThStoreKind kind, gboolean copied, GError **error);

typedef enum {
  TH_STORE_MAKE,
  TH_STORE_OPEN,
  TH_STORE_LOCK,
  TH_STORE_READ,
  TH_STORE_WRITE,
  TH_STORE_SET_ASIDE,
  TH_STORE_REMOVE,
} ThStoreDeed;

/* Says that this cannot be done to a file, or with no @name to the directory. Returns: FALSE */
gboolean th_store_fail (const char *directory,
                        const char *name,
                        ThStoreDeed deed,
                        int number,
                        GError **error);

#define TH_STORE_SUFFIX ".json" /* of the names of files that are moved */

/* Whether it is the name of a file that is moved; what was set aside is, too. */
gboolean th_store_is_kept (const char *name);

/* (transfer full): @name for what is kept aside now; another one for each @attempt from 0 up */
char *th_store_name_aside (const char *name, guint attempt);
#define TH_STORE_ASIDE_ATTEMPTS 100

G_END_DECLS
