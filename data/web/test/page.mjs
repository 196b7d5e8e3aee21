// SPDX-License-Identifier: GPL-3.0-or-later
// The test page: tries each way to the relay, measures the best one, says in words what came of
// it, and tells the relay's window all of it over a WebSocket while it happens.

import { Call, gather } from './call.mjs';
import { language, number, say } from './words.mjs';

const PATIENCE = 10000; // milliseconds for a way to work
const GATHER_PATIENCE = 5000;
const WAYS = ['udp', 'tcp', 'tls']; // best first
const TEXT_MAX = 200;
const REPORTS_MAX = 24;
const REPORTS = ['local-candidate', 'remote-candidate', 'candidate-pair', 'transport'];
const KEPT = [
  'id', 'type', 'address', 'port', 'protocol', 'candidateType', 'priority', 'url', 'relayProtocol',
  'foundation', 'relatedAddress', 'relatedPort', 'tcpType', 'state', 'nominated', 'selected',
  'localCandidateId', 'remoteCandidateId', 'selectedCandidatePairId',
];

const started = performance.now();
const element = (id) => document.getElementById(id);
const seen = new Set(); // candidates on the page
let socket;

function tell(type, values = {}) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  socket.send(JSON.stringify({ type, time: Math.round(performance.now() - started), ...values }));
}

function conclude(state, word) {
  element('verdict').dataset.state = state;
  element('verdict').textContent = say(word);
  element('remedy').textContent = say(`${word}-remedy`);
}

function progress(word) {
  element('verdict').textContent = say(word);
}

// Resolves to what the relay gives us to begin with.
function open(ticket) {
  const address = new URL('stream', import.meta.url);
  address.protocol = address.protocol.replace('http', 'ws');
  address.searchParams.set('ticket', ticket);
  socket = new WebSocket(address);
  return new Promise((resolve, reject) => {
    socket.onmessage = ({ data }) => resolve(JSON.parse(data));
    socket.onclose = () => reject(new Error('closed'));
  });
}

// The servers with those URLs alone that go this way; empty where there are none.
function serversOf(iceServers, way) {
  const prefix = way === 'tls' ? 'turns:' : 'turn:';
  const transport = way === 'udp' ? 'udp' : 'tcp';
  return iceServers
    .map((server) => ({
      ...server,
      urls: [server.urls].flat().filter((url) => url.startsWith(prefix) &&
        (url.match(/[?&]transport=(\w+)/)?.[1] ?? 'udp') === transport),
    }))
    .filter((server) => server.urls.length > 0);
}

function showCandidate({ type, protocol, address, port, candidate }) {
  if (seen.has(candidate)) return;
  seen.add(candidate);
  const row = element('candidate-rows').insertRow();
  const host = address?.includes(':') ? `[${address}]` : address ?? '–';
  const kind = say(`kind-${type}`) || type;
  for (const text of [kind, protocol?.toUpperCase() ?? '', `${host}:${port}`])
    row.insertCell().textContent = text;
  element('found').hidden = false;
}

function onCandidate(candidate) {
  showCandidate(candidate);
  tell('candidate', { line: candidate.candidate, ...(candidate.url && { url: candidate.url }) });
}

function onCandidateError({ url, errorCode, errorText }) {
  tell('problem', {
    url: (url ?? '').slice(0, TEXT_MAX),
    code: errorCode,
    text: (errorText ?? '').slice(0, TEXT_MAX),
  });
}

function showWay(way) {
  const row = document.createElement('li');
  const name = document.createElement('span');
  const state = document.createElement('span');
  name.textContent = say(way);
  state.textContent = say('trying');
  row.append(name, state);
  element('way-list').append(row);
  element('ways').hidden = false;
  return state;
}

// Resolves to { way, call }; a way that does not work has no call.
async function tryWay(way, iceServers) {
  const row = showWay(way);
  const begun = performance.now();
  const call = new Call(iceServers, onCandidate);
  tell('way', { way, state: 'trying' });
  const works = await call.connect(PATIENCE).catch(() => false);
  const took = Math.round(performance.now() - begun);
  tell('way', { way, state: works ? 'works' : 'failed', took });
  row.textContent = works ? say('works', { ms: number(took) }) : say('failed');
  if (works) return { way, call };
  call.close();
  return { way };
}

function showFigures({ rtt, jitter, loss, throughput }) {
  element('figures').hidden = false;
  if (rtt !== undefined) element('rtt').textContent = `${number(rtt, 1)} ms`;
  if (jitter !== undefined) element('jitter').textContent = `${number(jitter, 1)} ms`;
  if (loss !== undefined) element('loss').textContent = `${number(loss * 100, 1)} %`;
  if (throughput !== undefined)
    element('throughput').textContent = `${number(throughput / 1e6, 1)} Mbit/s`;
}

function onSample(sample) {
  showFigures(sample);
  tell('sample', sample);
}

// What the engine has use for, and no more than fits into a message.
function trim(report) {
  const names = KEPT.filter((name) => report[name] !== undefined && report[name] !== null);
  return Object.fromEntries(names.map((name) => [name, report[name]]));
}

async function tellStats(call) {
  const reports = (await call.reports()).filter(({ type }) => REPORTS.includes(type));
  tell('stats', { reports: reports.slice(0, REPORTS_MAX).map(trim) });
}

async function measure(call) {
  progress('measuring');
  await tellStats(call);
  const trips = await call.measureRoundTrips(onSample);
  const throughput = await call.measureThroughput(onSample);
  await tellStats(call);
  const figures = { ...trips, throughput };
  showFigures(figures);
  return figures;
}

// The word for what came of it.
function judge(results) {
  const failed = results.filter(({ call }) => call === undefined).map(({ way }) => way);
  if (failed.length === results.length) return ['bad', 'bad'];
  if (failed.length > 0) return ['limited', `limited-${failed[0]}`];
  return results.some(({ way }) => way === 'tls') ? ['good', 'good'] : ['limited', 'no-tls'];
}

async function run(iceServers) {
  const all = WAYS.map((way) => [way, serversOf(iceServers, way)]);
  const ways = all.filter(([, servers]) => servers.length > 0);
  if (ways.length === 0) {
    tell('verdict', { verdict: 'bad' });
    conclude('bad', 'no-relay');
    return;
  }
  progress('connecting');
  const gathering = gather(iceServers, GATHER_PATIENCE, onCandidate, onCandidateError)
    .then(() => tell('gathered'));
  const trials = ways.map(([way, servers]) => tryWay(way, servers));
  for (const [way, servers] of all)
    if (servers.length === 0) showWay(way).textContent = say('not-offered');
  const results = await Promise.all(trials);
  const best = results.find(({ call }) => call !== undefined);
  const figures = best === undefined ? {} : await measure(best.call).catch(() => ({}));
  await gathering.catch(() => {});
  results.forEach(({ call }) => call?.close());
  const [verdict, word] = judge(results);
  tell('verdict', { verdict, ...figures });
  conclude(verdict, word);
}

async function begin() {
  const ticket = document.querySelector('meta[name=turnhouse-ticket]').content;
  document.documentElement.lang = language;
  for (const place of document.querySelectorAll('[data-word]'))
    place.textContent = say(place.dataset.word);
  if (ticket === '') return conclude('bad', 'used');
  if (typeof RTCPeerConnection === 'undefined') return conclude('bad', 'no-webrtc');
  const start = await open(ticket).catch(() => null);
  if (start === null) return conclude('bad', 'lost');
  await run(start.iceServers);
  return socket.close(1000);
}

begin().catch((error) => {
  console.error(error);
  conclude('bad', 'lost');
});
