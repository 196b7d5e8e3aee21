/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The report in two forms.
 */
#include "ice/ice-report.h"

#include <glib/gi18n.h>
#include <string.h>

#include "credentials/json-object.h"
#include "ice/ice-pair.h"

static const char *const states[] = { "waiting", "running", "ok", "failed", "skipped" };
static const char *const severities[] = { "note", "warning", "problem" };

/* The stages by the names that programs read. */
static const char *const stage_ids[] = {
  "dns", "connect", "tls", "binding", "allocate", "permission", "channel", "echo",
};

/* What is not known or empty is left out. */
static void
add_text (JsonBuilder *json, const char *name, const char *text)
{
  if (text != NULL && *text != '\0')
    th_json_add_text (json, name, text);
}

static void
add_address (JsonBuilder *json, const char *name, const ThAddress *address)
{
  char text[TH_ADDRESS_STRING_SIZE];

  if (th_address_is_set (address))
    add_text (json, name, th_address_format (address, text));
}

static void
begin_list (JsonBuilder *json, const char *name)
{
  json_builder_set_member_name (json, name);
  json_builder_begin_array (json);
}

static void
add_stage (JsonBuilder *json, ThIceStage *stage)
{
  json_builder_begin_object (json);
  add_text (json, "name", stage_ids[th_ice_stage_get_kind (stage)]);
  add_text (json, "state", states[th_ice_stage_get_state (stage)]);
  th_json_add_number (json, "microseconds", th_ice_stage_get_took (stage));
  if (th_ice_stage_get_code (stage) != 0)
    th_json_add_number (json, "code", th_ice_stage_get_code (stage));
  add_text (json, "cause", th_ice_stage_get_cause (stage));
  add_text (json, "remedy", th_ice_stage_get_remedy (stage));
  add_text (json, "observed", th_ice_stage_get_observed (stage));
  json_builder_end_object (json);
}

static void
add_certificate (JsonBuilder *json, const ThIceCertificate *certificate)
{
  json_builder_set_member_name (json, "certificate");
  json_builder_begin_object (json);
  add_text (json, "subject", certificate->subject);
  add_text (json, "issuer", certificate->issuer);
  add_text (json, "names", certificate->names);
  th_json_add_time (json, "notBefore", certificate->not_before);
  th_json_add_time (json, "notAfter", certificate->not_after);
  th_json_add_number (json, "chainLength", certificate->chain_length);
  add_text (json, "protocol", certificate->protocol);
  json_builder_end_object (json);
}

static void
add_path (JsonBuilder *json, ThIcePath *path, const ThIcePathFacts *seen)
{
  const ThIceCertificate *certificate = th_ice_path_get_certificate (path);

  json_builder_begin_object (json);
  add_text (json, "url", seen->server->url);
  add_text (json, "transport", th_ice_transport_get_label (seen->server->transport));
  th_json_add_number (json, "family", seen->family == TH_STUN_FAMILY_IPV6 ? 6 : 4);
  th_json_add_flag (json, "ok", th_ice_path_is_well (path));
  add_text (json, "software", th_ice_path_get_software (path));
  add_address (json, "remote", &seen->remote);
  add_address (json, "mapped", &seen->mapped);
  add_address (json, "relayed", &seen->relayed);
  if (th_ice_path_get_round_trip (path) > 0)
    th_json_add_number (json, "roundTripMicroseconds", th_ice_path_get_round_trip (path));
  if (certificate != NULL)
    add_certificate (json, certificate);
  begin_list (json, "stages");
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    add_stage (json, th_ice_path_get_stage (path, i));
  json_builder_end_array (json);
  json_builder_end_object (json);
}

static void
add_paths (JsonBuilder *json, ThIceTest *test)
{
  GListModel *paths = th_ice_test_get_paths (test);
  g_autoptr (ThIceFacts) facts = th_ice_test_make_facts (test);

  begin_list (json, "paths");
  for (guint i = 0; i < facts->paths->len; i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);

      add_path (json, path, g_ptr_array_index (facts->paths, i));
    }
  json_builder_end_array (json);
}

/* As a browser's RTCIceCandidate has it. */
static void
add_candidate (JsonBuilder *json, const ThIceCandidateValues *values)
{
  json_builder_begin_object (json);
  add_text (json, "type", th_ice_candidate_type_get_name (values->type));
  add_text (json, "protocol", values->tcp ? "tcp" : "udp");
  add_text (json, "address", values->address);
  th_json_add_number (json, "port", values->port);
  th_json_add_number (json, "priority", values->priority);
  add_text (json, "foundation", values->foundation);
  th_json_add_number (json, "component", values->component);
  add_text (json, "relatedAddress", values->related_address);
  if (values->related_address != NULL)
    th_json_add_number (json, "relatedPort", values->related_port);
  add_text (json, "url", values->server_url);
  add_text (json, "relayProtocol", values->relay_protocol);
  th_json_add_number (json, "microseconds", values->time);
  json_builder_end_object (json);
}

static void
add_candidates (JsonBuilder *json, GListModel *candidates)
{
  begin_list (json, "candidates");
  for (guint i = 0; i < g_list_model_get_n_items (candidates); i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (candidates, i);

      add_candidate (json, th_ice_candidate_get_values (candidate));
    }
  json_builder_end_array (json);
}

static void
add_end (JsonBuilder *json, const char *name, ThIceCandidate *candidate)
{
  json_builder_set_member_name (json, name);
  add_candidate (json, th_ice_candidate_get_values (candidate));
}

static void
add_pairs (JsonBuilder *json, GListModel *pairs)
{
  begin_list (json, "pairs");
  for (guint i = 0; i < g_list_model_get_n_items (pairs); i++)
    {
      g_autoptr (ThIcePair) pair = g_list_model_get_item (pairs, i);

      json_builder_begin_object (json);
      add_text (json, "state", th_ice_pair_state_get_name (th_ice_pair_get_state (pair)));
      th_json_add_flag (json, "selected", th_ice_pair_is_selected (pair));
      add_end (json, "local", th_ice_pair_get_local (pair));
      add_end (json, "remote", th_ice_pair_get_remote (pair));
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_figures (JsonBuilder *json, ThIceTest *test)
{
  ThIceFigures figures;

  if (!th_ice_test_get_figures (test, &figures))
    return;
  json_builder_set_member_name (json, "measured");
  json_builder_begin_object (json);
  th_json_add_number (json, "rttP50Microseconds", figures.rtt_p50);
  th_json_add_number (json, "rttP95Microseconds", figures.rtt_p95);
  th_json_add_number (json, "jitterMicroseconds", figures.jitter);
  json_builder_set_member_name (json, "loss");
  json_builder_add_double_value (json, figures.loss);
  json_builder_set_member_name (json, "bitsPerSecond");
  json_builder_add_double_value (json, figures.throughput);
  json_builder_end_object (json);
}

static void
add_findings (JsonBuilder *json, GListModel *findings)
{
  begin_list (json, "findings");
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);

      json_builder_begin_object (json);
      add_text (json, "id", th_ice_finding_get_id (finding));
      add_text (json, "severity", severities[th_ice_finding_get_severity (finding)]);
      add_text (json, "what", th_ice_finding_get_what (finding));
      add_text (json, "evidence", th_ice_finding_get_evidence (finding));
      add_text (json, "cause", th_ice_finding_get_cause (finding));
      add_text (json, "remedy", th_ice_finding_get_remedy (finding));
      json_builder_end_object (json);
    }
  json_builder_end_array (json);
}

static void
add_refused_rows (JsonBuilder *json, ThIceTest *test)
{
  const char *const *rows = th_ice_test_get_refused_rows (test);

  begin_list (json, "notServers");
  for (guint i = 0; rows[i] != NULL; i++)
    json_builder_add_string_value (json, rows[i]);
  json_builder_end_array (json);
}

char *
th_ice_report_json (ThIceTest *test)
{
  g_autoptr (JsonBuilder) json = json_builder_new ();
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;

  json_builder_begin_object (json);
  add_text (json, "program", "turnhouse " TH_VERSION);
  th_json_add_time (json, "time", th_ice_test_get_started_at (test));
  th_json_add_number (json, "microseconds", th_ice_test_get_took (test));
  add_text (json, "verdict", th_ice_verdict_get_id (th_ice_test_get_verdict (test)));
  add_text (json, "headline", th_ice_test_get_headline (test));
  add_findings (json, th_ice_test_get_findings (test));
  add_paths (json, test);
  add_candidates (json, th_ice_test_get_candidates (test));
  add_pairs (json, th_ice_test_get_pairs (test));
  add_figures (json, test);
  add_text (json, "nat", th_ice_test_describe_nat (test));
  add_refused_rows (json, test);
  json_builder_end_object (json);
  root = json_builder_get_root (json);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  return json_generator_to_data (generator, NULL);
}

/* What is pasted must not become markup. */
static void
append_plain (GString *text, const char *plain)
{
  for (const char *c = plain; *c != '\0'; c++)
    {
      if (*c == '\n')
        {
          g_string_append (text, "; ");
          continue;
        }
      if (strchr ("\\`*_[]<>|#~", *c) != NULL)
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
}

static void
append_finding (GString *text, ThIceFinding *finding)
{
  g_string_append (text, "- **");
  append_plain (text, th_ice_finding_get_what (finding));
  g_string_append (text, "** ");
  append_plain (text, th_ice_finding_get_cause (finding));
  g_string_append_c (text, ' ');
  append_plain (text, th_ice_finding_get_remedy (finding));
  if (*th_ice_finding_get_evidence (finding) != '\0')
    {
      g_string_append (text, " (");
      append_plain (text, th_ice_finding_get_evidence (finding));
      g_string_append_c (text, ')');
    }
  g_string_append_c (text, '\n');
}

static void
append_stage (GString *text, ThIceStage *stage)
{
  switch (th_ice_stage_get_state (stage))
    {
    case TH_ICE_STAGE_OK:
      g_string_append_printf (text, " %.1f ms |", th_ice_stage_get_took (stage) / 1000.0);
      break;
    case TH_ICE_STAGE_FAILED:
      g_string_append (text, " ✗ ");
      append_plain (text, th_ice_stage_get_cause (stage));
      g_string_append (text, " |");
      break;
    default:
      g_string_append (text, " – |");
    }
}

static void
append_path (GString *text, ThIcePath *path)
{
  g_string_append (text, "| ");
  append_plain (text, th_ice_path_get_server (path)->url);
  g_string_append (text, th_ice_path_get_family (path) == TH_STUN_FAMILY_IPV6 ? " IPv6 |"
                                                                              : " IPv4 |");
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    append_stage (text, th_ice_path_get_stage (path, i));
  g_string_append_c (text, '\n');
}

static void
append_paths (GString *text, GListModel *paths)
{
  if (g_list_model_get_n_items (paths) == 0)
    return;
  g_string_append (text, "\n|  |");
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    {
      g_autoptr (ThIceStage) stage = th_ice_stage_new (i);

      g_string_append_printf (text, " %s |", th_ice_stage_get_name (stage));
    }
  g_string_append (text, "\n|---|");
  for (guint i = 0; i < TH_ICE_N_STAGES; i++)
    g_string_append (text, "---|");
  g_string_append_c (text, '\n');
  for (guint i = 0; i < g_list_model_get_n_items (paths); i++)
    {
      g_autoptr (ThIcePath) path = g_list_model_get_item (paths, i);

      append_path (text, path);
    }
}

static void
append_candidates (GString *text, GListModel *candidates)
{
  if (g_list_model_get_n_items (candidates) > 0)
    g_string_append_c (text, '\n');
  for (guint i = 0; i < g_list_model_get_n_items (candidates); i++)
    {
      g_autoptr (ThIceCandidate) candidate = g_list_model_get_item (candidates, i);
      const ThIceCandidateValues *values = th_ice_candidate_get_values (candidate);

      g_string_append_printf (text, "- %s %s ", th_ice_candidate_type_get_name (values->type),
                              values->tcp ? "tcp" : "udp");
      append_plain (text, values->address);
      g_string_append_printf (text, " %u", values->port);
      if (values->server_url != NULL)
        {
          g_string_append (text, " (");
          append_plain (text, values->server_url);
          g_string_append_c (text, ')');
        }
      g_string_append_c (text, '\n');
    }
}

static void
append_figures (GString *text, ThIceTest *test)
{
  ThIceFigures figures;

  if (th_ice_test_get_figures (test, &figures))
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text,
                              _("Round trip %.1f ms (95 %%: %.1f ms), jitter %.1f ms, "
                                "loss %.1f %%, %.1f Mbit/s"),
                              figures.rtt_p50 / 1000.0, figures.rtt_p95 / 1000.0,
                              figures.jitter / 1000.0, figures.loss * 100,
                              figures.throughput / 1e6);
      g_string_append_c (text, '\n');
    }
  if (*th_ice_test_describe_nat (test) == '\0')
    return;
  g_string_append_c (text, '\n');
  append_plain (text, th_ice_test_describe_nat (test));
  g_string_append_c (text, '\n');
}

char *
th_ice_report_markdown (ThIceTest *test)
{
  GListModel *findings = th_ice_test_get_findings (test);
  GString *text = g_string_new ("## ");
  g_autofree char *time = th_json_time (th_ice_test_get_started_at (test));

  append_plain (text, th_ice_test_get_headline (test));
  g_string_append_printf (text, "\n\nTurnhouse " TH_VERSION ", %s, %.1f s\n\n", time,
                          th_ice_test_get_took (test) / (double) G_USEC_PER_SEC);
  for (guint i = 0; i < g_list_model_get_n_items (findings); i++)
    {
      g_autoptr (ThIceFinding) finding = g_list_model_get_item (findings, i);

      append_finding (text, finding);
    }
  append_paths (text, th_ice_test_get_paths (test));
  append_candidates (text, th_ice_test_get_candidates (test));
  append_figures (text, test);
  return g_string_free (text, FALSE);
}
