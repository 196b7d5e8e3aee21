// SPDX-License-Identifier: GPL-3.0-or-later
// The module that the endpoint serves, in node, against that endpoint: one case by its name.
//   node client-cases.mjs CASE MODULE URL TOKEN PID

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const [name, path, url, token, pid] = process.argv.slice(2);
const asked = [];
const realFetch = globalThis.fetch;
globalThis.fetch = (...request) => {
  asked.push(request);
  return realFetch(...request);
};

// The module's clock, which only goes on when told to, however busy the machine is.
let now = 0;
const timers = new Set();
globalThis.clock = {
  Date: { now: () => now },
  setTimeout(run, wait) {
    const timer = { run, at: now + wait };
    timers.add(timer);
    return timer;
  },
  clearTimeout: (timer) => timers.delete(timer),
};

async function advance(milliseconds) {
  const end = now + milliseconds;
  for (;;) {
    const [next] = [...timers].sort((one, other) => one.at - other.at);
    if (next === undefined || next.at > end) break;
    timers.delete(next);
    now = next.at;
    await next.run();
  }
  now = end;
}

const source = path === undefined ? '' : await readFile(path, 'utf8');
const { iceConfig, IceConfigError } = await import('data:text/javascript,' + encodeURIComponent(
  `const { Date, setTimeout, clearTimeout } = globalThis.clock;\n${source}`));

// User names end in the second at which they expire, by the server's own clock.
const anotherSecond = () => sleep(1100);

function relay(config) {
  return config.iceServers.find((server) => server.credential !== undefined);
}

async function endTheEndpoint() {
  process.kill(Number(pid));
  for (;;) {
    try {
      await realFetch(`${url}/healthz`);
    } catch {
      return;
    }
    await sleep(20);
  }
}

const cases = {
  async 'gives-what-a-peer-connection-takes'() {
    const config = await iceConfig({ url, token, user: 'anna', ttl: 60 });
    assert.match(relay(config).username, /^\d+:anna$/);
    assert.ok(relay(config).urls.every((turn) => turn.startsWith('turn:')));
    assert.equal(config.fallback, undefined);
    assert.equal(new URL(asked[0][0]).pathname, '/api/ice-servers');
  },

  async 'base-with-and-without-a-slash'() {
    await iceConfig({ url: `${url}/`, token });
    await iceConfig({ url, token });
    assert.equal(asked.length, 1);
  },

  async 'asks-again-at-half-life'() {
    const options = { url, token, ttl: 60 };
    const first = await iceConfig(options);
    await anotherSecond();
    await advance(29_999);
    assert.equal(await iceConfig(options), first);
    assert.equal(asked.length, 1);
    await advance(1);
    const second = await iceConfig(options);
    assert.equal(asked.length, 2);
    assert.notEqual(relay(second).username, relay(first).username);
  },

  async 'many-at-once-ask-once'() {
    const configs = await Promise.all(Array.from({ length: 20 }, () => iceConfig({ url, token })));
    assert.equal(asked.length, 1);
    assert.ok(configs.every((config) => config === configs[0]));
    await iceConfig({ url, token, user: 'other' });
    assert.equal(asked.length, 2);
  },

  async 'refreshes-by-itself-until-told-to-stop'() {
    const seen = [];
    const stop = new AbortController();
    const first = await iceConfig({
      url, token, ttl: 60, onRefresh: (config) => seen.push(config), signal: stop.signal,
    });
    await anotherSecond();
    await advance(29_999);
    assert.equal(seen.length, 0);
    await advance(30_001);
    assert.equal(seen.length, 2);
    assert.notEqual(relay(seen[0]).username, relay(first).username);
    stop.abort();
    await advance(120_000);
    assert.equal(seen.length, 2);
  },

  async 'wrong-token-is-told'() {
    await assert.rejects(iceConfig({ url, token: 'guess' }), (error) => {
      assert.ok(error instanceof IceConfigError);
      assert.equal(error.status, 401);
      assert.equal(error.message, 'Not authenticated');
      return true;
    });
  },

  async 'nobody-there-leaves-stun'() {
    const nowhere = { url: 'http://127.0.0.1:1', token };
    assert.deepEqual(await iceConfig(nowhere), {
      iceServers: [{ urls: ['stun:stun.l.google.com:19302'] }], fallback: true,
    });
    assert.deepEqual(await iceConfig({ ...nowhere, fallback: ['stun:stun.example.org'] }), {
      iceServers: [{ urls: ['stun:stun.example.org'] }], fallback: true,
    });
    assert.deepEqual(await iceConfig({ ...nowhere, fallback: [] }),
      { iceServers: [], fallback: true });
  },

  async 'endpoint-dies'() {
    const options = { url, token, ttl: 60 };
    const seen = [];
    const first = await iceConfig({ ...options, onRefresh: (config) => seen.push(config) });
    await endTheEndpoint();
    await advance(59_999); // past half of the lifetime: not renewed, but still good
    assert.equal(await iceConfig(options), first);
    assert.deepEqual(seen, []);
    await advance(10_000); // expired
    const left = await iceConfig(options);
    assert.equal(left.fallback, true);
    assert.deepEqual(left.iceServers, first.iceServers.filter((server) => !server.credential));
    assert.ok(left.iceServers.length > 0);
    assert.deepEqual(seen, [left]);
  },
};

if (name === 'list') console.log(Object.keys(cases).join('\n'));
else await cases[name]();
