/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whatever people paste: lines, SDP, consoles, dumps and statistics of browsers. What is no
 * candidate is told, and nothing that is pasted costs more than its length.
 */
#include "ice/ice-paste.h"

#include <string.h>

#include "ice/ice-candidate-line.h"

#define HOST "candidate:1 1 udp 2130706431 192.0.2.1 4000 typ host"
#define SRFLX "candidate:2 1 udp 1694498815 203.0.113.9 4001 typ srflx raddr 192.0.2.1 rport 4000"
#define RELAY "candidate:3 1 udp 41885695 198.51.100.1 50001 typ relay raddr 203.0.113.9 rport 4001"

/* As chrome://webrtc-internals saves it, but for most of its statistics. */
static const char dump[] =
    "{\"getUserMedia\": [], \"PeerConnections\": {\"12-1\": {"
    "\"pid\": 12, \"rid\": 1, \"url\": \"https://meet.example.org/\","
    "\"rtcConfiguration\": \"{ iceServers: [turn:turn.example.org:3478] }\","
    "\"stats\": {"
    "\"I1a-address\": {\"startTime\": \"2026-01-01T00:00:00.000Z\", \"endTime\": "
    "\"2026-01-01T00:00:09.000Z\", \"statsType\": \"local-candidate\", \"values\": "
    "\"[\\\"198.51.100.1\\\",\\\"198.51.100.1\\\"]\"},"
    "\"I1a-port\": {\"statsType\": \"local-candidate\", \"values\": \"[50001,50001]\"},"
    "\"I1a-protocol\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"udp\\\"]\"},"
    "\"I1a-candidateType\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"relay\\\"]\"},"
    "\"I1a-foundation\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"3\\\"]\"},"
    "\"I1a-priority\": {\"statsType\": \"local-candidate\", \"values\": \"[41885695]\"},"
    "\"I1a-url\": {\"statsType\": \"local-candidate\", \"values\": "
    "\"[\\\"turn:turn.example.org:3478?transport=udp\\\"]\"},"
    "\"I1a-relayProtocol\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"udp\\\"]\"},"
    "\"I2b-address\": {\"statsType\": \"remote-candidate\", \"values\": \"[\\\"192.0.2.77\\\"]\"},"
    "\"I2b-port\": {\"statsType\": \"remote-candidate\", \"values\": \"[6000]\"},"
    "\"I2b-candidateType\": {\"statsType\": \"remote-candidate\", \"values\": "
    "\"[\\\"prflx\\\"]\"},"
    "\"CP1a_2b-state\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"waiting\\\",\\\"in-progress\\\",\\\"succeeded\\\"]\"},"
    "\"CP1a_2b-localCandidateId\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"I1a\\\"]\"},"
    "\"CP1a_2b-remoteCandidateId\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"I2b\\\"]\"},"
    "\"T01-selectedCandidatePairId\": {\"statsType\": \"transport\", \"values\": "
    "\"[\\\"CP1a_2b\\\"]\"}},"
    "\"updateLog\": ["
    "{\"time\": \"1/1/2026, 0:00:00\", \"type\": \"icecandidate\", \"value\": \"sdpMid: 0, "
    "sdpMLineIndex: 0, candidate: " SRFLX " generation 0 ufrag abcd network-cost 999, url: "
    "stun:stun.example.org:3478\"},"
    "{\"time\": \"1/1/2026, 0:00:00\", \"type\": \"icecandidate\", \"value\": \"sdpMid: 0, "
    "sdpMLineIndex: 0, candidate: " RELAY "\"},"
    "{\"time\": \"1/1/2026, 0:00:01\", \"type\": \"addIceCandidate\", \"value\": \"sdpMid: 0, "
    "sdpMLineIndex: 0, candidate: candidate:9 1 udp 2130706431 192.0.2.50 7000 typ host\"},"
    "{\"time\": \"1/1/2026, 0:00:01\", \"type\": \"setRemoteDescription\", \"value\": \"type: "
    "answer, sdp: v=0\\r\\na=candidate:8 1 udp 2130706431 192.0.2.51 7001 typ host\\r\\na=end\"}"
    "]}}, \"UserAgent\": \"Mozilla/5.0\"}";

static ThIcePaste *
paste (const char *text)
{
  g_autoptr (GError) error = NULL;
  ThIcePaste *self = th_ice_paste_parse (text, strlen (text), &error);

  g_assert_no_error (error);
  return self;
}

static guint
count (const ThIcePaste *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->candidates));
}

static const ThIceCandidateValues *
at (const ThIcePaste *self, guint position)
{
  g_autoptr (ThIceCandidate) candidate =
      g_list_model_get_item (G_LIST_MODEL (self->candidates), position);

  g_assert_nonnull (candidate);
  return th_ice_candidate_get_values (candidate); /* the list still has it */
}

static const ThIceCandidateValues *
find (const ThIcePaste *self, const char *address)
{
  for (guint i = 0; i < count (self); i++)
    {
      if (g_str_equal (at (self, i)->address, address))
        return at (self, i);
    }
  g_error ("no candidate at %s", address);
}

typedef struct {
  const char *name;
  const char *text;
  guint n_candidates;
  guint n_problems;
} Row;

static const Row rows[] = {
  { "one-line", HOST, 1, 0 },
  { "lines", HOST "\r\n" SRFLX "\n" RELAY "\n", 3, 0 },
  { "sdp", "v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\na=" HOST "\r\na=" SRFLX "\r\na=end-of-candidates\r\n",
    2, 0 },
  { "twice", HOST "\n" HOST "\n" HOST, 1, 0 },
  { "console", "12:00:01 app.js:7 RTCIceCandidate {candidate: \"" HOST "\", sdpMid: \"0\"}\n"
               "12:00:02 app.js:7 {\"candidate\":\"" SRFLX "\",\"sdpMid\":\"0\"}", 2, 0 },
  { "candidate-init", "{\"candidate\": \"" HOST "\", \"sdpMid\": \"0\", \"sdpMLineIndex\": 0}", 1,
    0 },
  { "array-of-inits", "[{\"candidate\": \"" HOST "\"}, {\"candidate\": \"" RELAY "\"}]", 2, 0 },
  { "sdp-as-json-text", "{\"type\": \"offer\", \"sdp\": \"v=0\\r\\na=" HOST "\\r\\na=" RELAY
                        "\\r\\n\"}", 2, 0 },
  { "end-of-candidates", HOST "\ncandidate:\n{\"candidate\": \"\"}", 1, 0 },
  { "one-is-broken", HOST "\ncandidate:x y z\n" RELAY, 2, 1 },
  { "not-quite-json", "{\"candidate\": \"" HOST "\",}", 1, 0 },
  { "statistics",
    "[{\"id\": \"a\", \"type\": \"local-candidate\", \"address\": \"192.0.2.1\", \"port\": 1,"
    " \"candidateType\": \"host\", \"protocol\": \"tcp\", \"tcpType\": \"active\"},"
    " {\"id\": \"b\", \"type\": \"codec\"}, {\"type\": \"local-candidate\"}]", 1, 0 },
};

static void
test_candidates_are_found (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (ThIcePaste) self = paste (row->text);

  g_assert_cmpuint (count (self), ==, row->n_candidates);
  g_assert_cmpuint (self->problems->len, ==, row->n_problems);
  g_assert_false (self->cut);
}

static void
test_dump (void)
{
  g_autoptr (ThIcePaste) self = paste (dump);
  const ThIceCandidateValues *relay = find (self, "198.51.100.1");

  g_assert_cmpuint (count (self), ==, 5);
  g_assert_cmpstr (relay->server_url, ==, "turn:turn.example.org:3478?transport=udp");
  g_assert_cmpstr (relay->relay_protocol, ==, "udp");
  g_assert_cmpuint (relay->priority, ==, 41885695);
  g_assert_false (relay->remote);
  g_assert_cmpstr (find (self, "203.0.113.9")->server_url, ==, "stun:stun.example.org:3478");
  g_assert_false (find (self, "203.0.113.9")->remote);
  g_assert_true (find (self, "192.0.2.77")->remote);
  g_assert_cmpint (find (self, "192.0.2.77")->type, ==, TH_ICE_CANDIDATE_PRFLX);
  g_assert_true (find (self, "192.0.2.50")->remote);
  g_assert_true (find (self, "192.0.2.51")->remote);
}

static void
test_selected_pair_of_a_dump (void)
{
  g_autoptr (ThIcePaste) self = paste (dump);
  g_autoptr (ThIcePair) pair = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->pairs)), ==, 1);
  pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), 0);
  g_assert_cmpint (th_ice_pair_get_state (pair), ==, TH_ICE_PAIR_SUCCEEDED);
  g_assert_true (th_ice_pair_is_selected (pair));
  g_assert_cmpuint (th_ice_candidate_get_values (th_ice_pair_get_local (pair))->port, ==, 50001);
  g_assert_cmpuint (th_ice_candidate_get_values (th_ice_pair_get_remote (pair))->port, ==, 6000);
}

/* Firefox marks the pair, and gives numbers as numbers. */
static void
test_selected_pair_of_statistics (void)
{
  g_autoptr (ThIcePaste) self = paste (
      "{\"x\": {\"id\": \"p\", \"type\": \"candidate-pair\", \"state\": \"succeeded\","
      " \"selected\": true, \"nominated\": true, \"localCandidateId\": \"l\","
      " \"remoteCandidateId\": \"r\"},"
      " \"y\": {\"id\": \"l\", \"type\": \"local-candidate\", \"address\": \"192.0.2.1\","
      " \"port\": 5, \"candidateType\": \"srflx\"},"
      " \"z\": {\"id\": \"r\", \"type\": \"remote-candidate\", \"address\": \"192.0.2.2\","
      " \"port\": 6, \"candidateType\": \"host\"},"
      " \"w\": {\"id\": \"q\", \"type\": \"candidate-pair\", \"state\": \"failed\","
      " \"localCandidateId\": \"l\", \"remoteCandidateId\": \"nowhere\"}}");
  g_autoptr (ThIcePair) pair = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->pairs)), ==, 1);
  pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), 0);
  g_assert_true (th_ice_pair_is_selected (pair));
}

/* Chrome today: JSON inside the log's texts, times, and addresses that statistics keep back. */
static const char recent_dump[] =
    "{\"timestamp\": 1795277870000.5, \"PeerConnections\": {\"8-1\": {\"stats\": {"
    "\"Ia-address\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"\\\"]\"},"
    "\"Ia-ip\": {\"statsType\": \"local-candidate\", \"values\": \"[\\\"\\\"]\"},"
    "\"Ia-port\": {\"statsType\": \"local-candidate\", \"values\": \"[40314]\"},"
    "\"Ia-foundation\": {\"statsType\": \"local-candidate\", \"values\": \"[3196619279]\"},"
    "\"Ia-candidateType\": {\"statsType\": \"local-candidate\", \"values\": "
    "\"[\\\"host\\\"]\"},"
    "\"Ib-port\": {\"statsType\": \"remote-candidate\", \"values\": \"[46187]\"},"
    "\"Ib-candidateType\": {\"statsType\": \"remote-candidate\", \"values\": "
    "\"[\\\"prflx\\\"]\"},"
    "\"CPa_b-localCandidateId\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"Ia\\\"]\"},"
    "\"CPa_b-remoteCandidateId\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"Ib\\\"]\"},"
    "\"CPa_b-state\": {\"statsType\": \"candidate-pair\", \"values\": "
    "\"[\\\"succeeded\\\"]\"}}, \"updateLog\": ["
    "{\"type\": \"createOffer\", \"value\": \"\", \"timestamp\": 1795277870760.5},"
    "{\"type\": \"onicecandidate\", \"value\": \"{\\\"sdpMid\\\":\\\"0\\\","
    "\\\"candidate\\\":\\\"candidate:3196619279 1 udp 2113937151 7fc460c5.local 40314 typ host "
    "generation 0\\\",\\\"url\\\":\\\"stun:s.example\\\"}\", \"timestamp\": "
    "1795277870768.5},"
    "{\"type\": \"addIceCandidate\", \"value\": \"{\\\"candidate\\\":\\\"" HOST
    "\\\"}\", \"timestamp\": 1795277870860.5}]}}}";

static void
check_recent (const ThIcePaste *self)
{
  const ThIceCandidateValues *hidden = find (self, "7fc460c5.local");
  g_autoptr (ThIcePair) pair = NULL;

  g_assert_cmpuint (count (self), ==, 3);
  g_assert_false (hidden->remote);
  g_assert_cmpint (hidden->time, ==, 8000);
  g_assert_cmpstr (hidden->server_url, ==, "stun:s.example");
  g_assert_true (find (self, "192.0.2.1")->remote);
  g_assert_cmpint (find (self, "192.0.2.1")->time, ==, 100000);
  g_assert_cmpint (find (self, "")->type, ==, TH_ICE_CANDIDATE_PRFLX);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (self->pairs)), ==, 1);
  pair = g_list_model_get_item (G_LIST_MODEL (self->pairs), 0);
  g_assert_true (th_ice_candidate_get_values (th_ice_pair_get_local (pair)) == hidden);
}

static void
test_recent_dump (void)
{
  g_autoptr (ThIcePaste) self = paste (recent_dump);

  check_recent (self);
}

static GBytes *
pack (const char *text, gsize length)
{
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 9);
  g_autoptr (GInputStream) plain = g_memory_input_stream_new_from_data (text, length, NULL);
  g_autoptr (GInputStream) packed = g_converter_input_stream_new (plain, G_CONVERTER (zlib));
  g_autoptr (GOutputStream) out = g_memory_output_stream_new_resizable ();

  g_output_stream_splice (out, packed, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (out));
}

static void
test_packed_dump (void)
{
  g_autoptr (GBytes) packed = pack (recent_dump, strlen (recent_dump));
  g_autoptr (ThIcePaste) self =
      th_ice_paste_parse (g_bytes_get_data (packed, NULL), g_bytes_get_size (packed), NULL);

  g_assert_nonnull (self);
  check_recent (self);
}

/* A small file that would become gigabytes, and broken ones, are nothing. */
static void
test_packed_nonsense (void)
{
  g_autofree char *zeros = g_malloc0 (TH_ICE_PASTE_SIZE_MAX + 1);
  g_autoptr (GBytes) bomb = pack (zeros, TH_ICE_PASTE_SIZE_MAX + 1);
  g_autoptr (GBytes) packed = pack (recent_dump, strlen (recent_dump));
  const char *start = g_bytes_get_data (packed, NULL);

  g_assert_null (th_ice_paste_parse (g_bytes_get_data (bomb, NULL), g_bytes_get_size (bomb), NULL));
  for (gsize length = 0; length < 40; length++)
    g_assert_null (th_ice_paste_parse (start, length, NULL));
}

static const char *const nothing[] = {
  "", " ", "hello", "{}", "[]", "[[[]]]", "null", "\"text\"", "{\"candidate\": \"\"}", "candidate:",
  "candidate:candidate:candidate:", "{\"PeerConnections\": {}}",
  "{\"stats\": {\"a-address\": 1, \"-\": {}, \"b-port\": {\"statsType\": \"transport\", "
  "\"values\": 7}, \"c-state\": {\"statsType\": \"candidate-pair\", \"values\": \"[\"}}}",
  "[{\"id\": 1, \"type\": \"local-candidate\"}, {\"id\": \"a\", \"type\": []}]",
  "candidate:1 1 udp 0 192.0.2.1 4000 typ host", "\xff\xfe\xfd", "<html>candidate:</html>",
};

static void
test_nothing_to_find (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (nothing); i++)
    {
      g_autofree char *exact = g_memdup2 (nothing[i], strlen (nothing[i]));
      g_autoptr (GError) error = NULL;

      g_assert_null (th_ice_paste_parse (exact != NULL ? exact : "", strlen (nothing[i]), &error));
      g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_INVALID);
    }
}

static void
test_nested_too_deep (void)
{
  g_autofree char *open = g_strnfill (100000, '[');
  g_autofree char *text = g_strconcat (open, "\"" HOST "\"", NULL);
  g_autoptr (ThIcePaste) self = paste (text); /* as text, not as JSON */

  g_assert_cmpuint (count (self), ==, 1);
}

static void
test_too_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ThIcePaste) self = NULL;

  for (guint i = 0; i < TH_ICE_PASTE_CANDIDATES_MAX + 100; i++)
    g_string_append_printf (text, "candidate:1 1 udp 1 192.0.2.1 %u typ host\n", i);
  self = paste (text->str);
  g_assert_cmpuint (count (self), ==, TH_ICE_PASTE_CANDIDATES_MAX);
  g_assert_true (self->cut);
}

static void
test_too_many_problems (void)
{
  g_autoptr (GString) text = g_string_new (HOST "\n");
  g_autoptr (ThIcePaste) self = NULL;

  for (guint i = 0; i < 100000; i++)
    g_string_append (text, "candidate:x\n");
  self = paste (text->str);
  g_assert_cmpuint (self->problems->len, ==, TH_ICE_PASTE_PROBLEMS_MAX);
  g_assert_true (self->cut);
}

/* Megabytes in one line, the same again and again: time grows with the length alone. */
static void
test_one_long_line (void)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ThIcePaste) self = NULL;
  gint64 start;

  for (guint i = 0; i < 40000; i++)
    g_string_append (text, HOST "; ");
  start = g_get_monotonic_time ();
  self = paste (text->str);
  g_assert_cmpuint (count (self), ==, 1);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 10 * G_USEC_PER_SEC);
}

static void
test_too_long (void)
{
  g_autofree char *text = g_strnfill (TH_ICE_PASTE_SIZE_MAX + 1, ' ');
  g_autoptr (GError) error = NULL;

  g_assert_null (th_ice_paste_parse (text, TH_ICE_PASTE_SIZE_MAX + 1, &error));
  g_assert_error (error, TH_ICE_ERROR, TH_ICE_ERROR_TOO_MUCH);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/ice/paste/candidates-are-found/%s", rows[i].name);

      g_test_add_data_func (path, &rows[i], test_candidates_are_found);
    }
  g_test_add_func ("/ice/paste/dump", test_dump);
  g_test_add_func ("/ice/paste/recent-dump", test_recent_dump);
  g_test_add_func ("/ice/paste/packed-dump", test_packed_dump);
  g_test_add_func ("/ice/paste/packed-nonsense", test_packed_nonsense);
  g_test_add_func ("/ice/paste/selected-pair-of-a-dump", test_selected_pair_of_a_dump);
  g_test_add_func ("/ice/paste/selected-pair-of-statistics", test_selected_pair_of_statistics);
  g_test_add_func ("/ice/paste/nothing-to-find", test_nothing_to_find);
  g_test_add_func ("/ice/paste/nested-too-deep", test_nested_too_deep);
  g_test_add_func ("/ice/paste/too-many", test_too_many);
  g_test_add_func ("/ice/paste/too-many-problems", test_too_many_problems);
  g_test_add_func ("/ice/paste/one-long-line", test_one_long_line);
  g_test_add_func ("/ice/paste/too-long", test_too_long);
  return g_test_run ();
}
