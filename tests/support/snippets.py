# SPDX-License-Identifier: GPL-3.0-or-later
"""Snippets as "Connect an App" has them, filled in by the program write-snippets."""

import os
import subprocess

PLAIN = {
    'endpoint': 'https://turn.example.org:8489', 'token': 'a-token', 'secret': 'a-secret',
    'api-key': 'a-key', 'api-secret': 'an-api-secret', 'realm': 'a.realm', 'ttl': '7200',
    'local': '127.0.0.1', 'proxy': None,
}
URLS = ['stun:turn.example.org:3478', 'turn:turn.example.org:3478?transport=udp',
        'turn:turn.example.org:3478?transport=tcp', 'turns:turn.example.org:5349?transport=tcp']


def write(program, directory, urls=None, **values):
    """Writes all snippets to files in directory; a value that is None is left out."""
    values = PLAIN | {name.replace('_', '-'): value for name, value in values.items()}
    lines = [f'url {url}' for url in urls or URLS]
    lines += [f'{name} {value}' for name, value in values.items() if value is not None]
    subprocess.run([program, directory], input='\n'.join(lines) + '\n', text=True, check=True,
                   encoding='utf-8', timeout=30)


def read(directory, name):
    with open(os.path.join(directory, name), encoding='utf-8', newline='\n') as file:
        return file.read()


def write_for_server(program, directory, server, **values):
    """The same with the values of a running server."""
    urls = [f'stun:127.0.0.1:{server.port}', f'turn:127.0.0.1:{server.port}?transport=udp',
            f'turn:127.0.0.1:{server.port}?transport=tcp']
    write(program, directory, urls, secret=server.secret, api_key=server.api_key,
          api_secret=server.api_secret, realm='turnhouse',
          endpoint=f'http://127.0.0.1:{server.endpoint_port}', **values)
