/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Requests to and from JSON. Each command is a row with the members that go with it.
 */
#include "control/control-request.h"

#include <string.h>

#include "credentials/json-object.h"

#define MEMBERS_MAX 2 /* beside "command" */

typedef struct {
  const char *name;
  const char *members[MEMBERS_MAX + 1];
} Command;

static const Command commands[] = {
  [TH_CONTROL_STATUS] = { "status", { NULL } },
  [TH_CONTROL_ROTATE] = { "rotate", { "kind", "revoke", NULL } },
  [TH_CONTROL_DISCONNECT] = { "disconnect", { "user", NULL } },
  [TH_CONTROL_TEST_LINK] = { "test-link", { NULL } },
  [TH_CONTROL_DRAIN] = { "drain", { NULL } },
};

static const char *const kinds[] = {
  [TH_RING_SECRET] = "secret",
  [TH_RING_API] = "api",
};

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, what);
  return FALSE;
}

static gboolean
find_command (const char *name, ThControlCommand *command)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (commands); i++)
    if (g_str_equal (commands[i].name, name))
      {
        *command = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_kind (JsonObject *object, ThRingKind *kind)
{
  const char *name = th_json_object_get_text (object, "kind");

  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (kinds); i++)
    if (g_str_equal (kinds[i], name))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
read_revoke (JsonObject *object, gboolean *revoke)
{
  JsonNode *node = json_object_get_member (object, "revoke");

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return FALSE;
  *revoke = json_node_get_boolean (node);
  return TRUE;
}

/* Those of its row are there, and then the number says that there are no others. */
static gboolean
has_its_members (JsonObject *object, const Command *command)
{
  guint n = 1;

  for (guint i = 0; command->members[i] != NULL; i++, n++)
    if (!json_object_has_member (object, command->members[i]))
      return FALSE;
  return json_object_get_size (object) == n;
}

static gboolean
read_members (ThControlRequest *self, JsonObject *object, GError **error)
{
  const char *user = th_json_object_get_text (object, "user");

  if (!find_command (th_json_object_get_text (object, "command"), &self->command))
    return refuse (error, "There is no such command");
  if (!has_its_members (object, &commands[self->command]))
    return refuse (error, "The command needs other members");
  if (self->command == TH_CONTROL_ROTATE && !read_kind (object, &self->kind))
    return refuse (error, "\"kind\" must be \"secret\" or \"api\"");
  if (self->command == TH_CONTROL_ROTATE && !read_revoke (object, &self->revoke))
    return refuse (error, "\"revoke\" must be true or false");
  if (self->command == TH_CONTROL_DISCONNECT &&
      (user == NULL || *user == '\0' || strlen (user) > TH_CONTROL_USER_MAX))
    return refuse (error, "\"user\" must be a name of 1 to 1024 bytes");
  self->user = g_strdup (user);
  return TRUE;
}

ThControlRequest *
th_control_request_parse (const char *line, gsize length, GError **error)
{
  g_autoptr (ThControlRequest) self = g_new0 (ThControlRequest, 1);
  g_autoptr (JsonObject) object = NULL;

  if (length > 0 && length <= TH_CONTROL_REQUEST_MAX && memchr (line, '\n', length) == NULL)
    object = th_json_object_parse (line, length, 1);
  if (object == NULL)
    {
      refuse (error, "A request is one JSON object on one line, with each member once");
      return NULL;
    }
  return read_members (self, object, error) ? g_steal_pointer (&self) : NULL;
}

/* json-glib escapes all control characters but the last one. */
static char *
to_text (JsonNode *root)
{
  g_autofree char *text = json_to_string (root, FALSE);
  GString *escaped = g_string_new (text);

  g_string_replace (escaped, "\x1f", "\\u001f", 0);
  return g_string_free (escaped, FALSE);
}

char *
th_control_request_print (const ThControlRequest *self)
{
  g_autoptr (JsonBuilder) object = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (object);
  th_json_add_text (object, "command", commands[self->command].name);
  if (self->command == TH_CONTROL_ROTATE)
    {
      th_json_add_text (object, "kind", kinds[self->kind]);
      th_json_add_flag (object, "revoke", self->revoke);
    }
  if (self->command == TH_CONTROL_DISCONNECT)
    th_json_add_text (object, "user", self->user);
  json_builder_end_object (object);
  root = json_builder_get_root (object);
  return to_text (root);
}

void
th_control_request_free (ThControlRequest *self)
{
  g_free (self->user);
  g_free (self);
}
