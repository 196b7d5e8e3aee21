# SPDX-License-Identifier: GPL-3.0-or-later
"""Real clients with credentials of LiveKit's own scheme, and with static users that come and go."""

import asyncio
import os
import re
import sys
import time

from support import children, livekit
from support.server import Server
from support.tap import Cases, Skip, main

try:
    from aioice import stun, turn
except ImportError:
    stun = turn = None

LIMIT_SECONDS = 60
MESSAGES = 5


def uclient(server, username, password, options=()):
    """Runs turnutils_uclient, which sends to itself through the relay; its exit code and output."""
    return children.output(
        [children.program('turnutils_uclient'), '-y', '-m', '1', '-n', str(MESSAGES), '-c',
         '-u', username, '-w', password, '-p', str(server.port), *options, '127.0.0.1'],
        LIMIT_SECONDS)


def uclient_is_let_in(server, username, password, options=()):
    code, written = uclient(server, username, password, options)
    assert code == 0 and 'Total lost packets 0 (' in written, f'{code}:\n{written}'


def uclient_is_refused(server, username, password):
    code, written = uclient(server, username, password)
    assert code != 0 and 'Cannot complete Allocation' in written, f'{code}:\n{written}'


async def allocate(server, username, password):
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, ('127.0.0.1', server.port), username, password)
    address = transport.get_extra_info('sockname')
    transport.close()
    await asyncio.sleep(0.1)  # lets it say good-bye
    return address


def aioice_is_let_in(server, username, password):
    if turn is None:
        raise Skip('aioice is not installed')
    assert asyncio.run(allocate(server, username, password))[0] == '127.0.0.1'


def aioice_is_refused(server, username, password):
    if turn is None:
        raise Skip('aioice is not installed')
    try:
        asyncio.run(allocate(server, username, password))
    except stun.TransactionFailed as failure:
        assert failure.response.attributes['ERROR-CODE'][0] == 401, failure
        return
    raise AssertionError('the allocation was made')


def livekit_credential(server, user='PA_anna', ttl=600):
    return livekit.credential(server.api_key, server.api_secret, user, int(time.time()) + ttl)


def livekit_without_end(server):
    """As older LiveKit servers make them."""
    return (livekit.base62(f'{server.api_key}|PA_anna'.encode()),
            livekit.credential(server.api_key, server.api_secret, 'PA_anna', 0)[1])


def order(server, text, answer):
    """Gives the server with users an order; returns what the answer's pattern matched."""
    seen = len(server.log())
    with open(os.path.join(server.directory, 'state', 'orders'), 'w', encoding='utf-8') as pipe:
        pipe.write(text + '\n')
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        found = re.search(answer, server.log()[seen:])
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f'no answer to {text}:\n{server.log()}')


def user_comes_and_goes(server, name, is_let_in, is_refused):
    is_refused(server, name, 'a-password')
    password = order(server, f'add {name}', rf'(?m)^added {name} (\S{{20}})$')[1]
    is_let_in(server, name, password)
    is_refused(server, name, password + 'x')
    order(server, f'remove {name}', rf'(?m)^removed {name}$')
    is_refused(server, name, password)


def run():
    cases = Cases()
    with Server(sys.argv[1]) as server, Server(sys.argv[2]) as with_users:
        known = livekit_credential(server)
        for transport, options in ('udp', []), ('tcp', ['-t']):
            cases.add(f'/interop/livekit/uclient/{transport}', uclient_is_let_in, server,
                      *known, options)
        cases.add('/interop/livekit/aioice', aioice_is_let_in, server, *known)
        for name, credential in (
                ('after-its-end', livekit_credential(server, ttl=-5)),
                ('without-end', livekit_without_end(server)),
                ('of-another', (known[0], livekit_credential(server, 'PA_bo')[1]))):
            cases.add(f'/interop/livekit/uclient/{name}-is-refused', uclient_is_refused, server,
                      *credential)
            cases.add(f'/interop/livekit/aioice/{name}-is-refused', aioice_is_refused, server,
                      *credential)
        cases.add('/interop/users/uclient', user_comes_and_goes, with_users, 'anna',
                  uclient_is_let_in, uclient_is_refused)
        cases.add('/interop/users/aioice', user_comes_and_goes, with_users, 'bo',
                  aioice_is_let_in, aioice_is_refused)
        cases.add_last('/interop/livekit/server-stops-cleanly', server.stop)
        cases.add_last('/interop/users/server-stops-cleanly', with_users.stop)
        return cases.run(at_once=10)


main(run)
