# SPDX-License-Identifier: GPL-3.0-or-later
"""Many small clients of the panel's relay, with aioice's TURN client, and whom they talk to."""

import asyncio
import threading

from aioice import turn

from calls import fetch_credentials

PAYLOAD = bytes(1000)
BEATS_PER_SECOND = 10
SECONDS = 30


class _Echo(asyncio.DatagramProtocol):
    """A peer outside: half of what comes goes back."""

    def connection_made(self, transport):
        self._transport, self._odd = transport, False

    def datagram_received(self, data, addr):
        self._odd = not self._odd
        if self._odd:
            self._transport.sendto(data, addr)


class _Client:
    """One allocation. rate: bit/s that it sends to each of its peers"""

    def __init__(self, user, host, transport='udp', rate=0):
        self.user, self.host, self.transport, self.rate = user, host, transport, rate
        self.relayed, self.peers, self._owed, self._protocol = None, [], 0, None

    async def start(self, server, credentials):
        loop = asyncio.get_running_loop()
        options = {'server': server, 'username': credentials[0], 'password': credentials[1],
                   'lifetime': turn.DEFAULT_ALLOCATION_LIFETIME,
                   'channel_refresh_time': turn.DEFAULT_CHANNEL_REFRESH_TIME}
        if self.transport == 'udp':
            _, self._protocol = await loop.create_datagram_endpoint(
                lambda: turn.TurnClientUdpProtocol(**options), remote_addr=server,
                local_addr=(self.host, 0))
        else:
            _, self._protocol = await loop.create_connection(
                lambda: turn.TurnClientTcpProtocol(**options), *server, local_addr=(self.host, 0))
        self.relayed = await self._protocol.connect()

    async def meet(self):
        for peer in self.peers:
            await self._protocol.send_data(PAYLOAD, peer)

    async def talk(self):
        self._owed += self.rate / 8 / BEATS_PER_SECOND
        while self._owed >= len(PAYLOAD):
            self._owed -= len(PAYLOAD)
            for peer in self.peers:
                await self._protocol.send_data(PAYLOAD, peer)

    async def end(self):
        await self._protocol.delete()


class Visitors:
    """Inside a with block. plan: rows of (user, transport, bit/s, whom it talks to), where the last
    is the number of another row, or None for somebody outside."""

    def __init__(self, panel, plan):
        self._panel, self._plan = panel, plan
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self):
        self._thread.start()
        self._call(self._set_up())
        self._talking = asyncio.run_coroutine_threadsafe(self._talk(), self._loop)
        return self

    def __exit__(self, *_):
        self._talking.cancel()
        self._call(self._tear_down())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(SECONDS)

    def assert_talking(self):
        assert not self._talking.done(), self._talking.exception()

    async def _set_up(self):
        place = self._panel.place
        server = (place.relay, self._panel.port)
        self._clients, self._echoes, known = [], [], {}
        for number, (user, transport, rate, _) in enumerate(self._plan):
            if user not in known:
                known[user] = await asyncio.to_thread(fetch_credentials, self._panel, user=user)
            client = _Client(user, place.client(number), transport, rate)
            self._clients.append(client)
            await client.start(server, known[user])
        for number, (client, (*_, other)) in enumerate(zip(self._clients, self._plan)):
            client.peers = [await self._peer(number) if other is None
                            else self._clients[other].relayed]
        for client in self._clients:
            await client.meet()

    async def _peer(self, number):
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            _Echo, local_addr=(self._panel.place.peer(number), 0))
        self._echoes.append(transport)
        return transport.get_extra_info('sockname')

    async def _talk(self):
        while True:
            for client in self._clients:
                await client.talk()
            await asyncio.sleep(1 / BEATS_PER_SECOND)

    async def _tear_down(self):
        await asyncio.gather(*(client.end() for client in self._clients))
        for echo in self._echoes:
            echo.close()

    def _call(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(SECONDS)
