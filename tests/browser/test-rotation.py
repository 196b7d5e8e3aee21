# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls in a real browser while secrets change, with credentials of every scheme.

A call that began before a rotation goes on without losing anything; its credentials, and those
from the new secret, open calls for as long as the old secret is accepted. Revoking ends what was
opened with the old one, and nothing else.
"""

import asyncio
import contextlib
import json
import sys
import time
import urllib.parse

import browsers
from aioice import stun, turn
from support import children
from support.server import Server
from support.tap import Cases, main
from website import Website

LIMIT_SECONDS = 60
MESSAGES = 40
LONGEST_FOR_COTURN = 256

# The scheme of credentials, and which secret it is made from.
SCHEMES = {'rest': 'secret', 'jwt': 'api', 'livekit': 'api'}


class Call:
    """A call in a browser of its own, inside a with block."""

    def __init__(self, website, server, name, credentials):
        self._website, self._name = website, name
        username, password = credentials
        website.box(f'/mail/{name}').put(json.dumps([{
            'urls': [f'turn:127.0.0.1:{server.port}?transport=udp'],
            'username': username, 'credential': password}]).encode())

    def __enter__(self):
        url = self._website.url + 'call.html?' + urllib.parse.urlencode({'call': self._name})
        self._browser = contextlib.ExitStack()
        self._browser.enter_context(browsers.visiting(browsers.chromium, url))
        return self

    def __exit__(self, *_):
        self._browser.close()

    def goes_on(self):
        """Waits until more messages have come back, all of those that were sent before."""
        first = self._report()
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            report = self._report()
            assert not report['over'], report
            assert time.monotonic() < deadline, report
            if report['answered'] >= first['sent'] + MESSAGES:
                break
        # Those of the last moment may be on their way.
        assert report['sent'] - report['answered'] <= 5, report
        return report

    def ends(self):
        deadline = time.monotonic() + LIMIT_SECONDS
        while True:
            report = self._report()
            if report['over']:
                return report
            assert time.monotonic() < deadline, report

    def _report(self):
        return self._website.result(self._name, LIMIT_SECONDS)


def allocates(server, credentials):
    """Whether clients are let in with these: coturn's, but its passwords are short, else aioice."""
    username, password = credentials
    if len(password) > LONGEST_FOR_COTURN:
        return asyncio.run(aioice_allocates(server, username, password))
    code, written = children.output(
        [children.program('turnutils_uclient'), '-m', '1', '-n', '2', '-c', '-y', '-u', username,
         '-w', password, '-p', str(server.port), '127.0.0.1'], LIMIT_SECONDS)
    assert (code == 0) != ('Cannot complete Allocation' in written), (code, written)
    return code == 0


async def aioice_allocates(server, username, password):
    try:
        transport, _ = await turn.create_turn_endpoint(
            asyncio.DatagramProtocol, server_addr=('127.0.0.1', server.port), username=username,
            password=password)
    except stun.TransactionFailed as refusal:
        assert '(401' in str(refusal), refusal
        return False
    transport.close()
    return True


def survives_rotation_and_ends_with_revoking(binary, scheme):
    kind = SCHEMES[scheme]
    with Server(binary) as server, Website() as website:
        old = server.minted('anna', scheme)
        assert allocates(server, old)
        with Call(website, server, 'old', old) as old_call:
            old_call.goes_on()
            server.run('--rotate', kind)
            report = old_call.goes_on()
            new = server.minted('anna', scheme)
            assert new != old
            assert allocates(server, old) and allocates(server, new)
            server.run('--rotate', '--revoke', kind)
            ended = old_call.ends()
        newest = server.minted('anna', scheme)
        assert not allocates(server, old) and not allocates(server, new)
        assert allocates(server, newest)
        with Call(website, server, 'newest', newest) as newest_call:
            newest_call.goes_on()
            other = 'api' if kind == 'secret' else 'secret'
            server.run('--rotate', '--revoke', other)
            newest_call.goes_on()
        server.stop()
    return f'{report["answered"]} messages before and after, {ended["answered"]} to the end'


def run():
    cases = Cases()
    for scheme in SCHEMES:
        cases.add(f'/browser/rotation/{scheme}', survives_rotation_and_ends_with_revoking,
                  sys.argv[1], scheme)
    return cases.run(at_once=len(SCHEMES))  # most of it is waiting for browsers to give up


main(run)
