import { iceConfig } from {client-module};

// Kept for half of its lifetime, then fetched anew
const config = await iceConfig({
  url: {endpoint},
{with token}
  token: {token},
{end}
});
const connection = new RTCPeerConnection(config);
