# SPDX-License-Identifier: GPL-3.0-or-later
"""Two ICE agents of aioice that may use nothing but turnhouse-server connect and talk."""

import asyncio
import json
import secrets
import sys
import urllib.request

from support.server import Server
from support.tap import Cases, Skip, main

try:
    import aioice
except ImportError:
    aioice = None

DATAGRAMS = 100
IN_FLIGHT = 10
LARGEST_DATAGRAM = 1200
LIMIT_SECONDS = 60


def rest(server):
    return server.credentials('aioice')


def token(server):
    """What the endpoint hands to apps that know LiveKit's way: an id and a JWT."""
    url = f'http://127.0.0.1:{server.endpoint_port}/api/livekit/ice-config?userId=aioice'
    with urllib.request.urlopen(url, timeout=LIMIT_SECONDS) as answer:
        turn = json.load(answer)['iceServers'][-1]
    return turn['username'], turn['credential']


def agent(server, credentials, host, transport, controlling):
    username, password = credentials(server)
    return aioice.Connection(
        ice_controlling=controlling, turn_server=(host, server.port), turn_transport=transport,
        turn_username=username, turn_password=password,
        transport_policy=aioice.TransportPolicy.RELAY)


async def introduce(one, other):
    """Gathers the candidates of one, which must all be relayed, and gives them to the other."""
    await one.gather_candidates()
    assert one.local_candidates
    assert all(candidate.type == 'relay' for candidate in one.local_candidates)
    other.remote_username, other.remote_password = one.local_username, one.local_password
    for candidate in one.local_candidates:
        await other.add_remote_candidate(candidate)
    await other.add_remote_candidate(None)


async def send_and_compare(sender, receiver):
    """A few datagrams of every length at a time; each must arrive whole and in order."""
    sent = [secrets.token_bytes(1 + number * LARGEST_DATAGRAM // DATAGRAMS)
            for number in range(DATAGRAMS)]
    for first in range(0, DATAGRAMS, IN_FLIGHT):
        batch = sent[first:first + IN_FLIGHT]
        for datagram in batch:
            await sender.send(datagram)
        assert [await receiver.recv() for _ in batch] == batch


async def connect_and_talk(server, credentials, host, transport):
    caller = agent(server, credentials, host, transport, True)
    callee = agent(server, credentials, host, transport, False)
    try:
        await introduce(caller, callee)
        await introduce(callee, caller)
        await asyncio.gather(caller.connect(), callee.connect())
        await asyncio.gather(send_and_compare(caller, callee), send_and_compare(callee, caller))
    finally:
        await asyncio.gather(caller.close(), callee.close())


def relayed_only(server, credentials, host, transport):
    asyncio.run(asyncio.wait_for(connect_and_talk(server, credentials, host, transport),
                                 LIMIT_SECONDS))


def run():
    if aioice is None:
        raise Skip('aioice is not installed')
    cases = Cases()
    with Server(sys.argv[1]) as server:
        for transport in 'udp', 'tcp':
            for family, host in ('ipv4', '127.0.0.1'), ('ipv6', '::1'):
                cases.add(f'/interop/aioice/relay-only/{transport}/{family}', relayed_only, server,
                          rest, host, transport)
        cases.add('/interop/aioice/relay-only/with-a-token', relayed_only, server, token,
                  '127.0.0.1', 'udp')
        cases.add_last('/interop/aioice/server-stops-cleanly', server.stop)
        return cases.run(at_once=4)


main(run)
