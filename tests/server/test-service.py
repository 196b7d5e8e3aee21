# SPDX-License-Identifier: GPL-3.0-or-later
"""turnhouse-server as a service: ready, serving, stopping, and what it does without a port."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import urllib.error
import urllib.request

from aioice import stun, turn

from house import House, assert_one_line, running, watched_by_systemd
from support.tap import Cases, main

SECONDS = 30


def get(house, path, **headers):
    url = f'http://127.0.0.1:{house.endpoint_port}{path}'
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=SECONDS) as answer:
        return json.load(answer)


@contextlib.contextmanager
def taken(kind, port):
    """Somebody else has that port."""
    with socket.socket(socket.AF_INET, kind) as other:
        other.bind(('127.0.0.1', port))
        if kind == socket.SOCK_STREAM:
            other.listen()
        yield


def serves_and_stops(binary, number):
    with running(binary) as house:
        assert get(house, '/healthz')['status'] == 'ok'
        servers = get(house, '/api/ice-servers?user=anna&ttl=60')
        turn = servers['iceServers'][1]
        assert turn['urls'] == [f'turn:127.0.0.1:{house.port}?transport=udp',
                                f'turn:127.0.0.1:{house.port}?transport=tcp']
        assert turn['username'].endswith(':anna')
        child = house.child
        os.kill(child.pid, number)
        assert child.wait(SECONDS) == 0
        assert house.stop() == 0


def stops_while_starting(binary):
    """A signal at any moment of the start ends it well, or by the signal; it never hangs."""
    for delay in range(0, 60, 6):
        with House(binary) as house:
            house.write_config()
            child = house.start()
            with contextlib.suppress(Exception):
                child.wait(delay / 200)
            os.kill(child.pid, signal.SIGTERM)
            assert child.wait(SECONDS) in (0, -signal.SIGTERM)


def tells_systemd(binary):
    with watched_by_systemd(binary) as (house, systemd):
        house.start()
        assert systemd.recv(1000) == b'READY=1'
        assert house.stop() == 0
        assert systemd.recv(1000) == b'STOPPING=1'


def tells_systemd_in_the_abstract(binary):
    with House(binary) as house, socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        name = f'turnhouse-test-{os.path.basename(house.directory)}'
        house.environment['NOTIFY_SOCKET'] = '@' + name
        systemd.bind('\0' + name)
        systemd.settimeout(SECONDS)
        house.write_config()
        house.start()
        assert systemd.recv(1000) == b'READY=1'


def one_transport_taken(binary):
    """What is left serves on, systemd is told, and the log does not say that all is well."""
    with watched_by_systemd(binary) as (house, systemd):
        with taken(socket.SOCK_STREAM, house.port):
            house.start()
            told = systemd.recv(1000).decode()
            assert told.startswith('READY=1\nSTATUS=') and str(house.port) in told, told
            house.wait_for_log(rf'warning: .*Port {house.port} \(TCP\) is taken .*python')
            urls = get(house, '/api/ice-servers')['iceServers'][1]['urls']
            assert urls == [f'turn:127.0.0.1:{house.port}?transport=udp'], urls
            assert house.stop() == 0
            assert ' ready' not in house.log()


def relay_port_taken(binary):
    with House(binary) as house:
        house.write_config()
        with taken(socket.SOCK_STREAM, house.port), taken(socket.SOCK_DGRAM, house.port):
            assert house.start().wait(SECONDS) == 1
            log = house.log()
            assert_one_line(log)
            assert f'Port {house.port} is taken' in log and str(house.port + 1) in log, log


def endpoint_port_taken(binary):
    with House(binary) as house:
        house.write_config()
        with taken(socket.SOCK_STREAM, house.endpoint_port):
            house.start()
            house.wait_for_log(f'endpoint’s port {house.endpoint_port} is taken')
            house.wait_for_log('TURN over TCP')
            assert house.stop() == 0


def check_passes(binary):
    with House(binary) as house:
        house.write_config()
        code, out, err = house.run('--config', house.config, '--check')
        assert (code, err) == (0, ''), (code, out, err)
        for transport in 'UDP', 'TCP':
            assert f'ok    allocation over {transport} 127.0.0.1:{house.port}' in out, out
        assert all(line.startswith('ok ') for line in out.splitlines()), out
        assert house.secret not in out and house.token not in out


def check_fails(binary):
    with House(binary) as house:
        house.write_config()
        with taken(socket.SOCK_DGRAM, house.port):
            code, out, _ = house.run('--config', house.config, '--check')
        assert code == 1
        assert f'FAIL  Port {house.port} (UDP) is taken' in out, out
        assert f'ok    allocation over TCP 127.0.0.1:{house.port}' in out, out


def secrets_stay_inside(binary):
    with running(binary) as house:
        credential = get(house, '/api/ice-servers', Authorization=f'Bearer {house.token}')
        password = credential['iceServers'][1]['credential']
        for guess in house.token + 'x', house.secret:
            try:
                get(house, '/api/ice-servers', Host='example.org', Authorization=f'Bearer {guess}')
                raise AssertionError('a wrong token was taken')
            except urllib.error.HTTPError as error:
                assert error.code == 401
                body = error.read().decode()
                assert house.secret not in body and house.token not in body
        for file in 'cmdline', 'environ':
            with open(f'/proc/{house.child.pid}/{file}', 'rb') as opened:
                seen = opened.read().decode(errors='replace')
            assert house.secret not in seen and house.token not in seen, file
        assert house.stop() == 0
        for value in house.secret, house.token, password:
            assert value not in house.log()


async def allocate(house, username, password):
    """As a client does that knows nothing of us; the relayed address."""
    transport, _ = await turn.create_turn_endpoint(
        asyncio.DatagramProtocol, ('127.0.0.1', house.port), username, password)
    address = transport.get_extra_info('sockname')
    transport.close()
    await asyncio.sleep(0.1)  # lets it say good-bye
    return address


def token_is_a_password(binary):
    with running(binary) as house:
        code, out, _ = house.run('--config', house.config, '--scheme', 'jwt', '--json',
                                 '--credentials', 'anna')
        assert code == 0
        credential = json.loads(out)['credential']
        assert asyncio.run(allocate(house, 'anna', credential))[0] == '127.0.0.1'


def logs_who_is_refused(binary):
    """Once, and once more at the tenth time."""
    with running(binary) as house:
        credential = get(house, '/api/ice-servers?user=anna')['iceServers'][1]
        name = credential['username']
        for _ in range(10):
            try:
                asyncio.run(allocate(house, name, 'a wrong password'))
                raise AssertionError('a wrong password was taken')
            except stun.TransactionFailed as failure:
                assert failure.response.attributes['ERROR-CODE'][0] == 401
        line = (r'message: turnhouse-server: The password does not match the secret of this relay '
                r'\(401\): anna at 127\.0\.0\.1:\d+ over UDP')
        house.wait_for_log(line + ', 10 times$')
        assert asyncio.run(allocate(house, name, credential['credential']))
        assert house.stop() == 0
        log = house.log()
        assert 1 <= log.count('does not match') <= 2, log
        assert 'A call began' not in log
        assert 'a wrong password' not in log and credential['credential'] not in log


def logs_sessions_when_asked(binary):
    with House(binary) as house:
        house.environment['G_MESSAGES_DEBUG'] = 'turnhouse-server'
        house.write_config()
        house.start()
        house.wait_for_log(r'\bready$')
        credential = get(house, '/api/ice-servers?user=anna')['iceServers'][1]
        assert asyncio.run(allocate(house, credential['username'], credential['credential']))
        house.wait_for_log(r'info: turnhouse-server: A call began: anna at 127\.0\.0\.1:\d+ over')
        house.wait_for_log(r'info: turnhouse-server: A call ended after \d+ seconds?: anna at ')
        assert house.stop() == 0


def secret_is_kept_over_restarts(binary):
    """Without a configured secret, what was handed out yesterday works today."""
    with House(binary) as house:
        house.write_config()
        with open(house.config, encoding='utf-8') as file:
            text = file.read().replace(f'secret = {house.secret}', '')
        house.write_config(text.encode())
        kept = set()
        for _ in range(2):
            house.start()
            house.wait_for_log(r'\bready$')
            assert house.stop() == 0
            with open(os.path.join(house.state, 'secrets.json'), 'rb') as file:
                kept.add(file.read())
        assert len(kept) == 1


def run():
    binary = sys.argv[1]
    cases = Cases()
    for number in signal.SIGTERM, signal.SIGINT:
        cases.add(f'/server/service/serves-and-stops-by-{number.name}', serves_and_stops, binary,
                  number)
    cases.add('/server/service/stops-while-starting', stops_while_starting, binary)
    cases.add('/server/service/tells-systemd', tells_systemd, binary)
    cases.add('/server/service/tells-systemd-in-the-abstract', tells_systemd_in_the_abstract,
              binary)
    cases.add('/server/service/one-transport-taken', one_transport_taken, binary)
    cases.add('/server/service/relay-port-taken', relay_port_taken, binary)
    cases.add('/server/service/endpoint-port-taken', endpoint_port_taken, binary)
    cases.add('/server/service/secrets-stay-inside', secrets_stay_inside, binary)
    cases.add('/server/service/logs-who-is-refused', logs_who_is_refused, binary)
    cases.add('/server/service/logs-sessions-when-asked', logs_sessions_when_asked, binary)
    cases.add('/server/service/secret-is-kept-over-restarts', secret_is_kept_over_restarts, binary)
    cases.add('/server/service/token-is-a-password', token_is_a_password, binary)
    cases.add('/server/check/passes', check_passes, binary)
    cases.add('/server/check/fails', check_fails, binary)
    return cases.run(at_once=2)


main(run)
