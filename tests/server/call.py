# SPDX-License-Identifier: GPL-3.0-or-later
"""A real client with a session through a turnhouse-server, and its peer, which sends all back."""

import asyncio

from aioice import stun, turn

SECONDS = 20


class _Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        self._transport.sendto(data, address)


class _Receiver(asyncio.DatagramProtocol):
    def __init__(self):
        self.received = set()
        self.news = asyncio.Event()

    def datagram_received(self, data, _address):
        self.received.add(data)
        self.news.set()


class Call:
    """Open inside an async with block, which refuses to open where the server does."""

    def __init__(self, house, username, password):
        self._server = '127.0.0.1', house.port
        self._username = username
        self._password = password
        self._sent = 0

    async def __aenter__(self):
        loop = asyncio.get_running_loop()
        self._peer, _ = await loop.create_datagram_endpoint(_Echo, local_addr=('127.0.0.1', 0))
        try:
            self._relay, self._receiver = await turn.create_turn_endpoint(
                _Receiver, self._server, self._username, self._password)
        except BaseException:
            self._peer.close()
            raise
        return self

    async def __aexit__(self, *_):
        self._relay.close()
        await asyncio.sleep(0.1)  # lets it say good-bye
        self._peer.close()

    async def loses_nothing(self, count=20):
        """Sends that many messages to the peer, one after the other, and waits for each."""
        for _ in range(count):
            message = b'message %d' % self._sent
            self._sent += 1
            self._relay.sendto(message, self._peer.get_extra_info('sockname'))
            await asyncio.wait_for(self._arrival_of(message), SECONDS)

    async def is_over(self):
        """Whether the server knows nothing of this client any more: nothing comes back."""
        message = b'is anybody there?'
        self._relay.sendto(message, self._peer.get_extra_info('sockname'))
        try:
            await asyncio.wait_for(self._arrival_of(message), 1)
        except asyncio.TimeoutError:
            return True
        return False

    async def is_refused(self):
        """Whether the server lets this client not reach its peer."""
        try:
            await self._relay._TurnTransport__inner_protocol.channel_bind(
                0x4abc, self._peer.get_extra_info('sockname'))
        except stun.TransactionFailed as failure:
            return failure.response.attributes['ERROR-CODE'][0] == 403
        return False

    async def _arrival_of(self, message):
        while message not in self._receiver.received:
            self._receiver.news.clear()
            await self._receiver.news.wait()


async def refusal(house, username, password):
    """The error code with which the server refuses a session."""
    try:
        async with Call(house, username, password):
            return None
    except stun.TransactionFailed as failure:
        return failure.response.attributes['ERROR-CODE'][0]
