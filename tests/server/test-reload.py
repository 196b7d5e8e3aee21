# SPDX-License-Identifier: GPL-3.0-or-later
"""SIGHUP: the configuration is read again, and calls notice nothing."""

import asyncio
import json
import os
import re
import secrets
import signal
import sys
import urllib.error
import urllib.request

from call import Call, refusal
from house import House, running, watched_by_systemd
from support.certificates import Authority
from support.ports import free_port
from support.tap import Cases, main

SECONDS = 30
READ_AGAIN = 'the configuration was read again'
KEPT = 'The configuration stays as it was'

BAD_CHANGES = {
    'unknown-key': ('[relay]', '[relay]\nprot = 1'),
    'bad-value': ('workers = 1', 'workers = many'),
    'secret-twice': ('[credentials]', '[credentials]\nsecret-file = secret'),
    'users-file-missing': ('[credentials]', '[credentials]\nusers-file = nowhere'),
    'tokens-file-missing': ('tokens = ', 'tokens-file = nowhere\n# '),
    'secret-file-missing': ('secret = ', 'secret-file = nowhere\n# '),
}


def change(house, old, new):
    """Writes the configuration with one thing that is another."""
    text = house.good_config()
    assert old in text
    house.write_config(text.replace(old, new, 1).encode())


def hang_up(house, expected=READ_AGAIN):
    """Sends SIGHUP; returns what the log says of it, which must be in it once more than before."""
    before = house.log()
    house.child.send_signal(signal.SIGHUP)
    house.wait_until(lambda: house.log().count(expected) > before.count(expected))
    return house.log()[len(before):]


def with_server(case, binary, *arguments):
    with running(binary) as house:
        asyncio.run(asyncio.wait_for(case(house, *arguments), SECONDS))
        assert house.stop() == 0


async def credential(house, user, *options):
    return await asyncio.to_thread(house.credential, user, *options)


def get(house, path, token, port=None):
    request = urllib.request.Request(
        f'http://127.0.0.1:{port or house.endpoint_port}{path}',
        headers={'Host': 'example.org', 'Authorization': f'Bearer {token}'})
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, None


async def same_again(house):
    """Nothing has changed: nothing happens, ten times."""
    async with Call(house, *await credential(house, 'anna')) as call:
        for _ in range(10):
            said = await asyncio.to_thread(hang_up, house)
            assert 'restart' not in said and 'warning' not in said, said
            await call.loses_nothing(3)
    with open(os.path.join(house.state, 'secrets.json'), encoding='utf-8') as file:
        assert json.load(file)['history'] == []


async def bad_file(house, old, new):
    """One line says what is wrong; secret, users and tokens stay those of before."""
    async with Call(house, *await credential(house, 'anna')) as call:
        before = await asyncio.to_thread(house.status)
        house.secret = secrets.token_hex(32)
        change(house, old, new)
        said = await asyncio.to_thread(hang_up, house, KEPT)
        line, = (line for line in said.splitlines() if KEPT in line)
        assert line.startswith('warning: '), line
        assert re.search(r'(server\.conf|nowhere):(\d+:)? ', line), line
        await call.loses_nothing()
        after = await asyncio.to_thread(house.status)
        assert after['credentials'] == before['credentials'], after
        assert get(house, '/api/ice-servers', house.token)[0] == 200


async def secret(house):
    """Becomes current; the former one is accepted for a while."""
    old = await credential(house, 'anna')
    async with Call(house, *old) as call:
        house.secret = secrets.token_hex(32)
        house.write_config()
        await asyncio.to_thread(hang_up, house)
        await asyncio.to_thread(house.wait_until,
                                lambda: house.status()['credentials']['secret']['former'])
        new = await credential(house, 'anna')
        assert new[1] != old[1]
        await call.loses_nothing()
        for known in old, new:
            assert await refusal(house, *known) is None
    with open(os.path.join(house.state, 'secrets.json'), encoding='utf-8') as file:
        event, = json.load(file)['history']
    assert (event['deed'], event['by']) == ('configured', 'configuration'), event


async def secret_file(house):
    """Its contents change, the configuration does not."""
    path = house.path('secret')

    def write_secret():
        with open(path, 'w', encoding='utf-8', opener=lambda *a: os.open(*a, 0o600)) as file:
            file.write(secrets.token_hex(32))

    write_secret()
    change(house, f'secret = {house.secret}', 'secret-file = secret')
    for former in 1, 2:
        await asyncio.to_thread(hang_up, house)
        await asyncio.to_thread(
            house.wait_until,
            lambda: len(house.status()['credentials']['secret']['former']) == former)
        write_secret()


async def users(house):
    """Whoever is new may come, whoever is not named any more may not."""
    path = house.path('users')

    def write_users(text):
        with open(path, 'w', encoding='utf-8', opener=lambda *a: os.open(*a, 0o600)) as file:
            file.write(text)

    write_users('anna:one\n')
    change(house, '[credentials]', '[credentials]\nusers-file = users')
    assert await refusal(house, 'anna', 'one') == 401
    await asyncio.to_thread(hang_up, house)
    assert await refusal(house, 'anna', 'one') is None
    write_users('ben:two\n')
    await asyncio.to_thread(hang_up, house)
    assert await refusal(house, 'anna', 'one') == 401
    assert await refusal(house, 'ben', 'two') is None
    write_users('ben\n')
    said = await asyncio.to_thread(hang_up, house, KEPT)
    assert f'{path}:1: ' in said, said
    assert await refusal(house, 'ben', 'two') is None


async def tokens(house):
    path = house.path('tokens')
    fresh = secrets.token_hex(32)
    with open(path, 'w', encoding='utf-8', opener=lambda *a: os.open(*a, 0o600)) as file:
        file.write(f'chat:{house.token}\n')
    change(house, 'tokens = ', 'tokens-file = tokens\n# ')
    await asyncio.to_thread(hang_up, house)
    assert get(house, '/api/ice-servers', house.token)[0] == 200
    assert get(house, '/api/ice-servers', fresh)[0] == 401
    with open(path, 'w', encoding='utf-8') as file:
        file.write(f'chat:{fresh}\n')
    await asyncio.to_thread(hang_up, house)
    assert get(house, '/api/ice-servers', house.token)[0] == 401
    assert get(house, '/api/ice-servers', fresh)[0] == 200


async def endpoint_port(house):
    port = free_port()
    change(house, f'port = {house.endpoint_port}', f'port = {port}')
    async with Call(house, *await credential(house, 'anna')) as call:
        await asyncio.to_thread(hang_up, house)
        assert get(house, '/api/ice-servers', house.token, port)[0] == 200
        await call.loses_nothing()


async def rules(house):
    """Peers and quotas: for those who are there too, and nobody loses what he has."""
    known = await credential(house, 'anna')
    async with Call(house, *known) as call, Call(house, *known) as other:
        await call.loses_nothing()
        change(house, 'allow-peers = 127.0.0.0/8', 'deny-peers = 127.0.0.1')
        said = await asyncio.to_thread(hang_up, house)
        assert 'restart' not in said, said
        await call.loses_nothing()
        assert await other.is_refused()
        change(house, '[relay]', '[limits]\nuser-quota = 2\n[relay]')
        await asyncio.to_thread(hang_up, house)
        assert await refusal(house, *known) == 486
        await other.loses_nothing()
        await call.loses_nothing()
        house.write_config()
        await asyncio.to_thread(hang_up, house)
        assert await refusal(house, *known) is None


async def what_waits(house):
    """Is named, and nothing else; users' keys stay those of the realm that clients are told."""
    async with Call(house, *await credential(house, 'anna')) as call:
        first = house.good_config()
        moved = first.replace(f'port = {house.port}', f'port = {free_port()}\nrealm = elsewhere')
        moved = moved.replace('[credentials]', '[credentials]\nusers = ben:two')
        house.write_config(moved.encode())
        said = await asyncio.to_thread(hang_up, house)
        assert 'relay/port, relay/realm: takes effect after a restart\n' in said, said
        await call.loses_nothing()
        assert await refusal(house, 'ben', 'two') is None
        house.write_config()
        assert 'relay/port, relay/realm' in await asyncio.to_thread(hang_up, house)
        said = await asyncio.to_thread(hang_up, house)
        assert 'restart' not in said, said


async def hourly_test(house):
    """A server tests itself where it is told to; this one has no room for that."""
    async with Call(house, *await credential(house, 'anna')) as call:
        change(house, '[relay]', '[ice-test]\nhourly = true\n[limits]\ntotal-quota = 1\n[relay]')
        await asyncio.to_thread(hang_up, house)
        await asyncio.to_thread(
            house.wait_until, lambda: 'The relay failed its own test' in house.log())
        await call.loses_nothing()


async def drains_on(house):
    """A server that drains does so with any configuration."""
    async with Call(house, *await credential(house, 'anna')) as call:
        assert (await asyncio.to_thread(house.run, '--drain'))[0] == 0
        change(house, '[relay]', '[limits]\nuser-quota = 2\n[relay]')
        await asyncio.to_thread(hang_up, house)
        assert await refusal(house, *await credential(house, 'ben')) == 508
        await call.loses_nothing()
    assert await asyncio.to_thread(house.child.wait, SECONDS) == 0


async def certificate(house):
    """Files behind links in another folder are not watched; SIGHUP has them read."""
    os.mkdir(house.path('live'))
    authority = Authority(house.directory)
    links = house.path('live/chain.pem'), house.path('live/key.pem')
    for path, link in zip(authority.pair('first'), links):
        os.symlink(path, link)
    text = house.good_config() + f'\n[tls]\ncertificate = {links[0]}\nprivate-key = {links[1]}\n'
    house.write_config(text.encode())
    await asyncio.to_thread(hang_up, house, 'The certificate in use is now that of CN=first')
    for path, link in zip(authority.pair('second'), links):
        os.replace(path, os.path.realpath(link))
    await asyncio.to_thread(hang_up, house, 'The certificate in use is now that of CN=second')


def tells_systemd(binary):
    with watched_by_systemd(binary) as (house, systemd):
        house.start()
        assert systemd.recv(1000) == b'READY=1'
        for expected in READ_AGAIN, KEPT:
            hang_up(house, expected)
            assert re.fullmatch(rb'RELOADING=1\nMONOTONIC_USEC=\d+', systemd.recv(1000))
            assert systemd.recv(1000) == b'READY=1'
            house.write_config(b'[relais]\n')
        assert house.stop() == 0


def pipe_is_not_read_again(binary):
    """It would be empty, and everything back at its default."""
    with House(binary) as house:
        house.write_config()
        os.rename(house.config, house.path('text'))
        os.mkfifo(house.config)
        house.start()
        with open(house.config, 'w', encoding='utf-8') as pipe:
            pipe.write(house.good_config())
        house.wait_for_log(r'\bready$')
        hang_up(house, KEPT)
        assert get(house, '/api/ice-servers', house.token)[0] == 200
        assert house.stop() == 0


def found_by_itself(binary):
    """The file that is read where --config names none."""
    with House(binary) as house:
        folder = house.path('config/turnhouse')
        os.makedirs(folder)
        house.write_config()
        os.rename(house.config, os.path.join(folder, 'turnhouse-server.conf'))
        house.start(with_config=False)
        house.wait_for_log(r'\bready$')
        hang_up(house)
        assert house.stop() == 0


def run():
    binary = sys.argv[1]
    cases = Cases()
    for case in (same_again, secret, secret_file, users, tokens, endpoint_port, rules, what_waits,
                 hourly_test, drains_on, certificate):
        name = case.__name__.replace('_', '-')
        cases.add(f'/server/reload/{name}', with_server, case, binary)
    for name, (old, new) in BAD_CHANGES.items():
        cases.add(f'/server/reload/bad-file/{name}', with_server, bad_file, binary, old, new)
    for case in tells_systemd, pipe_is_not_read_again, found_by_itself:
        cases.add(f'/server/reload/{case.__name__.replace("_", "-")}', case, binary)
    return cases.run(at_once=2)


main(run)
