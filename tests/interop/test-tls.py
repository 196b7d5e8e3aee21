# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs that know TLS well against turnhouse-server: what they may speak, what they may not, and
that a certificate that changes every second costs nobody a session.

--swap-seconds changes how long it goes on changing.
"""

import argparse
import asyncio
import os
import re
import secrets
import shutil
import ssl
import tempfile
import xml.etree.ElementTree

from support import children
from support.certificates import Authority
from support.server import Server
from support.tap import Cases, Skip, main

try:
    import aioice
    import aioice.turn
except ImportError:
    aioice = None

SECONDS = 60
SWAP_SECONDS = 10
CLIENTS = 200
PAUSE_SECONDS = 0.2

SETTINGS = """
[limits]
user-quota = 0

[tls]
certificate = {chain}
private-key = {key}
"""


def s_client(server, options, said=''):
    """What openssl's client makes of the relay; said: what it sends then."""
    with tempfile.TemporaryFile('w+') as file:
        file.write(said)
        file.seek(0)
        return children.output(
            [children.program('openssl'), 's_client', '-connect', f'127.0.0.1:{server.tls_port}',
             '-servername', 'localhost', '-CAfile', server.root, *options], SECONDS, stdin=file)[1]


def speaks(server, version):
    written = s_client(server, ['-' + version])
    assert re.search(r'^New, TLSv1\.[23], Cipher is ', written, re.MULTILINE), written
    assert 'Verify return code: 0 (ok)' in written, written
    return re.search(r'Cipher is (\S+)', written)[1]


def does_not_speak(server, options):
    written = s_client(server, options)
    assert 'Cipher is (NONE)' in written, written


def answers_protocol(server, offered, chosen):
    written = s_client(server, ['-alpn', offered])
    assert (f'ALPN protocol: {chosen}' if chosen else 'alert') in written, written


def tells_browsers_what_it_is(server):
    written = s_client(server, ['-alpn', 'h2,http/1.1', '-quiet', '-ign_eof'],
                       'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    assert 'HTTP/1.1 421 Misdirected Request' in written, written
    assert 'TURN relay' in written, written


def does_not_renegotiate(server):
    written = s_client(server, ['-tls1_2'], 'R\n')
    assert 'RENEGOTIATING' in written, written
    assert re.search(r'no renegotiation|unexpected eof|errno', written), written


def resumes_sessions(server, version):
    """A ticket of the first connection opens the second."""
    with tempfile.TemporaryDirectory() as directory:
        ticket = os.path.join(directory, 'ticket')
        s_client(server, ['-' + version, '-sess_out', ticket, '-ign_eof'], binding())
        written = s_client(server, ['-' + version, '-sess_in', ticket])
    assert re.search(r'^Reused, TLS', written, re.MULTILINE), written


def binding():
    """Something that the relay closes the connection for, after its tickets are out."""
    return 'GET / HTTP/1.0\n\n'


def convinces_gnutls(server):
    code, written = children.output(
        [children.program('gnutls-cli'), '--x509cafile', server.root, '--alpn', 'stun.turn',
         '-p', str(server.tls_port), 'localhost'], SECONDS)
    assert code == 0 and '- Handshake was completed' in written, written
    assert '- Application protocol: stun.turn' in written, written


def shows_nothing_weak(server):
    code, written = children.output(
        [children.program('sslscan'), '--no-colour', '--xml=-',
         f'127.0.0.1:{server.tls_port}'], SECONDS)
    assert code == 0, written
    test = xml.etree.ElementTree.fromstring(written[written.index('<?xml'):]).find('ssltest')
    enabled = {protocol.get('version') for protocol in test.iter('protocol')
               if protocol.get('enabled') == '1'}
    assert enabled == {'1.2', '1.3'}, enabled
    ciphers = [cipher.get('cipher') for cipher in test.iter('cipher')]
    assert ciphers
    for cipher in test.iter('cipher'):
        assert cipher.get('strength') in ('strong', 'acceptable'), cipher.attrib
        assert re.search(r'GCM|CHACHA20|POLY1305|TLS_AES_128_CCM', cipher.get('cipher')), cipher.attrib
    assert all(row.get('supported') == '0' for row in test.iter('compression'))
    assert all(row.get('vulnerable') == '0' for row in test.iter('heartbleed'))
    return f'{len(ciphers)} ciphers'


class Echo(asyncio.DatagramProtocol):
    def connection_made(self, transport):
        self._transport = transport

    def datagram_received(self, data, address):
        self._transport.sendto(data, address)


class Listener(asyncio.DatagramProtocol):
    """One relayed client's end: what came back."""

    def __init__(self):
        self.arrived = asyncio.Queue()
        self.lost = False

    def datagram_received(self, data, _address):
        self.arrived.put_nowait(data)

    def connection_lost(self, _reason):
        self.lost = True


async def talk(server, context, echo, end):
    """One client for all the time: every packet that it sends must come back."""
    username, password = server.credentials('tls')
    transport, listener = await aioice.turn.create_turn_endpoint(
        Listener, ('localhost', server.tls_port), username, password, ssl=context, transport='tcp')
    sent = 0
    while asyncio.get_running_loop().time() < end:
        packet = secrets.token_bytes(100)
        transport.sendto(packet, echo)
        assert await asyncio.wait_for(listener.arrived.get(), SECONDS) == packet
        assert not listener.lost
        sent += 1
        await asyncio.sleep(PAUSE_SECONDS)
    transport.close()
    return sent


def put(pair, place):
    """As renewal does it: the files are there as a whole, one after the other."""
    for source, target in zip(pair, place):
        shutil.copy(source, target + '.new')
        os.chmod(target + '.new', 0o600)
        os.replace(target + '.new', target)


async def swap(server, pairs, end):
    shown = set()
    number = 0
    while asyncio.get_running_loop().time() < end:
        put(pairs[number % len(pairs)], server.place)
        number += 1
        await asyncio.sleep(1)
        reader, writer = await asyncio.open_connection(
            '127.0.0.1', server.tls_port, ssl=ssl._create_unverified_context())
        shown.add(writer.get_extra_info('ssl_object').getpeercert(True))
        writer.close()
    return number, len(shown)


async def keep_talking(server, pairs, seconds):
    loop = asyncio.get_running_loop()
    context = ssl.create_default_context(cafile=server.root)
    echo, _ = await loop.create_datagram_endpoint(Echo, local_addr=('127.0.0.1', 0))
    # Time for all to come in, too.
    end = loop.time() + seconds + CLIENTS / 50
    clients = [talk(server, context, echo.get_extra_info('sockname'), end) for _ in range(CLIENTS)]
    (swaps, shown), *sent = await asyncio.gather(swap(server, pairs, end), *clients)
    echo.close()
    assert shown >= min(len(pairs), swaps) // 2, f'{swaps} swaps, {shown} certificates seen'
    return f'{swaps} swaps, {shown} certificates, {CLIENTS} clients, {sum(sent)} packets'


def keeps_its_clients(server, pairs, seconds):
    if aioice is None:
        raise Skip('aioice is not installed')
    return asyncio.run(keep_talking(server, pairs, seconds))


def add_cases(cases, server, pairs, swap_seconds):
    for version in 'tls1_2', 'tls1_3':
        cases.add(f'/interop/tls/{version}', speaks, server, version)
        cases.add(f'/interop/tls/resumption/{version}', resumes_sessions, server, version)
    for name, options in {
            'tls1': ['-tls1', '-cipher', 'ALL:@SECLEVEL=0'],
            'tls1_1': ['-tls1_1', '-cipher', 'ALL:@SECLEVEL=0'],
            'rsa-key-exchange': ['-tls1_2', '-cipher', 'kRSA:@SECLEVEL=0'],
            'cbc': ['-tls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA'],
            'anonymous': ['-tls1_2', '-cipher', 'aNULL:eNULL:@SECLEVEL=0'],
            'diffie-hellman': ['-tls1_2', '-cipher', 'kDHE']}.items():
        cases.add(f'/interop/tls/not/{name}', does_not_speak, server, options)
    for offered, chosen in ('stun.turn', 'stun.turn'), ('http/1.1,stun.nat-discovery',
                                                        'stun.nat-discovery'), ('h2', None):
        cases.add(f'/interop/tls/alpn/{offered}', answers_protocol, server, offered, chosen)
    cases.add('/interop/tls/browser', tells_browsers_what_it_is, server)
    cases.add('/interop/tls/renegotiation', does_not_renegotiate, server)
    cases.add('/interop/tls/gnutls-cli', convinces_gnutls, server)
    cases.add('/interop/tls/sslscan', shows_nothing_weak, server)
    cases.add('/interop/tls/certificate-every-second', keeps_its_clients, server, pairs,
              swap_seconds)


def run():
    parser = argparse.ArgumentParser()
    parser.add_argument('server')
    parser.add_argument('--swap-seconds', type=int, default=SWAP_SECONDS)
    arguments = parser.parse_args()
    cases = Cases()
    with tempfile.TemporaryDirectory() as directory:
        authority = Authority(directory)
        pairs = [authority.pair(f'pair{number}') for number in range(10)]
        place = [os.path.join(directory, name) for name in ('chain.pem', 'key.pem')]
        put(pairs[0], place)
        with Server(arguments.server, SETTINGS.format(chain=place[0], key=place[1]),
                    tls=True) as server:
            server.root, server.place = authority.root, place
            add_cases(cases, server, pairs, arguments.swap_seconds)
            cases.add_last('/interop/tls/server-stops-cleanly', server.stop)
            return cases.run()


main(run)
