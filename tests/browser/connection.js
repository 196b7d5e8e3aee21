// SPDX-License-Identifier: GPL-3.0-or-later
// One end of a peer connection that may only use a relay, with one data channel. Candidates travel
// inside the descriptions, so that both ends know all of them before the first check.

import { receive } from './transfer.js';

export class Connection {
  #peer;
  #channel;
  #candidates = [];
  #errors = [];

  // @bytes: how many the other end will send; `arrival` resolves to them.
  // @options: of the data channel, as createDataChannel() has them
  constructor (iceServers, bytes, options = {}) {
    this.#peer = new RTCPeerConnection({ iceServers, iceTransportPolicy: 'relay' });
    this.#peer.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate?.candidate)
        this.#candidates.push(candidate.candidate);
    });
    this.#peer.addEventListener('icecandidateerror', ({ url, errorCode, errorText }) => {
      this.#errors.push(`${url}: ${errorCode} ${errorText}`);
    });
    // Agreed on beforehand, so both ends make it and none waits for the other's.
    this.#channel = this.#peer.createDataChannel('bulk', { ...options, negotiated: true, id: 0 });
    this.#channel.binaryType = 'arraybuffer';
    // From the start: the other end may see the channel open, and send, before this one asks.
    this.arrival = receive(this.#channel, bytes);
  }

  async offer () {
    await this.#peer.setLocalDescription(await this.#peer.createOffer());
    return this.#description();
  }

  async answer (offer) {
    await this.#peer.setRemoteDescription(offer);
    await this.#peer.setLocalDescription(await this.#peer.createAnswer());
    return this.#description();
  }

  async accept (answer) {
    await this.#peer.setRemoteDescription(answer);
  }

  // The data channel, once it is open.
  async channel () {
    if (this.#channel.readyState !== 'open')
      await Promise.race([event(this.#channel, 'open'), this.#failure()]);
    return this.#channel;
  }

  // All local candidates, and the types of the two that carry the data.
  async describe () {
    const stats = await this.#peer.getStats();
    const all = [...stats.values()];
    const selected = all.find(s => s.type === 'transport')?.selectedCandidatePairId;
    const pair = stats.get(selected) ??
      all.find(s => s.type === 'candidate-pair' && s.nominated && s.state === 'succeeded');
    const local = stats.get(pair?.localCandidateId);
    const remote = stats.get(pair?.remoteCandidateId);
    return {
      candidates: this.#candidates,
      local: local?.candidateType,
      remote: remote?.candidateType,
      relayProtocol: local?.relayProtocol,
    };
  }

  async #description () {
    while (this.#peer.iceGatheringState !== 'complete')
      await event(this.#peer, 'icegatheringstatechange');
    if (this.#candidates.length === 0)
      throw new Error(`no relay candidate; ${this.#errors.join('; ')}`);
    return this.#peer.localDescription.toJSON();
  }

  async #failure () {
    while (this.#peer.connectionState !== 'failed')
      await event(this.#peer, 'connectionstatechange');
    throw new Error(`no connection; ${this.#candidates.join('; ')}; ${this.#errors.join('; ')}`);
  }
}

function event (target, name) {
  return new Promise(resolve => target.addEventListener(name, resolve, { once: true }));
}
