/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * /healthz.
 */
#include "endpoint/health.h"

#include "endpoint/reply.h"

void
th_answer_health (const ThRequest *request)
{
  gboolean running = request->backend->is_relay_running (request->backend_data);
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  json_builder_set_member_name (object, "status");
  json_builder_add_string_value (object, running ? "ok" : "down");
  json_builder_set_member_name (object, "version");
  json_builder_add_string_value (object, TH_VERSION);
  if (!running)
    {
      json_builder_set_member_name (object, "error");
      json_builder_add_string_value (object, "The relay is not running");
    }
  json_builder_end_object (object);
  th_reply_json (request->message, running ? 200 : 503, object);
}
