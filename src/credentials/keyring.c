/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThKeyring: each call runs libsecret's asynchronous one on a main context of its own, with a timer
 * beside it that cancels.
 */
#define SECRET_API_SUBJECT_TO_CHANGE /* for the path of the session */
#include "credentials/keyring.h"

#include <glib/gi18n.h>

#include "credentials/quiet-service.h"
#include "credentials/ring.h"

#define PATIENCE 5 /* seconds */

struct _ThKeyring {
  ThKeyringManner manner;
  SecretService *service; /* NULL where libsecret chooses what it uses */
  GMainContext *context;
  GCancellable *cancellable; /* of the call that waits */
  GAsyncResult *result;      /* of the call that has ended */
};

static gboolean
on_patience_ended (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_ready (GObject *source, GAsyncResult *result, gpointer data)
{
  ThKeyring *self = data;

  self->result = g_object_ref (result);
}

/* What is called from here until await() completes there. Returns: what cancels it */
static GCancellable *
begin (ThKeyring *self)
{
  g_main_context_push_thread_default (self->context);
  self->cancellable = g_cancellable_new ();
  return self->cancellable;
}

static GSource *
start_timer (ThKeyring *self)
{
  GSource *timer = g_timeout_source_new_seconds (PATIENCE);

  g_source_set_callback (timer, on_patience_ended, self->cancellable, NULL);
  g_source_attach (timer, self->context);
  return timer;
}

/* (transfer full): after @timer at the latest, if there is one */
static GAsyncResult *
await_with (ThKeyring *self, GSource *timer)
{
  while (self->result == NULL)
    g_main_context_iteration (self->context, TRUE);
  if (timer != NULL)
    g_source_destroy (timer);
  g_clear_pointer (&timer, g_source_unref);
  g_clear_object (&self->cancellable);
  g_main_context_pop_thread_default (self->context);
  return g_steal_pointer (&self->result);
}

static GAsyncResult *
await (ThKeyring *self)
{
  return await_with (self, start_timer (self));
}

/* For as long as the user takes. */
static GAsyncResult *
await_user (ThKeyring *self)
{
  return await_with (self, NULL);
}

/* Takes libsecret's error and says it in our words. Returns: FALSE, for the caller to return */
static gboolean
fail (GError *why, GError **error)
{
  if (g_error_matches (why, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_LOCKED,
                         _("The system keyring is locked; unlock it to go on"));
  else if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* by the timer */
    g_set_error_literal (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
                         _("The system keyring does not answer; try again when it does"));
  else
    {
      g_dbus_error_strip_remote_error (why);
      g_set_error (error, TH_CREDENTIALS_ERROR, TH_CREDENTIALS_ERROR_STORE,
                   _("The system keyring cannot be used: %s"), why->message);
    }
  g_error_free (why);
  return FALSE;
}

/* In a sandbox there is no Secret Service to see, but a portal that libsecret knows to use. */
static gboolean
is_choice_of_libsecret (void)
{
  return g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS) || g_getenv ("SNAP_NAME") != NULL ||
         g_getenv ("SECRET_BACKEND") != NULL;
}

/* (transfer full) (nullable): one of our own, with signals that come to our context */
static SecretService *
connect_to_service (ThKeyring *self, GError **error)
{
  GType type = self->manner == TH_KEYRING_QUIET ? TH_TYPE_QUIET_SERVICE : SECRET_TYPE_SERVICE;
  g_autoptr (GAsyncResult) result = NULL;

  secret_service_open (type, NULL, SECRET_SERVICE_OPEN_SESSION, begin (self), on_ready, self);
  result = await (self);
  return secret_service_open_finish (result, error);
}

/* The service keeps a session until it is closed or we leave the bus. */
static void
close_session (SecretService *service)
{
  GDBusProxy *proxy = G_DBUS_PROXY (service);
  const char *path = secret_service_get_session_dbus_path (service);

  if (path != NULL)
    g_dbus_connection_call (g_dbus_proxy_get_connection (proxy), g_dbus_proxy_get_name (proxy),
                            path, "org.freedesktop.Secret.Session", "Close", NULL, NULL,
                            G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, NULL, NULL);
}

ThKeyring *
th_keyring_open (ThKeyringManner manner, GError **error)
{
  g_autoptr (ThKeyring) self = g_new0 (ThKeyring, 1);
  GError *why = NULL;

  self->manner = manner;
  self->context = g_main_context_new ();
  if (!is_choice_of_libsecret ())
    self->service = connect_to_service (self, &why);
  if (why == NULL)
    return g_steal_pointer (&self);
  fail (why, error);
  return NULL;
}

void
th_keyring_free (ThKeyring *self)
{
  if (self->service != NULL)
    close_session (self->service);
  g_clear_object (&self->service);
  while (g_main_context_iteration (self->context, FALSE))
    ; /* what subscribed to signals is freed there */
  g_main_context_unref (self->context);
  g_free (self);
}

/* (transfer full) (nullable): NULL without an error if there is none */
static SecretCollection *
find_default_collection (ThKeyring *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  secret_collection_for_alias (self->service, SECRET_COLLECTION_DEFAULT, SECRET_COLLECTION_NONE,
                               begin (self), on_ready, self);
  result = await (self);
  return secret_collection_for_alias_finish (result, error);
}

gboolean
th_keyring_check_unlocked (ThKeyring *self, GError **error)
{
  g_autoptr (SecretCollection) collection = NULL;
  GError *why = NULL;

  if (self->service == NULL)
    return TRUE; /* if it is locked, its items are not there to be read or written */
  collection = find_default_collection (self, &why);
  if (collection != NULL && secret_collection_get_locked (collection))
    why = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");
  else if (collection == NULL && why == NULL)
    why = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT,
                               _("It has no default keyring"));
  return why == NULL || fail (why, error);
}

static SecretCollection *
make_default_collection (ThKeyring *self, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  secret_collection_create (self->service, "Default keyring", SECRET_COLLECTION_DEFAULT,
                            SECRET_COLLECTION_CREATE_NONE, begin (self), on_ready, self);
  result = await_user (self);
  return secret_collection_create_finish (result, error);
}

/* (transfer full): all items that match, locked or not */
static GList *
find_items (ThKeyring *self, const SecretSchema *schema, GHashTable *attributes, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  if (self->service == NULL)
    secret_password_searchv (schema, attributes, SECRET_SEARCH_ALL, begin (self), on_ready, self);
  else
    secret_service_search (self->service, schema, attributes, SECRET_SEARCH_ALL, begin (self),
                           on_ready, self);
  /* The portal may ask when first something is read. */
  result =
      self->service == NULL && self->manner == TH_KEYRING_ASKS ? await_user (self) : await (self);
  return self->service == NULL ? secret_password_search_finish (result, error)
                               : secret_service_search_finish (self->service, result, error);
}

static gboolean
is_locked (gpointer item)
{
  return SECRET_IS_ITEM (item) && secret_item_get_locked (item);
}

/* Has the user asked to unlock these. */
static void
unlock_objects (ThKeyring *self, GList *objects, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autolist (GDBusProxy) unlocked = NULL;

  secret_service_unlock (self->service, objects, begin (self), on_ready, self);
  result = await_user (self);
  secret_service_unlock_finish (self->service, result, &unlocked, error);
}

/* (transfer full) (element-type GDBusProxy): what of ours is locked */
static GList *
find_locked_objects (ThKeyring *self,
                     const SecretSchema *schema,
                     GHashTable *attributes,
                     gboolean make,
                     GError **error)
{
  g_autoptr (SecretCollection) collection = NULL;
  g_autolist (SecretRetrievable) items = NULL;
  GError *why = NULL;
  GList *locked = NULL;

  collection = find_default_collection (self, &why);
  if (collection == NULL && why == NULL && make)
    collection = make_default_collection (self, &why);
  if (collection != NULL && secret_collection_get_locked (collection))
    locked = g_list_prepend (locked, g_object_ref (collection));
  if (why == NULL)
    items = find_items (self, schema, attributes, &why);
  for (GList *link = items; link != NULL; link = link->next)
    if (is_locked (link->data))
      locked = g_list_prepend (locked, g_object_ref (link->data));
  if (why != NULL)
    g_propagate_error (error, why);
  return locked;
}

gboolean
th_keyring_unlock (ThKeyring *self,
                   const SecretSchema *schema,
                   GHashTable *attributes,
                   gboolean make,
                   GError **error)
{
  g_autolist (GObject) objects = NULL;
  GError *why = NULL;

  g_return_val_if_fail (self->manner == TH_KEYRING_ASKS, FALSE);

  if (self->service == NULL)
    objects = find_items (self, schema, attributes, &why);
  else
    objects = find_locked_objects (self, schema, attributes, make, &why);
  if (why == NULL && objects != NULL && self->service != NULL)
    unlock_objects (self, objects, &why);
  return why == NULL ? th_keyring_check_unlocked (self, error) : fail (why, error);
}

gboolean
th_keyring_search (ThKeyring *self,
                   const SecretSchema *schema,
                   GHashTable *attributes,
                   GList **items,
                   GError **error)
{
  GError *why = NULL;

  *items = find_items (self, schema, attributes, &why);
  for (GList *link = *items; why == NULL && link != NULL; link = link->next)
    if (is_locked (link->data))
      why = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "");
  if (why == NULL)
    return TRUE;
  g_list_free_full (g_steal_pointer (items), g_object_unref);
  return fail (why, error);
}

SecretValue *
th_keyring_get_value (ThKeyring *self, SecretRetrievable *item, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  SecretValue *value;
  GError *why = NULL;

  secret_retrievable_retrieve_secret (item, begin (self), on_ready, self);
  result = await (self);
  value = secret_retrievable_retrieve_secret_finish (item, result, &why);
  if (value == NULL && why == NULL)
    why = g_error_new_literal (SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT,
                               _("An item has no content"));
  if (why != NULL)
    fail (why, error);
  return value;
}

gboolean
th_keyring_store (ThKeyring *self,
                  const SecretSchema *schema,
                  GHashTable *attributes,
                  const char *label,
                  SecretValue *value,
                  GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *why = NULL;

  if (self->service == NULL)
    secret_password_storev_binary (schema, attributes, SECRET_COLLECTION_DEFAULT, label, value,
                                   begin (self), on_ready, self);
  else
    secret_service_store (self->service, schema, attributes, SECRET_COLLECTION_DEFAULT, label,
                          value, begin (self), on_ready, self);
  result = await (self);
  if (self->service == NULL)
    secret_password_store_finish (result, &why);
  else
    secret_service_store_finish (self->service, result, &why);
  return why == NULL || fail (why, error);
}

gboolean
th_keyring_clear (ThKeyring *self,
                  const SecretSchema *schema,
                  GHashTable *attributes,
                  GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  GError *why = NULL;

  if (self->service == NULL)
    secret_password_clearv (schema, attributes, begin (self), on_ready, self);
  else
    secret_service_clear (self->service, schema, attributes, begin (self), on_ready, self);
  result = await (self);
  /* Both say FALSE, too, where nothing matched. */
  if (self->service == NULL)
    secret_password_clear_finish (result, &why);
  else
    secret_service_clear_finish (self->service, result, &why);
  return why == NULL || fail (why, error);
}
