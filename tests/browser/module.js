// SPDX-License-Identifier: GPL-3.0-or-later
// Uses /client.mjs as an app's page does, and posts what it saw: to /result/alive while the endpoint
// is there, and to /result/gone after the test has said by mail that it is not.
//   url    the endpoint's base
//   token  of an app

import { Connection } from './connection.js';
import { exchange } from './transfer.js';

const BYTES = 1_000_000;
const parameters = new URLSearchParams(location.search);
const url = parameters.get('url');
const token = parameters.get('token');
const { iceConfig } = await import(`${url}/client.mjs`);

const sleep = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

let asked = 0;
const realFetch = globalThis.fetch;
globalThis.fetch = (target, ...rest) => {
  if (String(target).startsWith(url))
    asked++;
  return realFetch(target, ...rest);
};

function username (config) {
  return config.iceServers.find(server => server.credential)?.username;
}

async function talk ({ iceServers }) {
  const caller = new Connection(iceServers, BYTES);
  const callee = new Connection(iceServers, BYTES);
  await caller.accept(await callee.answer(await caller.offer()));
  const [one, other] = await Promise.all([caller, callee].map(end => exchange(end, BYTES)));
  const { local, remote } = await caller.describe();
  return { local, remote, whole: one.sent === other.received && other.sent === one.received };
}

async function whileAlive () {
  const kept = await iceConfig({ url, token, user: 'anna' });
  const cached = kept === await iceConfig({ url, token, user: 'anna' }) && asked === 1;
  const talked = await talk(kept);

  const renewed = [];
  const stop = new AbortController();
  const first = await iceConfig({
    url, token, ttl: 10, signal: stop.signal, onRefresh: config => renewed.push([Date.now(), config]),
  });
  const start = Date.now();
  while (renewed.length === 0 && Date.now() < start + 30_000)
    await sleep(50);
  stop.abort();
  const [[time, second]] = renewed;
  return {
    cached, talked, kept: username(kept), first: username(first), second: username(second),
    after: time - start,
  };
}

async function whenGone () {
  const options = { url, token, ttl: 3 };
  const before = await iceConfig(options);
  await realFetch('/result/waiting', { method: 'POST', body: '{}' });
  await realFetch('/mail/gone');
  await sleep(3100); // that one has expired
  return { before, left: await iceConfig(options) };
}

async function report (name, run) {
  const result = await run().catch(error => ({ error: `${error}\n${error.stack}` }));
  await realFetch(`/result/${name}`, { method: 'POST', body: JSON.stringify(result) });
}

await report('alive', whileAlive);
await report('gone', whenGone);
