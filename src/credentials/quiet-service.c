/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ThQuietService: libsecret hands every prompt to these functions; they decline.
 */
#include "credentials/quiet-service.h"

struct _ThQuietService {
  SecretService parent_instance;
};

G_DEFINE_FINAL_TYPE (ThQuietService, th_quiet_service, SECRET_TYPE_SERVICE)

static void
prompt_async (SecretService *service,
              SecretPrompt *prompt,
              const GVariantType *return_type,
              GCancellable *cancellable,
              GAsyncReadyCallback callback,
              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (service, cancellable, callback, user_data);

  g_task_return_new_error (task, SECRET_ERROR, SECRET_ERROR_IS_LOCKED, "The keyring is locked");
}

static GVariant *
prompt_finish (SecretService *service, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
th_quiet_service_class_init (ThQuietServiceClass *class)
{
  SecretServiceClass *service_class = SECRET_SERVICE_CLASS (class);

  service_class->prompt_async = prompt_async;
  service_class->prompt_finish = prompt_finish;
}

static void
th_quiet_service_init (ThQuietService *self)
{
}
