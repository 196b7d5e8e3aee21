// SPDX-License-Identifier: GPL-3.0-or-later
// Keeps up a call between two ends in this page, over a relay alone, until it breaks: a message
// that is never sent again goes to and fro, many times a second. How the call fares is posted to
// /result/CALL again and again.
//   call    the name of the call; /mail/CALL has its iceServers

import { Connection } from './connection.js';

const INTERVAL = 20; // ms between messages
const REPORT_INTERVAL = 200;
const SILENCE = 3000; // without an answer for so long the call is over

const name = new URLSearchParams(location.search).get('call');
const call = { sent: 0, answered: 0, over: false };
let heard;

async function report () {
  await fetch(`/result/${name}`, { method: 'POST', body: JSON.stringify(call) });
}

async function begin () {
  const iceServers = await (await fetch(`/mail/${name}`)).json();
  const options = { ordered: false, maxRetransmits: 0 };
  const [caller, callee] = [1, 2].map(() => new Connection(iceServers, 0, options));
  await caller.accept(await callee.answer(await caller.offer()));
  const [near, far] = await Promise.all([caller.channel(), callee.channel()]);
  far.onmessage = ({ data }) => far.send(data);
  near.onmessage = () => {
    call.answered++;
    heard = performance.now();
  };
  return near;
}

function ticks (milliseconds) {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

try {
  const channel = await begin();
  let reported = heard = performance.now();
  while (performance.now() - heard < SILENCE && channel.readyState === 'open') {
    channel.send(String(call.sent++));
    if (performance.now() - reported > REPORT_INTERVAL) {
      reported = performance.now();
      await report();
    }
    await ticks(INTERVAL);
  }
} catch (error) {
  call.error = `${error}`;
}
call.over = true;
await report();
