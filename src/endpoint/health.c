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
  gboolean draining = running && request->backend->is_draining (request->backend_data);
  g_autoptr (JsonBuilder) object = json_builder_new ();

  json_builder_begin_object (object);
  th_json_add_text (object, "status", draining ? "draining" : running ? "ok" : "down");
  th_json_add_text (object, "version", TH_VERSION);
  if (draining)
    th_json_add_text (object, "error", "The relay takes no new sessions");
  else if (!running)
    th_json_add_text (object, "error", "The relay is not running");
  json_builder_end_object (object);
  th_reply_json (request->message, running && !draining ? 200 : 503, object);
}
