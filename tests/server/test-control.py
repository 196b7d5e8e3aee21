# SPDX-License-Identifier: GPL-3.0-or-later
"""What turnhouse-server can be told while it runs: --status, --rotate, --disconnect, --test-link,
--drain, each with real sessions; and who may not tell it, or does not know how to."""

import asyncio
import concurrent.futures
import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from call import Call, refusal
from house import House, assert_one_line, running, watched_by_systemd
from support.tap import Cases, Skip, main

SECONDS = 30
REQUEST_MAX = 4096
STATUS = b'{"command":"status"}\n'

# For somebody else; the server may have turned us away before we have said anything.
ASK_TO_DRAIN = """
import contextlib, socket, sys
with socket.socket(socket.AF_UNIX) as client:
    client.connect(sys.argv[1])
    with contextlib.suppress(BrokenPipeError):
        client.sendall(b'{"command":"drain"}\\n')
    print(client.recv(1000).decode())
"""

BAD_REQUESTS = {
    'empty-line': b'\n',
    'no-json': b'status\n',
    'an-array': b'["status"]\n',
    'a-text': b'"status"\n',
    'no-command': b'{}\n',
    'command-is-a-number': b'{"command":1}\n',
    'unknown-command': b'{"command":"reboot"}\n',
    'one-member-too-many': b'{"command":"status","user":"anna"}\n',
    'member-twice': b'{"command":"disconnect","user":"anna","user":"ben"}\n',
    'command-twice': b'{"command":"status","command":"drain"}\n',
    'member-missing': b'{"command":"rotate","kind":"secret"}\n',
    'kind-unknown': b'{"command":"rotate","kind":"all","revoke":false}\n',
    'revoke-is-a-text': b'{"command":"rotate","kind":"secret","revoke":"no"}\n',
    'user-is-empty': b'{"command":"disconnect","user":""}\n',
    'user-is-null': b'{"command":"disconnect","user":null}\n',
    'user-is-too-long': b'{"command":"disconnect","user":"' + b'u' * 1025 + b'"}\n',
    'nested': b'{"command":{"command":"drain"}}\n',
    'comment': b'{"command":"drain"/**/}\n',
    'nul-byte': b'{"command":"drain\0"}\n',
    'not-utf-8': b'{"command":"disconnect","user":"\xff"}\n',
    'two-lines': STATUS + STATUS,
    'more-behind-the-line': STATUS + b' ',
    'oversized': b'{"command":"disconnect","user":"' + b'u' * REQUEST_MAX + b'"}\n',
    'oversized-and-never-ending': b' ' * (1024 * 1024),
}


def with_server(case, binary):
    """Runs a case that is a coroutine beside a running server."""
    with running(binary) as house:
        asyncio.run(asyncio.wait_for(case(house), SECONDS))


async def tell(house, *arguments):
    return await asyncio.to_thread(house.run, *arguments)


async def credential(house, user, *options):
    return await asyncio.to_thread(house.credential, user, *options)


def connect(house):
    client = socket.socket(socket.AF_UNIX)
    client.settimeout(SECONDS)
    client.connect(os.path.join(house.state, 'control.sock'))
    return client


def receive(client):
    """All that comes until the server closes, as the one JSON object that it must be."""
    answer = b''
    while True:
        try:
            part = client.recv(65536)
        except ConnectionResetError:
            break  # of what we sent the server did not read the end
        if not part:
            break
        answer += part
    assert answer.count(b'\n') == 1 and answer.endswith(b'\n'), answer
    return json.loads(answer)


def ask(house, request):
    with connect(house) as client:
        with contextlib.suppress(BrokenPipeError):
            client.sendall(request)
        return receive(client)


# What the commands do

async def status(house):
    code, out, err = await tell(house, '--status')
    assert (code, err) == (0, ''), (code, err)
    assert re.search(r'^Turnhouse +running since 20\d\d-', out), out
    for transport in 'UDP', 'TCP':
        assert re.search(rf'{transport} +127\.0\.0\.1:{house.port}\n', out), out
    assert re.search(r'^Sessions +0 now, 0 since the start', out, re.MULTILINE), out
    assert re.search(r'^Secret +\d+ seconds? old', out, re.MULTILINE), out
    assert re.search(r'^Problems +none$', out, re.MULTILINE), out
    assert house.secret not in out and house.token not in out

    async with Call(house, *await credential(house, 'anna')) as call:
        await call.loses_nothing(5)
        now = await asyncio.to_thread(house.status)
        assert (now['state'], now['running'], now['draining']) == ('running', True, False), now
        assert now['now']['sessions'] == 1, now
        assert now['total']['packetsToPeers'] == 5, now
        assert [entry['bound'] for entry in now['listeners']] == [True, True], now
        assert f'turn:127.0.0.1:{house.port}?transport=udp' in now['urls'], now
        assert now['credentials']['secret']['former'] == [], now
        assert now['problems'] == [] and 'bitsPerSecond' in now and 'versions' in now, now
        since = time.mktime(time.strptime(now['since'], '%Y-%m-%dT%H:%M:%SZ')) - time.timezone
        assert abs(time.time() - since) < SECONDS, now
    assert house.secret not in json.dumps(now)


async def rotate(house):
    """Calls go on, credentials made before open new ones; what is made now is of the new secret."""
    old = await credential(house, 'anna')
    async with Call(house, *old) as call:
        echoes = asyncio.create_task(call.loses_nothing(200))
        code, out, err = await tell(house, '--rotate')
        assert (code, err) == (0, ''), (code, err)
        await echoes
        until = re.search(r'^The former one works until (\S+)\.$', out, re.MULTILINE)
        assert out.startswith('A new secret is in force.\n') and until, out
        new = await credential(house, 'anna')
        assert new[1] != old[1]
        former, = (await asyncio.to_thread(house.status))['credentials']['secret']['former']
        assert (former['sessions'], former['expiresAt']) == (1, until[1]), former
        assert 86300 < former['secondsLeft'] <= 86400, former
        async with Call(house, *old) as another, Call(house, *new) as third:
            await another.loses_nothing()
            await third.loses_nothing()
        await call.loses_nothing()
    await asyncio.to_thread(house.wait_until, lambda: house.status()['now']['sessions'] == 0)
    _, text, _ = await tell(house, '--status')
    left = r'\(2[34] hours more\), 0 sessions'
    assert re.search(rf'a former one works until {until[1]} {left}', text), text


async def revoke(house):
    """The leaked secret opens nothing more and what it opened ends; who has the new one stays."""
    oldest = await credential(house, 'anna')
    assert (await tell(house, '--rotate'))[0] == 0
    old = await credential(house, 'ben')
    async with Call(house, *oldest) as first, Call(house, *old) as second:
        for call in first, second:
            await call.loses_nothing(1)
        code, out, err = await tell(house, '--rotate', '--revoke', 'secret')
        assert (code, err) == (0, ''), (code, err)
        assert 'Former ones work no longer: 2 sessions ended\n' in out, out
        assert await first.is_over() and await second.is_over()
        assert await refusal(house, *oldest) == await refusal(house, *old) == 401
        new = await credential(house, 'cleo')
        async with Call(house, *new) as third:
            assert (await tell(house, '--rotate', 'api', '--revoke'))[0] == 0
            await third.loses_nothing()
    now = await asyncio.to_thread(house.status)
    assert now['credentials']['secret']['former'] == [], now


async def rotate_api(house):
    """Tokens stay good until revoked; the shared secret has nothing to do with it."""
    shared = await credential(house, 'ben')
    token = await credential(house, 'anna', '--scheme', 'jwt')
    async with Call(house, *token) as call, Call(house, *shared) as other:
        code, out, _ = await tell(house, '--rotate', 'api')
        assert code == 0 and out.startswith('A new API secret is in force.\n'), out
        await call.loses_nothing()
        former, = (await asyncio.to_thread(house.status))['credentials']['api']['former']
        assert former['sessions'] == 1, former
        assert await refusal(house, *token) is None
        code, out, _ = await tell(house, '--rotate', '--revoke', 'api')
        assert code == 0 and '1 session ended\n' in out, out
        assert await call.is_over()
        assert await refusal(house, *token) == 401
        await other.loses_nothing()
        assert await refusal(house, *shared) is None


async def disconnect(house):
    anna, ben = await credential(house, 'anna'), await credential(house, 'ben')
    async with (Call(house, *anna) as first, Call(house, *anna) as second,
                Call(house, *ben) as other):
        for call in first, second:
            await call.loses_nothing(1)
        code, out, err = await tell(house, '--disconnect', 'anna')
        assert (code, out, err) == (0, '2 sessions ended\n', ''), (code, out, err)
        assert (await asyncio.to_thread(house.status))['now']['sessions'] == 1
        assert await first.is_over() and await second.is_over()
        await other.loses_nothing()
        for nobody in 'anna', 'Jürgen', 'be', 'x' * 1024:
            code, out, err = await tell(house, '--disconnect', nobody)
            assert (code, out) == (1, ''), (code, out)
            assert_one_line(err)
        assert await refusal(house, *anna) is None  # he may come back


def health(house):
    try:
        with urllib.request.urlopen(f'http://127.0.0.1:{house.endpoint_port}/healthz',
                                    timeout=SECONDS) as answer:
            return answer.status, json.load(answer)['status']
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)['status']


async def test_link(house):
    code, link, note = await tell(house, '--test-link')
    assert code == 0 and link.count('\n') == 1, (code, link)
    assert re.fullmatch(r'It opens once, until [-\dT:]+Z\.\n', note), note

    def page():
        request = urllib.request.Request(link.strip(), headers={'Accept': 'text/html'})
        try:
            with urllib.request.urlopen(request, timeout=SECONDS) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
    assert await asyncio.to_thread(page) == 200
    assert await asyncio.to_thread(page) == 410
    other = (await tell(house, '--test-link'))[1]
    assert other != link and other.split('=')[0] == link.split('=')[0], (link, other)


async def drain(house):
    known = await credential(house, 'anna')
    assert health(house) == (200, 'ok')
    async with Call(house, *known) as call:
        code, out, err = await tell(house, '--drain')
        assert (code, err) == (0, ''), (code, err)
        assert out == 'No new sessions: the server ends with the last of 1.\n', out
        assert health(house) == (503, 'draining')
        assert await refusal(house, *known) == 508
        assert (await asyncio.to_thread(house.status))['draining']
        assert '\nDraining ' in (await tell(house, '--status'))[1]
        assert (await tell(house, '--drain'))[0] == 0  # twice is once
        await call.loses_nothing()  # by a channel that is bound while draining
        assert house.child.poll() is None
    assert await asyncio.to_thread(house.child.wait, SECONDS) == 0
    assert not os.path.exists(os.path.join(house.state, 'control.sock'))
    assert house.stop() == 0


async def drain_of_nobody(house):
    code, out, _ = await tell(house, '--drain')
    assert (code, out) == (0, 'No sessions: the server ends now.\n'), (code, out)
    assert await asyncio.to_thread(house.child.wait, SECONDS) == 0


def drain_tells_systemd(binary):
    with watched_by_systemd(binary) as (house, systemd):
        house.start()
        assert systemd.recv(1000) == b'READY=1'
        assert house.run('--drain')[0] == 0
        assert systemd.recv(1000) == b'STATUS=Draining: 0 sessions left'
        assert systemd.recv(1000) == b'STOPPING=1'


# Who asks, and how

def no_server(binary):
    with House(binary) as house:
        for command in (['--status'], ['--status', '--json'], ['--rotate'], ['--rotate', 'api'],
                        ['--disconnect', 'anna'], ['--test-link'], ['--drain']):
            code, out, err = house.run(*command)
            assert (code, out) == (1, ''), (command, code, out)
            assert_one_line(err)
            assert house.state in err, err
        assert not os.path.exists(house.state)


def is_for_the_owner(house):
    path = os.path.join(house.state, 'control.sock')
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.stat(house.state).st_mode & 0o777 == 0o700


def nobody_may_ask(house):
    """Not even where all modes are open, as somebody may have set them by hand."""
    if os.geteuid() != 0:
        raise Skip('only root can be somebody else')
    path = os.path.join(house.state, 'control.sock')

    def ask_as_nobody():
        return subprocess.run(['/usr/bin/python3', '-c', ASK_TO_DRAIN, path], user=65534,
                              group=65534, extra_groups=[], capture_output=True, text=True,
                              timeout=SECONDS, check=False)

    closed = ask_as_nobody()
    assert closed.returncode != 0 and 'PermissionError' in closed.stderr, closed
    os.chmod(house.directory, 0o755)
    os.chmod(house.state, 0o755)
    os.chmod(path, 0o777)
    open_to_all = ask_as_nobody()
    assert open_to_all.returncode == 0, open_to_all
    answer = json.loads(open_to_all.stdout)
    assert answer['ok'] is False and 'root' in answer['error'], answer
    assert not house.status()['draining']


def bad_request(house, request):
    answer = ask(house, request)
    assert answer['ok'] is False and set(answer) == {'ok', 'error'}, answer
    assert answer['error'] and '\n' not in answer['error'], answer
    assert not house.status()['draining']


def largest_request(house):
    """One byte less than too much, in pieces."""
    request = STATUS[:-1] + b' ' * (REQUEST_MAX - len(STATUS)) + b'\n'
    with connect(house) as client:
        for at in range(0, len(request), 1000):
            client.sendall(request[at:at + 1000])
            time.sleep(0.01)
        assert receive(client)['ok'] is True


def request_without_end(house):
    """Who leaves in the middle of a line gets nothing, and nobody is the worse for it."""
    with connect(house) as client:
        client.sendall(STATUS[:-1])
        client.shutdown(socket.SHUT_WR)
        assert client.recv(1) == b''
    house.status()


def slow_client(house):
    """Is told so after some seconds; others are served meanwhile."""
    with connect(house) as client:
        began = time.monotonic()
        client.sendall(STATUS[:5])
        house.status()
        answer = receive(client)
        assert answer['ok'] is False and 'too long' in answer['error'], answer
        assert 4 < time.monotonic() - began < SECONDS


def a_hundred_at_once(house):
    clients = [connect(house) for _ in range(100)]
    for client in clients:
        client.sendall(STATUS)
    for client in clients:
        with client:
            assert receive(client)['running'] is True


def a_hundred_change_at_once(house):
    """Each rotation is made, one after the other."""
    def rotate_once(_):
        return ask(house, b'{"command":"rotate","kind":"secret","revoke":false}\n')

    with concurrent.futures.ThreadPoolExecutor(100) as pool:
        answers = list(pool.map(rotate_once, range(100)))
    assert all(answer['ok'] for answer in answers), answers
    assert len(house.status()['credentials']['secret']['former']) == 14


def more_than_can_be_served(house):
    """The last ones are told so; the first ones still get their answer."""
    with contextlib.ExitStack() as stack:
        clients = []
        refused = None
        while refused is None and len(clients) < 1000:
            client = stack.enter_context(connect(house))
            client.setblocking(False)
            try:
                time.sleep(0.001)
                refused = client.recv(1000)
            except BlockingIOError:
                clients.append(client)
        assert refused and json.loads(refused)['ok'] is False, len(clients)
        for client in clients[:100]:
            client.settimeout(SECONDS)
            client.sendall(STATUS)
            assert receive(client)['ok'] is True


def gone_client(house):
    """Nobody is there any more to hear the answer."""
    for _ in range(50):
        with connect(house) as client:
            client.sendall(b'{"command":"rotate","kind":"api","revoke":true}\n')
    house.status()


def stale_socket(binary):
    with running(binary) as house:
        path = os.path.join(house.state, 'control.sock')
        os.kill(house.child.pid, signal.SIGKILL)
        house.child.wait(SECONDS)
        assert os.path.exists(path)
        code, _, err = house.run('--status')
        assert code == 1
        assert_one_line(err)
        house.start()
        house.wait_for_log(r'\bready$')
        assert house.status()['running']
        assert house.stop() == 0
        assert not os.path.exists(path)


def second_server(binary):
    """With other ports but the same state directory: would write over the first one's secrets."""
    with running(binary) as house, House(binary) as other:
        other.write_config()
        other.environment['STATE_DIRECTORY'] = house.state
        code, out, err = other.run('--config', other.config)
        assert (code, out) == (1, ''), (code, out)
        assert_one_line(err)
        assert house.state in err, err
        assert house.status()['running']


def path_too_long(binary):
    """The server runs, but says what it cannot do; so does who wants to ask it."""
    with House(binary) as house:
        house.state = house.environment['STATE_DIRECTORY'] = house.path('s' * 100)
        house.write_config()
        house.start()
        house.wait_for_log(r'\bready$')
        house.wait_for_log(r'warning: .*control\.sock.* 107 bytes')
        code, _, err = house.run('--status')
        assert code == 1 and '107 bytes' in err, (code, err)
        assert house.stop() == 0


def on(case):
    """A case that takes a house, with a server of its own."""
    def run_case(binary, *arguments):
        with running(binary) as house:
            case(house, *arguments)
            if house.child is not None and house.child.poll() is None:
                assert house.stop() == 0
    return run_case


def bad_requests(house):
    for name, request in BAD_REQUESTS.items():
        try:
            bad_request(house, request)
        except Exception as problem:
            raise AssertionError(f'{name}: {problem!r}') from problem


def run():
    binary = sys.argv[1]
    cases = Cases()
    for case in status, rotate, revoke, rotate_api, disconnect, test_link, drain, drain_of_nobody:
        name = case.__name__.replace('_', '-')
        cases.add(f'/server/control/{name}', with_server, case, binary)
    for case in drain_tells_systemd, no_server, stale_socket, second_server, path_too_long:
        cases.add(f'/server/control/{case.__name__.replace("_", "-")}', case, binary)
    for case in (is_for_the_owner, nobody_may_ask, bad_requests, largest_request,
                 request_without_end, slow_client, a_hundred_at_once, a_hundred_change_at_once,
                 more_than_can_be_served, gone_client):
        cases.add(f'/server/control/{case.__name__.replace("_", "-")}', on(case), binary)
    return cases.run(at_once=2)


main(run)
