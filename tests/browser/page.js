// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the test that the page's address names, by itself, and posts what it saw to /result/ROLE.
//   role       both: two connections in this page; caller, callee: one, with another browser's
//   endpoint   where credentials are fetched
//   transport  udp, tcp or tls: which of the TURN URLs handed out may be used
//   bytes      how much goes each way

import { Connection } from './connection.js';
import { exchange } from './transfer.js';

const parameters = new URLSearchParams(location.search);
const role = parameters.get('role');
const transport = parameters.get('transport');
const bytes = Number(parameters.get('bytes'));

async function fetchIceServers () {
  const response = await fetch(parameters.get('endpoint'));
  if (!response.ok)
    throw new Error(`the endpoint answered ${response.status}: ${await response.text()}`);
  const { iceServers } = await response.json();
  return iceServers
    .map(server => ({ ...server, urls: [server.urls].flat().filter(isOfTransport) }))
    .filter(server => server.urls.length > 0);
}

function isOfTransport (url) {
  if (transport === 'tls')
    return url.startsWith('turns:');
  return url.startsWith('turn:') && (url.match(/transport=(\w+)/)?.[1] ?? 'udp') === transport;
}

// The other browser's half of the conversation, through the test's mailbox.
async function post (box, message) {
  await fetch(`/mail/${box}`, { method: 'POST', body: JSON.stringify(message) });
}

async function collect (box) {
  return (await fetch(`/mail/${box}`)).json();
}

async function report (connection, results) {
  return { ...results, ...await connection.describe() };
}

async function runBoth (iceServers) {
  const caller = new Connection(iceServers, bytes);
  const callee = new Connection(iceServers, bytes);
  await caller.accept(await callee.answer(await caller.offer()));
  const [callerSaw, calleeSaw] = await Promise.all([caller, callee].map(c => exchange(c, bytes)));
  return [await report(caller, callerSaw), await report(callee, calleeSaw)];
}

async function runCaller (iceServers) {
  const caller = new Connection(iceServers, bytes);
  await post('offer', await caller.offer());
  await caller.accept(await collect('answer'));
  return [await report(caller, await exchange(caller, bytes))];
}

async function runCallee (iceServers) {
  const callee = new Connection(iceServers, bytes);
  await post('answer', await callee.answer(await collect('offer')));
  return [await report(callee, await exchange(callee, bytes))];
}

const runs = { both: runBoth, caller: runCaller, callee: runCallee };
let result;
try {
  result = { browser: navigator.userAgent, ends: await runs[role](await fetchIceServers()) };
} catch (error) {
  result = { browser: navigator.userAgent, error: `${error}\n${error.stack}` };
}
await fetch(`/result/${role}`, { method: 'POST', body: JSON.stringify(result) });
