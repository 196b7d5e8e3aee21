// SPDX-License-Identifier: GPL-3.0-or-later
// Moves random bytes over a data channel, both ways at once, and hashes them where they leave and
// where they arrive.

const MESSAGE_BYTES = 64 * 1024;
const HIGH_WATER = 4 * 1024 * 1024;
const LOW_WATER = 1024 * 1024;

// Sends so many bytes and waits for as many; hashes are SHA-256 in hexadecimal.
export async function exchange (connection, bytes) {
  const data = randomBytes(bytes);
  const channel = await connection.channel();
  const started = performance.now();
  await send(channel, data);
  const received = await connection.arrival;
  const seconds = (performance.now() - started) / 1000;
  return { bytes, seconds, sent: await hash(data), received: await hash(received) };
}

function randomBytes (count) {
  const data = new Uint8Array(count);
  for (let from = 0; from < count; from += MESSAGE_BYTES)
    crypto.getRandomValues(data.subarray(from, from + MESSAGE_BYTES));
  return data;
}

async function send (channel, data) {
  channel.bufferedAmountLowThreshold = LOW_WATER;
  for (let from = 0; from < data.length; from += MESSAGE_BYTES) {
    if (channel.bufferedAmount > HIGH_WATER)
      await new Promise(resolve => { channel.onbufferedamountlow = resolve; });
    channel.send(data.subarray(from, from + MESSAGE_BYTES));
  }
}

// Resolves to the bytes that come, once there are so many.
export function receive (channel, bytes) {
  const data = new Uint8Array(bytes);
  let filled = 0;
  return new Promise((resolve, reject) => {
    channel.onmessage = ({ data: message }) => {
      data.set(new Uint8Array(message), filled);
      filled += message.byteLength;
      if (filled === bytes)
        resolve(data);
    };
    channel.onclose = () => reject(new Error(`the channel closed after ${filled} bytes`));
  });
}

async function hash (data) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
  return Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
}
