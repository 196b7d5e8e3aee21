// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * ICE servers for RTCPeerConnection from a Turnhouse endpoint, fresh whenever they are asked for:
 *
 *   import { iceConfig } from 'https://turn.example.org:8489/client.mjs';
 *   const config = await iceConfig({ url: 'https://turn.example.org:8489', token });
 *   const connection = new RTCPeerConnection(config);
 *
 * What the endpoint gave is kept for half of its lifetime. After that it is asked again, and as
 * long as it does not answer, what is at hand is used until it expires; then STUN alone is.
 */

const FALLBACK = ['stun:stun.l.google.com:19302'];
const TIMEOUT = 5000; // milliseconds
const RETRY = 10000; // the longest wait between two attempts of a refresh, in milliseconds
const kept = new Map(); // by request: { config, born, half, expires, renewal }, in milliseconds

/** The endpoint understood, and said no: asking again will not help. */
export class IceConfigError extends Error {
  constructor(status, text) {
    super(text);
    this.name = 'IceConfigError';
    this.status = status;
  }
}

function address({ url, user, ttl }) {
  const target = new URL('api/ice-servers', String(url).replace(/\/*$/, '/'));
  if (user !== undefined) target.searchParams.set('user', user);
  if (ttl !== undefined) target.searchParams.set('ttl', ttl);
  return target.href;
}

function isRefusal(status) {
  return status >= 400 && status < 500 && status !== 408 && status !== 429;
}

async function ask(target, token) {
  const answer = await fetch(target, {
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    cache: 'no-store',
    signal: AbortSignal.timeout(TIMEOUT),
  });
  if (isRefusal(answer.status)) {
    const { error } = await answer.json().catch(() => ({}));
    throw new IceConfigError(answer.status, error ?? `The endpoint answered ${answer.status}`);
  }
  if (!answer.ok) throw new Error(`The endpoint answered ${answer.status}`);
  return answer.json();
}

// By this machine's clock and the lifetime alone: the two clocks need not agree.
async function renew(entry, target, token) {
  const born = Date.now();
  const { iceServers, ttl } = await ask(target, token);
  entry.config = { iceServers };
  entry.born = born;
  entry.half = born + ttl * 500;
  entry.expires = born + ttl * 1000;
}

function isBefore(entry, end) {
  const now = Date.now();
  return entry.config !== undefined && now >= entry.born && now < end;
}

function stunAlone(entry, fallback) {
  const known = entry.config?.iceServers.filter((server) => server.credential === undefined) ?? [];
  const iceServers = known.length > 0 || fallback.length === 0 ? known : [{ urls: fallback }];
  return { iceServers, fallback: true };
}

async function current(entry, target, { token, fallback = FALLBACK }) {
  if (isBefore(entry, entry.half)) return entry.config;
  entry.renewal ??= renew(entry, target, token).finally(() => { entry.renewal = undefined; });
  try {
    await entry.renewal;
  } catch (error) {
    if (error instanceof IceConfigError) throw error;
    if (!isBefore(entry, entry.expires)) return stunAlone(entry, fallback);
  }
  return entry.config;
}

function keepFresh(entry, target, options, last) {
  const { onRefresh, signal } = options;
  const wait = isBefore(entry, entry.half)
    ? entry.half - Date.now()
    : Math.min(RETRY, Math.max(100, (entry.expires - entry.born) / 10 || RETRY));
  const timer = setTimeout(async () => {
    const config = await current(entry, target, options).catch(() => last);
    if (signal?.aborted) return;
    if (config !== last && !(config.fallback && last.fallback)) onRefresh(config);
    keepFresh(entry, target, options, config);
  }, Math.min(wait, 2 ** 31 - 1));
  timer.unref?.(); // in node it does not keep the program alive
  signal?.addEventListener('abort', () => clearTimeout(timer), { once: true });
}

/**
 * @param {object} options
 * @param {string} options.url the endpoint's base, "https://turn.example.org:8489"
 * @param {string} [options.token] of the app; not needed on the machine of the relay
 * @param {string} [options.user] who the credential is for
 * @param {number} [options.ttl] seconds that it should live
 * @param {string[]} [options.fallback] STUN URLs for when the endpoint was never reached
 * @param {function} [options.onRefresh] called with each new configuration, at half of the lifetime
 *   of the one before: for RTCPeerConnection.setConfiguration()
 * @param {AbortSignal} [options.signal] ends the refreshing
 * @returns {Promise<{iceServers: object[], fallback?: true}>} fit for RTCPeerConnection; "fallback"
 *   is there when the endpoint could not be reached and only STUN is left
 * @throws {IceConfigError} when the endpoint refuses, for example a wrong token (status 401)
 */
export async function iceConfig(options) {
  const target = address(options);
  const name = JSON.stringify([target, options.token]);
  if (!kept.has(name)) kept.set(name, {});
  const entry = kept.get(name);
  const config = await current(entry, target, options);
  if (options.onRefresh && !options.signal?.aborted) keepFresh(entry, target, options, config);
  return config;
}
