# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates for tests, made by the openssl program."""

import os
import subprocess

from support import children

SECONDS = 60
LEAF = 'basicConstraints=CA:FALSE\nsubjectAltName={names}\n'
NAMES = 'DNS:localhost,IP:127.0.0.1'
DAYS = 2
AUTHORITY = 'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign\n'
KEYS = {'ec': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
        'rsa': ['-newkey', 'rsa:2048']}


class Authority:
    """A root and an authority below it, which signs the certificates of servers."""

    def __init__(self, directory):
        self._directory = directory
        self._openssl = children.program('openssl')
        self.root = self._make('root', 'ec', AUTHORITY, None)[0]
        self._middle = self._make('middle', 'ec', AUTHORITY, 'root')[0]

    def pair(self, name, kind='ec', names=NAMES, days=DAYS):
        """Paths of a chain, without the root, and of its key; negative days: it has expired."""
        certificate, key = self._make(name, kind, LEAF.format(names=names), 'middle', days)
        chain = self._path(name, 'chain')
        with open(chain, 'wb') as file:
            for part in certificate, self._middle:
                with open(part, 'rb') as source:
                    file.write(source.read())
        return chain, key

    def _make(self, name, kind, extensions, issuer, days=DAYS):
        certificate, key, request, extension_file = (
            self._path(name, ending) for ending in ('pem', 'key', 'csr', 'ext'))
        with open(extension_file, 'w', encoding='utf-8') as file:
            file.write(extensions)
        self._run('req', '-new', '-nodes', *KEYS[kind], '-keyout', key, '-subj', f'/CN={name}',
                  '-out', request)
        signer = ['-signkey', key]
        if issuer is not None:
            signer = ['-CA', self._path(issuer, 'pem'), '-CAkey', self._path(issuer, 'key')]
        self._run('x509', '-req', '-in', request, '-days', str(days), '-extfile', extension_file,
                  *signer, '-out', certificate)
        return certificate, key

    def _path(self, name, ending):
        return os.path.join(self._directory, f'{name}.{ending}')

    def _run(self, *arguments):
        subprocess.run([self._openssl, *arguments], check=True, timeout=SECONDS,
                       stdin=subprocess.DEVNULL, capture_output=True)
