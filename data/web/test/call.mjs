// SPDX-License-Identifier: GPL-3.0-or-later
// A call of this browser with itself: two connections that may meet at the relay alone, what
// their candidates are, and how well packets travel between them.

const PROBES = 40;
const PROBE_INTERVAL = 50; // milliseconds
const PROBE_PATIENCE = 1000; // for the last to come back
const BULK_BYTES = 4_000_000; // no more: it may be a phone's paid traffic
const BULK_TIME = 1500; // milliseconds
const BULK_PIECE = 16 * 1024;
const BULK_WATER = 256 * 1024;
const WINDOW = 250; // milliseconds: the shortest time that a throughput is told of

const wait = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

// Gathers everything that there is, relayed or not, and tells of each candidate.
export async function gather(iceServers, patience, onCandidate, onError) {
  const peer = new RTCPeerConnection({ iceServers });
  try {
    const complete = new Promise((resolve) => {
      peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && resolve();
    });
    peer.onicecandidate = ({ candidate }) => candidate?.candidate && onCandidate(candidate);
    peer.onicecandidateerror = onError;
    peer.createDataChannel('gather');
    await peer.setLocalDescription();
    await Promise.race([complete, wait(patience)]);
  } finally {
    peer.close();
  }
}

export class Call {
  #ends;
  #described; // resolves when both ends know of each other: no candidate may come before
  #describe;
  #probe;
  #bulk;

  constructor(iceServers, onCandidate = () => {}) {
    this.#described = new Promise((resolve) => { this.#describe = resolve; });
    const configuration = { iceServers, iceTransportPolicy: 'relay' };
    this.#ends = [new RTCPeerConnection(configuration), new RTCPeerConnection(configuration)];
    this.#ends.forEach((end, i) => {
      end.onicecandidate = ({ candidate }) => {
        if (!candidate?.candidate) return;
        onCandidate(candidate);
        this.#described.then(() => this.#ends[1 - i].addIceCandidate(candidate)).catch(() => {});
      };
    });
    this.#probe = this.#channels('probe', 0, { ordered: false, maxRetransmits: 0 });
    this.#bulk = this.#channels('bulk', 1, {});
  }

  // Agreed on beforehand, so that both ends have them.
  #channels(name, id, options) {
    return this.#ends.map((end) => {
      const channel = end.createDataChannel(name, { ...options, negotiated: true, id });
      channel.binaryType = 'arraybuffer';
      return channel;
    });
  }

  // Resolves to whether both ends can talk within so many milliseconds.
  async connect(patience) {
    const open = Promise.all([...this.#probe, ...this.#bulk].map((channel) =>
      new Promise((resolve) => { channel.onopen = resolve; })));
    const failed = Promise.race(this.#ends.map((end) => new Promise((resolve) => {
      end.onconnectionstatechange = () => end.connectionState === 'failed' && resolve(false);
    })));
    const [caller, callee] = this.#ends;
    await caller.setLocalDescription();
    await callee.setRemoteDescription(caller.localDescription);
    await callee.setLocalDescription();
    await caller.setRemoteDescription(callee.localDescription);
    this.#describe();
    return Promise.race([open.then(() => true), failed, wait(patience).then(() => false)]);
  }

  // Small packets there and back. onSample: told { rtt, jitter, loss } as they come
  async measureRoundTrips(onSample) {
    const [near, far] = this.#probe;
    const trips = [];
    let sent = 0;
    let last;
    let jitter = 0;
    far.onmessage = ({ data }) => far.send(data);
    near.onmessage = ({ data }) => {
      const rtt = performance.now() - new DataView(data).getFloat64(0);
      if (last !== undefined) jitter += (Math.abs(rtt - last) - jitter) / 16; // RFC 3550, 6.4.1
      last = rtt;
      trips.push(rtt);
    };
    for (; sent < PROBES; sent++) {
      const packet = new DataView(new ArrayBuffer(100));
      packet.setFloat64(0, performance.now());
      near.send(packet.buffer);
      await wait(PROBE_INTERVAL);
      if (sent % 5 === 4 && last !== undefined) {
        onSample({ rtt: last, jitter, loss: Math.max(0, 1 - (trips.length + 2) / sent) });
      }
    }
    for (let waited = 0; waited < PROBE_PATIENCE && trips.length < sent; waited += PROBE_INTERVAL)
      await wait(PROBE_INTERVAL);
    return { ...percentiles(trips), jitter, loss: 1 - trips.length / sent };
  }

  // As much as goes in a short time, one way. Resolves to bits a second in the best of its windows.
  async measureThroughput(onSample) {
    const [near, far] = this.#bulk;
    const piece = new Uint8Array(BULK_PIECE);
    const started = performance.now();
    let best = 0;
    let sent = 0;
    let arrived = 0;
    let window = { start: started, bytes: 0 };
    far.onmessage = ({ data }) => {
      const now = performance.now();
      arrived += data.byteLength;
      window.bytes += data.byteLength;
      if (now - window.start < WINDOW && arrived < BULK_BYTES) return;
      const rate = (window.bytes * 8000) / Math.max(now - window.start, WINDOW / 5);
      best = Math.max(best, rate);
      onSample({ throughput: rate });
      window = { start: now, bytes: 0 };
    };
    while (sent < BULK_BYTES && performance.now() - started < BULK_TIME) {
      if (near.bufferedAmount > BULK_WATER) {
        await wait(5);
      } else {
        near.send(piece);
        sent += BULK_PIECE;
      }
    }
    while (arrived < sent && performance.now() - started < BULK_TIME + PROBE_PATIENCE)
      await wait(PROBE_INTERVAL);
    return best;
  }

  // What the browser says of the calling end.
  async reports() {
    return [...(await this.#ends[0].getStats()).values()];
  }

  close() {
    this.#ends.forEach((end) => end.close());
  }
}

function percentiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  return sorted.length === 0 ? {} : { rtt: at(0.5), rttP95: at(0.95) };
}
