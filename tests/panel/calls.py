# SPDX-License-Identifier: GPL-3.0-or-later
"""Real clients of the panel's relay: coturn's and aioice's."""

import asyncio
import json
import subprocess
import urllib.parse
import urllib.request

from aioice.stun import TransactionFailed
from aioice.turn import create_turn_endpoint

from accessible import wait_for
from support import children
from support.ports import free_port

LOCALHOST = '127.0.0.1'


def fetch_credentials(panel, token=None, user='anna'):
    """What an app fetches from the endpoint: user name, password."""
    url = f'http://{LOCALHOST}:{panel.endpoint_port}/api/ice-servers?user={urllib.parse.quote(user)}'
    headers = {'Authorization': f'Bearer {token}'} if token else {}
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=10) as answer:
        servers = json.load(answer)['iceServers']
    return next((server['username'], server['credential'])
                for server in servers if 'username' in server)


class _Ended(asyncio.DatagramProtocol):
    """Knows when its allocation is gone."""

    def __init__(self):
        self.gone = asyncio.get_running_loop().create_future()

    def connection_lost(self, exc):
        self.gone.set_result(None)


async def _allocate(port, user, password):
    try:
        transport, protocol = await create_turn_endpoint(_Ended, (LOCALHOST, port), user, password)
    except TransactionFailed as failure:
        assert failure.response.attributes['ERROR-CODE'][0] == 401, failure
        return False
    transport.close()
    await protocol.gone
    return True


def can_call(panel, credentials):
    """Whether the relay gives an allocation for that user name and password."""
    return asyncio.run(asyncio.wait_for(_allocate(panel.port, *credentials), 20))


class Call:
    """coturn's client talking through the panel's relay to coturn's echo, in a with block.

    options: of the client; -t is TCP, -y talks with another client of the relay in place of the echo
    """

    def __init__(self, panel, messages=100000, credentials=None, user='anna', options=('-t',)):
        name, password = credentials or fetch_credentials(panel, user=user)
        peer_port = free_port()
        self._peer = children.start(
            [children.program('turnutils_peer'), '-L', LOCALHOST, '-p', str(peer_port)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._client = children.start(
            [children.program('turnutils_uclient'), *options, '-c', '-m', '1', '-n', str(messages),
             '-l', '800', '-z', '10', '-u', name, '-w', password, '-p', str(panel.port),
             '-e', LOCALHOST, '-r', str(peer_port), LOCALHOST],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()

    def wait_until_ended(self):
        """Until the client has given up."""
        wait_for('the end of the client', lambda: self._client.poll() is not None)

    def end(self):
        children.stop(self._client)
        children.stop(self._peer)
