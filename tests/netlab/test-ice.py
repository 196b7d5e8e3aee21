# SPDX-License-Identifier: GPL-3.0-or-later
"""The ICE test behind real NATs and firewalls: what it says of them is true, candidates are what
such a network has, and calls that can only go through the relay do."""

import json
import os
import re
import subprocess
import sys
import tempfile
import time

from netlab.networks import SERVER, SERVER_IPV6, Internet
from support import children
from support.certificates import Authority
from support.server import SANITIZER_REPORT
from support.tap import Cases, main

LIMIT_SECONDS = 40
START_SECONDS = 30
USER, PASSWORD = 'netlab', 'netlab-password'
PORT, TLS_PORT = 3478, 443

RELAY = f"""\
[relay]
listen = {', '.join(SERVER + SERVER_IPV6)}
port = {PORT}
tls-port = 0
external-address = {SERVER[0]}, {SERVER_IPV6[0]}
allow-peers = 198.51.100.0/24, 2001:db8::/32

[credentials]
users = {USER}:{PASSWORD}

[endpoint]
port = 0
"""

UDP = f'turn:{SERVER[0]}:{PORT}?transport=udp'
TCP = f'turn:{SERVER[0]}:{PORT}?transport=tcp'
TLS = f'turns:{SERVER[0]}:{TLS_PORT}?transport=tcp'
STUN = f'stun:{SERVER[0]}:{PORT}'
ALL = [STUN, UDP, TCP, TLS]


def wait_for(condition, what):
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


class Lab:
    """The internet with our relay, and coturn for TLS."""

    def __init__(self, server, visitor, panel):
        self._server, self._visitor, self._panel = server, visitor, panel
        self._children = []

    @property
    def has_panel(self):
        """Whether the program of the panel was built, whose command line has the test."""
        return self._panel is not None

    def __enter__(self):
        self._directory = tempfile.TemporaryDirectory(prefix='turnhouse-netlab-')
        self.internet = Internet().__enter__()
        try:
            self._start_relay()
            self._start_coturn()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for child in self._children:
            children.stop(child)
        self.internet.__exit__()
        self._directory.cleanup()

    def visit(self, host, *arguments):
        """What a visitor on that host finds out."""
        code, written = children.output(
            self.internet.command(host, self._visitor, *arguments), LIMIT_SECONDS,
            env=self._environment())
        assert code == 0, f'{arguments} ended with {code}:\n{written}'
        return json.loads(written.splitlines()[-1])

    def test(self, host, *urls):
        """The report of turnhouse --ice-test on that host."""
        with open(self._path(f'{host}.errors'), 'wb') as errors:
            child = children.start(self.internet.command(
                host, self._panel, '--ice-test', '--json', '--user', USER, '--ca-file',
                self._path('root.pem'), *urls), stdout=subprocess.PIPE, stderr=errors,
                env=self._environment())
        written, _ = child.communicate(timeout=LIMIT_SECONDS)
        assert not SANITIZER_REPORT.search(self._log(f'{host}.errors'))
        return json.loads(written)

    def call(self, caller, callee, *urls):
        """Two visitors on two hosts, each of whose output is the other's input."""
        up, down = os.pipe(), os.pipe()
        ends = [
            subprocess.Popen(self.internet.command(host, self._visitor, role, *urls),
                             stdin=source, stdout=sink, stderr=subprocess.PIPE, text=True,
                             env=self._environment())
            for host, role, source, sink in (
                (caller, 'caller', down[0], up[1]), (callee, 'callee', up[0], down[1]))]
        for descriptor in *up, *down:
            os.close(descriptor)
        try:
            written = [end.communicate(timeout=LIMIT_SECONDS)[1] for end in ends]
        finally:
            for end in ends:
                end.kill()
        assert [end.returncode for end in ends] == [0, 0], '\n'.join(written)
        return [json.loads(text.splitlines()[-1]) for text in written]

    def _environment(self):
        return os.environ | {'TURN_USER': USER, 'TURN_PASSWORD': PASSWORD}

    def _path(self, name):
        return os.path.join(self._directory.name, name)

    def _log(self, name):
        with open(self._path(name), encoding='utf-8', errors='replace') as file:
            return file.read()

    def _start(self, name, *command):
        with open(self._path(name), 'wb') as log:
            child = children.start(self.internet.command('server', *command), stdout=log,
                                   stderr=log, env=os.environ | {
                                       'STATE_DIRECTORY': self._path('state')})
        self._children.append(child)

    def _start_relay(self):
        config = self._path('turnhouse.conf')
        with open(config, 'w', encoding='utf-8') as file:
            file.write(RELAY)
        os.chmod(config, 0o600)
        self._start('relay.log', self._server, '--config', config)
        wait_for(lambda: re.search(r'\bready\b', self._log('relay.log')),
                 'the relay does not become ready')

    def _start_coturn(self):
        certificate, key = Authority(self._directory.name).pair(
            'server', names=f'IP:{SERVER[0]}', days=60)
        self._start('coturn.log', children.program('turnserver'), '-n', '--no-cli',
                    f'--listening-ip={SERVER[0]}', f'--relay-ip={SERVER[0]}',
                    '--listening-port=3500', f'--tls-listening-port={TLS_PORT}',
                    '--lt-cred-mech', f'--user={USER}:{PASSWORD}', '--realm=netlab',
                    f'--cert={certificate}', f'--pkey={key}', '--min-port=40000',
                    '--max-port=40999', '--log-file=stdout', f'--pidfile={self._path("pid")}')
        wait_for(self._coturn_listens, 'coturn does not listen')

    def _coturn_listens(self):
        listening = subprocess.run(self.internet.command('server', 'ss', '-Hltn'),
                                   capture_output=True, text=True, check=True).stdout
        return f'{SERVER[0]}:{TLS_PORT} ' in listening


def candidates(found, kind, url=None):
    """The addresses of candidates of that type, of that server."""
    return [candidate['address'] for candidate in found['candidates']
            if candidate['type'] == kind and url in (None, candidate['url'])]


def check_nat(lab, host, mapping, filtering, mapped, words):
    found = lab.visit(host, 'nat', UDP)
    assert found['answered'] and found['rfc5780'], found
    assert (found['mapping'], found['filtering']) == (mapping, filtering), found
    assert found['mapped'] == mapped, found
    assert words in found['words'], found
    return found['words']


def check_gathering(lab, host, own, reflexive, relays):
    """@relays: the servers that give a relayed address; the others must not."""
    found = lab.visit(host, 'gather', *ALL)
    assert found['complete'], found
    assert candidates(found, 'host') == [own], found
    assert set(candidates(found, 'srflx')) == set(reflexive), found
    for url in UDP, TCP, TLS:
        assert len(candidates(found, 'relay', url)) == (url in relays), (url, found)
    assert found['candidates'][0]['time'] < 100000, found


def check_call(lab, host, through):
    found = lab.visit(host, 'call', UDP, TCP, TLS)
    assert found['done'] and found['returned'] > 0 and found['throughput'] > 0, found
    assert found['through'] == through, found
    return f'rtt {found["rtt"]} us, {found["throughput"] / 1e6:.1f} Mbit/s'


def check_silence(lab, host):
    found = lab.visit(host, 'nat', STUN, UDP)
    assert not found['answered'] and found['mapping'] == 'unknown', found
    assert 'blocked' in found['words'], found


def check_ipv6(lab):
    url = f'turn:[{SERVER_IPV6[0]}]:{PORT}?transport=udp'
    found = lab.visit('ipv6', 'nat', url, UDP)
    assert found['answered'] and found['mapping'] == 'none', found
    assert found['local'] == found['mapped'] == '2001:db8::6', found
    found = lab.visit('ipv6', 'gather', url, *ALL)
    assert found['complete'] and candidates(found, 'host') == ['2001:db8::6'], found
    assert candidates(found, 'relay', url) and not candidates(found, 'relay', UDP), found
    found = lab.visit('ipv6', 'call', url)
    assert found['done'] and found['returned'] > 0, found


def check_verdict(lab, host, verdict, findings, well, urls):
    """@well: of these URLs all stages pass, of others not."""
    report = lab.test(host, *urls)
    assert report['verdict'] == verdict, report
    assert {finding['id'] for finding in report['findings']} == findings, report
    assert {path['url'] for path in report['paths'] if path['ok']} == set(well), report
    return report['headline']


def check_closed_ports(lab):
    """The relay is reached, but a firewall before it drops what goes to the ports of calls."""
    rules = ('table ip closed { chain input { type filter hook input priority 0; '
             'iifname "wan" udp dport 49152-65535 drop; }; }')
    subprocess.run(lab.internet.command('server', 'nft', rules), check=True)
    try:
        return check_verdict(lab, 'cone', 'bad', {'ports-closed', 'no-tls'}, [UDP], [UDP])
    finally:
        subprocess.run(lab.internet.command('server', 'nft', 'delete table ip closed'), check=True)


def check_two_hosts(lab, caller, callee, *urls):
    at_caller, at_callee = lab.call(caller, callee, *urls)
    assert at_caller['returned'] >= 10 and at_callee['heard'] >= 10, (at_caller, at_callee)


def add_verdicts(cases, lab):
    relays = [UDP, TCP, TLS]
    ipv6 = f'turn:[{SERVER_IPV6[0]}]:{PORT}?transport=udp'
    cases.add('cone/verdict', check_verdict, lab, 'cone', 'good', set(), relays, relays)
    cases.add('symmetric/verdict', check_verdict, lab, 'symmetric', 'good', {'nat-symmetric'},
              relays, relays)
    cases.add('no-udp/verdict', check_verdict, lab, 'no_udp', 'limited',
              {'udp-blocked', 'no-srflx'}, [TCP, TLS], relays)
    cases.add('only-tls/verdict', check_verdict, lab, 'only_tls', 'limited',
              {'udp-blocked', 'tcp-blocked', 'no-srflx'}, [TLS], relays)
    cases.add_last('closed-ports/verdict', check_closed_ports, lab)
    cases.add('ipv6-only/verdict', check_verdict, lab, 'ipv6', 'limited', {'no-tls'}, [ipv6],
              [ipv6])


def add_cases(cases, lab):
    dependent = 'address-and-port-dependent'
    cases.add('cone/nat', check_nat, lab, 'cone', 'endpoint-independent', dependent,
              '198.51.100.11', 'one port for all destinations')
    cases.add('cone/candidates', check_gathering, lab, 'cone', '10.1.0.2', ['198.51.100.11'],
              [UDP, TCP, TLS])
    cases.add('symmetric/nat', check_nat, lab, 'symmetric', dependent, dependent,
              '198.51.100.12', 'will need the relay')
    cases.add('symmetric/candidates', check_gathering, lab, 'symmetric', '10.2.0.2',
              ['198.51.100.12'], [UDP, TCP, TLS])
    cases.add('symmetric/call', check_call, lab, 'symmetric', 'udp')
    cases.add('no-udp/nat', check_silence, lab, 'no_udp')
    cases.add('no-udp/candidates', check_gathering, lab, 'no_udp', '10.3.0.2', [], [TCP, TLS])
    cases.add('no-udp/call', check_call, lab, 'no_udp', 'tcp')
    cases.add('only-tls/nat', check_silence, lab, 'only_tls')
    cases.add('only-tls/candidates', check_gathering, lab, 'only_tls', '10.4.0.2', [], [TLS])
    cases.add('only-tls/call', check_call, lab, 'only_tls', 'tls')
    cases.add('ipv6-only', check_ipv6, lab)
    if lab.has_panel:
        add_verdicts(cases, lab)
    cases.add('between/cone-and-symmetric', check_two_hosts, lab, 'cone', 'symmetric', UDP)
    cases.add('between/symmetric-and-no-udp', check_two_hosts, lab, 'symmetric', 'no_udp', UDP, TCP)
    cases.add('between/only-tls-and-cone', check_two_hosts, lab, 'only_tls', 'cone', TLS, UDP)


def run(server, visitor, panel=None):
    children.program('nft')
    with Lab(server, visitor, panel) as lab:
        cases = Cases()
        add_cases(cases, lab)
        return cases.run(4)


if __name__ == '__main__':
    main(lambda: run(*sys.argv[1:]))
