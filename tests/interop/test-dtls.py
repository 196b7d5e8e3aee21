# SPDX-License-Identifier: GPL-3.0-or-later
"""openssl and gnutls-cli over DTLS against turnhouse-server: what they may speak, and what not."""

import os
import re
import subprocess
import sys
import tempfile

from support import children
from support.server import Server
from support.tap import Cases, main

SECONDS = 20


class Talk:
    """A program that is spoken to until it has written what was waited for."""

    def __init__(self, arguments):
        self._child = children.start(arguments, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT)
        self.written = ''

    def __enter__(self):
        return self

    def __exit__(self, *_):
        children.stop(self._child, 0)

    def say(self, text):
        self._child.stdin.write(text.encode())
        self._child.stdin.flush()

    def wait_for(self, pattern):
        """What was written so far; the program is at fault if it is another."""
        while not re.search(pattern, self.written, re.MULTILINE):
            more = os.read(self._child.stdout.fileno(), 65536)
            assert more, f'no “{pattern}” in:\n{self.written}'
            self.written += more.decode(errors='replace')
        return self.written


def s_client(server, host, *options):
    return Talk(['timeout', str(SECONDS), children.program('openssl'), 's_client', '-connect',
                 f'{host}:{server.tls_port}', *options])


def gnutls_cli(server, host, *options):
    return Talk(['timeout', str(SECONDS), children.program('gnutls-cli'), '--udp', '--insecure',
                 '-p', str(server.tls_port), *options, host])


def openssl_speaks(server, host, *options):
    with s_client(server, host, '-dtls1_2', *options) as talk:
        written = talk.wait_for(r'Verify return code')
    assert re.search(r'^New, TLSv1\.2, Cipher is ECDHE-', written, re.MULTILINE), written
    return re.search(r'Cipher is (\S+)', written)[1]


def openssl_is_refused(server, *options):
    with s_client(server, '127.0.0.1', *options) as talk:
        written = talk.wait_for(r'Cipher is \(NONE\)')
    return re.search(r'alert [a-z ]+', written)[0]


def answers_protocol(server, name):
    with s_client(server, '127.0.0.1', '-dtls1_2', '-alpn', name) as talk:
        talk.wait_for(f'ALPN protocol: {re.escape(name)}$')


def does_not_renegotiate(server):
    with s_client(server, '127.0.0.1', '-dtls1_2') as talk:
        talk.wait_for('Verify return code')
        talk.say('R\n')
        talk.wait_for('no renegotiation')


def resumes_sessions(server):
    with tempfile.TemporaryDirectory() as directory:
        ticket = os.path.join(directory, 'ticket')
        with s_client(server, '127.0.0.1', '-dtls1_2', '-sess_out', ticket) as talk:
            talk.wait_for('Verify return code')
            talk.say('Q\n')
            talk.wait_for('DONE')
        with s_client(server, '127.0.0.1', '-dtls1_2', '-sess_in', ticket) as talk:
            talk.wait_for('^Reused, TLSv1.2')


def gnutls_speaks(server, host):
    with gnutls_cli(server, host, '--alpn', 'stun.turn') as talk:
        written = talk.wait_for('Handshake was completed')
    assert '- Application protocol: stun.turn' in written, written
    return re.search(r'Description: (\S+)', written)[1]


def add_cases(cases, server):
    for name, host in ('ipv4', '127.0.0.1'), ('ipv6', '[::1]'):
        cases.add(f'/interop/dtls/openssl/{name}', openssl_speaks, server, host)
        cases.add(f'/interop/dtls/gnutls-cli/{name}', gnutls_speaks, server, host.strip('[]'))
    cases.add('/interop/dtls/openssl/short-datagrams', openssl_speaks, server, '127.0.0.1', '-mtu',
              '300')
    for name, options in {
            'dtls1': ['-dtls1', '-cipher', 'ALL:@SECLEVEL=0'],
            'rsa-key-exchange': ['-dtls1_2', '-cipher', 'kRSA:@SECLEVEL=0'],
            'cbc': ['-dtls1_2', '-cipher', 'ECDHE-ECDSA-AES256-SHA384:ECDHE-ECDSA-AES128-SHA'],
            'anonymous': ['-dtls1_2', '-cipher', 'aNULL:eNULL:@SECLEVEL=0'],
            'unknown-protocol': ['-dtls1_2', '-alpn', 'h2']}.items():
        cases.add(f'/interop/dtls/not/{name}', openssl_is_refused, server, *options)
    for name in 'stun.turn', 'stun.nat-discovery':
        cases.add(f'/interop/dtls/alpn/{name}', answers_protocol, server, name)
    cases.add('/interop/dtls/renegotiation', does_not_renegotiate, server)
    cases.add('/interop/dtls/resumption', resumes_sessions, server)


def run():
    cases = Cases()
    with Server(sys.argv[1], tls=True) as server:
        add_cases(cases, server)
        cases.add_last('/interop/dtls/server-stops-cleanly', server.stop)
        return cases.run()


main(run)
