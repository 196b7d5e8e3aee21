// SPDX-License-Identifier: GPL-3.0-or-later
// The module that the endpoint serves, in node, against that endpoint: one case by its name.
//   node client-cases.mjs CASE MODULE URL TOKEN PID

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';

const [name, path, url, token, pid] = process.argv.slice(2);
const { iceConfig, IceConfigError } = await import(path);
const asked = [];
const realFetch = globalThis.fetch;
globalThis.fetch = (...request) => {
  asked.push(request);
  return realFetch(...request);
};

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
    const options = { url, token, ttl: 2 };
    const first = await iceConfig(options);
    await sleep(700);
    assert.equal(await iceConfig(options), first);
    assert.equal(asked.length, 1);
    await sleep(400);
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
      url, token, ttl: 2, onRefresh: (config) => seen.push(config), signal: stop.signal,
    });
    await sleep(2500);
    assert.equal(seen.length, 2);
    assert.notEqual(relay(seen[0]).username, relay(first).username);
    stop.abort();
    await sleep(1200);
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
    const options = { url, token, ttl: 2 };
    const seen = [];
    const first = await iceConfig({ ...options, onRefresh: (config) => seen.push(config) });
    await endTheEndpoint();
    await sleep(1100); // past half of the lifetime: not renewed, but still good
    assert.equal(await iceConfig(options), first);
    await sleep(1200); // expired
    const left = await iceConfig(options);
    assert.equal(left.fallback, true);
    assert.deepEqual(left.iceServers, first.iceServers.filter((server) => !server.credential));
    assert.ok(left.iceServers.length > 0);
    assert.deepEqual(seen, [left]);
  },
};

if (name === 'list') console.log(Object.keys(cases).join('\n'));
else await cases[name]();
