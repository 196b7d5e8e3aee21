/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each command is a function that finds its answer in the engine.
 */
#include "control/control-server.h"

#include "app/status.h"
#include "credentials/json-object.h"
#include "control/control-disconnect.h"
#include "control/control-rotate.h"
#include "control/control-service.h"

struct _ThControl {
  ThEngine *engine;
  ThStatus *status;
  ThControlService *service;
};

static void
answer_status (ThControlServer *self, ThControlReply *reply)
{
  g_autoptr (JsonBuilder) object = th_control_reply_begin ();

  th_status_add (self->status, object);
  th_control_reply_send (reply, object);
}

static void
answer_test_link (ThControlServer *self, ThControlReply *reply)
{
  g_autofree char *link = th_engine_make_test_link (self->engine);
  g_autoptr (JsonBuilder) object = NULL;

  if (link == NULL)
    {
      th_control_reply_fail (reply, "The endpoint does not run, and with it no test page");
      return;
    }
  object = th_control_reply_begin ();
  th_json_add_text (object, "url", link);
  th_json_add_time (object, "expiresAt",
                    (g_get_real_time () + th_engine_get_test_link_left (self->engine, link)) /
                        G_USEC_PER_SEC);
  th_control_reply_send (reply, object);
}

static void
drain (ThControlServer *self, ThControlReply *reply)
{
  GListModel *sessions = th_relay_get_sessions (th_engine_get_relay (self->engine));
  g_autoptr (JsonBuilder) object = th_control_reply_begin ();

  th_json_add_number (object, "sessions", g_list_model_get_n_items (sessions));
  th_control_reply_send (reply, object);
  th_engine_set_draining (self->engine, TRUE);
}

static void
on_request (const ThControlRequest *request, ThControlReply *reply, gpointer data)
{
  ThControlServer *self = data;

  switch (request->command)
    {
    case TH_CONTROL_STATUS:
      answer_status (self, reply);
      break;
    case TH_CONTROL_ROTATE:
      th_control_rotate (self->engine, request->kind, request->revoke, reply);
      break;
    case TH_CONTROL_DISCONNECT:
      th_control_disconnect (th_engine_get_relay (self->engine), request->user, reply);
      break;
    case TH_CONTROL_TEST_LINK:
      answer_test_link (self, reply);
      break;
    case TH_CONTROL_DRAIN:
      drain (self, reply);
      break;
    default:
      g_assert_not_reached ();
    }
}

ThControlServer *
th_control_server_new (ThEngine *engine, ThControlSocket *socket)
{
  ThControlServer *self = g_new0 (ThControlServer, 1);

  self->engine = g_object_ref (engine);
  self->status = th_status_new (engine);
  self->service = th_control_service_new (socket, on_request, self);
  return self;
}

void
th_control_server_free (ThControlServer *self)
{
  th_control_service_free (self->service);
  th_status_free (self->status);
  g_object_unref (self->engine);
  g_free (self);
}
