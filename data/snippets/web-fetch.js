const answer = await fetch({ice-servers-url}, {
  cache: 'no-store',
{with token}
  headers: { Authorization: {bearer} },
{end}
});
if (!answer.ok) throw new Error(`the relay answered ${answer.status}`);
const { iceServers } = await answer.json(); // good for {ttl} seconds
const connection = new RTCPeerConnection({ iceServers });
