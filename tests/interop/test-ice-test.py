# SPDX-License-Identifier: GPL-3.0-or-later
"""turnhouse --ice-test, without a display, against turnhouse-server and against coturn.

coturn speaks TLS and DTLS here, with certificates good and bad; each of them must lead to the one
finding that fits, and a good one to a green verdict.
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile

from support import children
from support.certificates import Authority
from support.coturn import Coturn
from support.server import SANITIZER_REPORT, Server
from support.tap import Cases, main

PANEL = sys.argv[2]
LIMIT_SECONDS = 60
# Name of the file, the finding, whether its authority is trusted, and what is special about it.
CERTIFICATES = [
    ('old', 'tls-expired', True, {'days': -1}),
    ('others', 'tls-name', True, {'names': 'DNS:turn.example.org'}),
    ('strange', 'tls-untrusted', False, {}),
    ('short', 'tls-expires-soon', True, {}),
]
CONSEQUENCES = {'only-host', 'no-srflx', 'no-relay'}
STAGES = ['dns', 'connect', 'tls', 'binding', 'allocate', 'permission', 'channel', 'echo']


def ice_test(*words, **environment):
    """Exit code and report."""
    clean = {name: value for name, value in os.environ.items()
             if name not in ('DISPLAY', 'WAYLAND_DISPLAY')}
    with tempfile.TemporaryFile('w+') as errors:
        child = children.start([PANEL, '--ice-test', '--json', *words], text=True,
                               stdout=subprocess.PIPE, stderr=errors,
                               env=clean | environment)
        written, _ = child.communicate(timeout=LIMIT_SECONDS)
        errors.seek(0)
        complaints = errors.read()
    assert not SANITIZER_REPORT.search(complaints), complaints
    assert 'schema' not in complaints, 'settings are looked for, and no one needs them'
    for secret in environment.values():
        assert secret not in written + complaints, 'a secret is told'
    return child.returncode, json.loads(written)


def found(report):
    """What is found about the servers, without what candidates are missing for it."""
    ids = [finding['id'] for finding in report['findings']]
    return [name for name in ids if name not in CONSEQUENCES]


def states(path):
    return {stage['name']: stage['state'] for stage in path['stages']}


def all_paths_are_well(report, number):
    assert len(report['paths']) == number, report
    for path in report['paths']:
        assert path['ok'], path
        assert [stage['name'] for stage in path['stages']] == STAGES, path


def urls(server):
    return [f'stun:localhost:{server.port}', f'turn:localhost:{server.port}',
            f'turn:localhost:{server.port}?transport=tcp']


def secure_urls(server):
    return [f'turns:localhost:{server.tls_port}',
            f'turns:localhost:{server.tls_port}?transport=udp']


# Our own relay


def own_relay_by_its_urls(server):
    code, report = ice_test(*urls(server), TURN_SECRET=server.secret)
    all_paths_are_well(report, 6)
    assert code == 0 and report['verdict'] == 'limited', report
    assert found(report) == ['no-tls'], report
    assert report['microseconds'] < 3_000_000, report
    return f'{report["microseconds"] / 1000:.0f} ms'


def own_relay_by_its_endpoint(server, path):
    code, report = ice_test(f'http://127.0.0.1:{server.endpoint_port}{path}')
    assert code == 0 and report['paths'] and all(path['ok'] for path in report['paths']), report
    assert not report['notServers'], report


def own_relay_with_a_wrong_secret(server):
    code, report = ice_test(*urls(server)[1:], TURN_SECRET='x' * 32)
    assert code == 1 and report['verdict'] == 'bad', report
    assert found(report) == ['wrong-secret'], report
    for path in report['paths']:
        assert states(path)['allocate'] == 'failed', path
        assert [stage.get('code') for stage in path['stages']][4] == 401, path


# coturn


def coturn_is_well(authority):
    with Coturn('allow-loopback-peers', pair=authority.pair('good', days=60)) as coturn:
        code, report = ice_test(*urls(coturn), *secure_urls(coturn), '--ca-file', authority.root,
                                TURN_SECRET=coturn.secret)
    all_paths_are_well(report, 10)
    assert code == 0 and report['verdict'] == 'good' and not report['findings'], report
    assert any('Coturn' in path.get('software', '') for path in report['paths']), report
    secure = [path['certificate'] for path in report['paths'] if 'certificate' in path]
    assert len(secure) == 4 and all('localhost' in it['names'] for it in secure), secure
    return f'{report["microseconds"] / 1000:.0f} ms'


def certificate_leads_to(authority, name, expected, trusted, options):
    with Coturn('allow-loopback-peers', pair=authority.pair(name, **options)) as coturn:
        words = ['--ca-file', authority.root] if trusted else []
        code, report = ice_test(*urls(coturn), *secure_urls(coturn), *words,
                                TURN_SECRET=coturn.secret)
    assert code == 0 and report['verdict'] == 'limited', report
    assert found(report) == [expected], report
    for path in report['paths']:
        secure = path['url'].startswith('turns:')
        bad = secure and expected != 'tls-expires-soon'
        assert (states(path)['tls'] == 'failed') == bad == (not path['ok']), path
        assert ('certificate' in path) == secure, path


def coturn_denies_loopback_peers():
    with Coturn() as coturn:
        code, report = ice_test(f'turn:127.0.0.1:{coturn.port}', TURN_SECRET=coturn.secret)
    assert code == 1 and found(report) == ['peer-denied'], report
    assert 'loopback' in report['findings'][0]['evidence'], report
    assert states(report['paths'][0])['permission'] == 'failed', report


def coturn_with_an_old_credential():
    with Coturn() as coturn:
        mac = hmac.new(coturn.secret.encode(), b'1700000000:anna', hashlib.sha1)
        password = base64.b64encode(mac.digest()).decode()
        code, report = ice_test(f'turn:127.0.0.1:{coturn.port}', '--user', '1700000000:anna',
                                TURN_PASSWORD=password)
    assert code == 1 and found(report) == ['credential-expired'], report


def coturn_without_credentials():
    with Coturn() as coturn:
        code, report = ice_test(f'turn:127.0.0.1:{coturn.port}')
    assert code == 1 and found(report) == ['no-credentials'], report


def coturn_over_its_quota():
    with Coturn('allow-loopback-peers', 'total-quota=1') as coturn:
        words = [f'turn:127.0.0.1:{coturn.port}', f'turn:127.0.0.1:{coturn.port}?transport=tcp']
        _, report = ice_test(*words, TURN_SECRET=coturn.secret)
    assert 'quota-reached' in found(report), report


def tls_on_a_plain_port():
    with Coturn() as coturn:
        code, report = ice_test(f'turns:127.0.0.1:{coturn.port}', TURN_SECRET=coturn.secret)
    assert code == 1 and found(report) == ['tls-failed'], report


def run():
    cases = Cases()
    prefix = '/interop/ice-test/'
    with tempfile.TemporaryDirectory() as directory, Server(sys.argv[1]) as server:
        authority = Authority(directory)
        cases.add(prefix + 'own-relay-by-its-urls', own_relay_by_its_urls, server)
        for path in ('', '/', '/api/ice-servers', '/api/livekit/ice-config', '/client/meta',
                     '/turn?service=turn&username=anna'):
            cases.add(f'{prefix}own-relay-by-its-endpoint{path}', own_relay_by_its_endpoint,
                      server, path)
        cases.add(prefix + 'own-relay-with-a-wrong-secret', own_relay_with_a_wrong_secret, server)
        cases.add(prefix + 'coturn-is-well', coturn_is_well, authority)
        for name, expected, trusted, options in CERTIFICATES:
            cases.add(f'{prefix}certificate/{expected}', certificate_leads_to, authority, name,
                      expected, trusted, options)
        for function in (coturn_denies_loopback_peers, coturn_with_an_old_credential,
                         coturn_without_credentials, coturn_over_its_quota, tls_on_a_plain_port):
            cases.add(prefix + function.__name__.replace('_', '-'), function)
        cases.add_last(prefix + 'server-stops-cleanly', server.stop)
        return cases.run()


main(run)
