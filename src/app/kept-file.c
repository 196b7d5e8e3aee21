/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading with what is damaged kept aside, and a thread that lives while there is something to
 * write.
 */
#include "app/kept-file.h"

#include "credentials/ring.h"
#include "credentials/store.h"

struct _ThKeptFileWriter {
  char *directory;
  char *name;
  GThread *thread; /* nullable: the last one, busy or not */
  GMutex lock;     /* for what follows */
  GBytes *next;    /* nullable */
  gboolean busy;   /* the thread will look at @next once more */
  gboolean failed; /* the last text that was tried */
};

static void
set_aside (ThStore *store, const char *name, const char *then)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = th_store_set_aside (store, name, &error);

  if (aside != NULL)
    g_warning ("%s is damaged or of another version and was kept as %s; %s", name, aside, then);
  else
    g_warning ("%s", error->message);
}

gpointer
th_kept_file_read (const char *directory,
                   const char *name,
                   gpointer (*parse) (const char *text, gsize length),
                   const char *then)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ThStore) store = th_store_open_files (directory, &error);
  g_autofree char *text = NULL;
  gpointer content = NULL;
  gsize length = 0;

  if (store != NULL && th_store_read (store, name, &text, &length, &error))
    {
      if (text != NULL)
        content = parse (text, length);
      if (text != NULL && content == NULL)
        set_aside (store, name, then);
    }
  else if (g_error_matches (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_DAMAGED))
    set_aside (store, name, then);
  else
    g_warning ("%s cannot be read: %s", name, error->message);
  return content;
}

gboolean
th_kept_file_write (const char *directory,
                    const char *name,
                    const char *text,
                    gsize length,
                    GError **error)
{
  g_autoptr (ThStore) store = th_store_open_files (directory, error);

  return store != NULL && th_store_write (store, name, text, length, error);
}

/* Returns: whether that is another than before */
static gboolean
set_failed (ThKeptFileWriter *self, gboolean failed)
{
  gboolean other;

  g_mutex_lock (&self->lock);
  other = self->failed != failed;
  self->failed = failed;
  g_mutex_unlock (&self->lock);
  return other;
}

static void
write_text (ThKeptFileWriter *self, GBytes *text)
{
  g_autoptr (GError) error = NULL;
  gsize length;
  const char *bytes = g_bytes_get_data (text, &length);
  gboolean written = th_kept_file_write (self->directory, self->name, bytes, length, &error);

  if (set_failed (self, !written) && !written)
    g_warning ("%s is not kept: %s", self->name, error->message);
}

/* (transfer full) (nullable): NULL is the end of the thread */
static GBytes *
take_next (ThKeptFileWriter *self)
{
  GBytes *next;

  g_mutex_lock (&self->lock);
  next = g_steal_pointer (&self->next);
  self->busy = next != NULL;
  g_mutex_unlock (&self->lock);
  return next;
}

static gpointer
write_in_thread (gpointer data)
{
  ThKeptFileWriter *self = data;
  GBytes *text;

  while ((text = take_next (self)) != NULL)
    {
      write_text (self, text);
      g_bytes_unref (text);
    }
  return NULL;
}

ThKeptFileWriter *
th_kept_file_writer_new (const char *directory, const char *name)
{
  ThKeptFileWriter *self = g_new0 (ThKeptFileWriter, 1);

  self->directory = g_strdup (directory);
  self->name = g_strdup (name);
  g_mutex_init (&self->lock);
  return self;
}

void
th_kept_file_writer_free (ThKeptFileWriter *self)
{
  th_kept_file_writer_flush (self);
  g_mutex_clear (&self->lock);
  g_free (self->directory);
  g_free (self->name);
  g_free (self);
}

void
th_kept_file_writer_write (ThKeptFileWriter *self, char *text, gsize length)
{
  gboolean busy;

  g_mutex_lock (&self->lock);
  g_clear_pointer (&self->next, g_bytes_unref);
  self->next = g_bytes_new_take (text, length);
  busy = self->busy;
  self->busy = TRUE;
  g_mutex_unlock (&self->lock);
  if (busy)
    return;
  th_kept_file_writer_flush (self);
  self->thread = g_thread_new (self->name, write_in_thread, self);
}

void
th_kept_file_writer_flush (ThKeptFileWriter *self)
{
  if (self->thread != NULL)
    g_thread_join (g_steal_pointer (&self->thread));
}

gboolean
th_kept_file_writer_has_failed (ThKeptFileWriter *self)
{
  gboolean failed;

  g_mutex_lock (&self->lock);
  failed = self->failed;
  g_mutex_unlock (&self->lock);
  return failed;
}
