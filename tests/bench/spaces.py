# SPDX-License-Identifier: GPL-3.0-or-later
"""The networks that servers are measured in: namespaces of our own, which nothing leaves."""

import subprocess

# As long as segments are cut by software and put together by NAPI, a veth pair is the nearest to a
# network card that one machine has.
CARD_LIKE = ['gro', 'on', 'tx-udp-segmentation', 'off', 'rx-udp-gro-forwarding', 'on']

# The networks for benchmarks (RFC 2544) hold the hosts of the load; a documentation network holds
# the link between the namespaces.
CLIENT_NET, PEER_NET, LINK = '198.18.0.0/16', '198.19.0.0/16', ('192.0.2.1', '192.0.2.2')


class Refused(Exception):
    """What the system does not let us do."""


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f'{" ".join(command)}: {(done.stderr or done.stdout).strip()}')


class Loopback:
    """One namespace, where server and load meet on loopback."""

    allow = '127.0.0.0/8'
    address = '127.0.0.1'
    hosts = []

    def __init__(self, name):
        self.server_space = self.load_space = name

    def __enter__(self):
        self._spaces = []
        try:
            for space in dict.fromkeys((self.server_space, self.load_space)):
                run('ip', 'netns', 'add', space)
                self._spaces.append(space)
                run('ip', '-n', space, 'link', 'set', 'lo', 'up')
            self._connect()
        except Refused:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for space in self._spaces:
            subprocess.run(['ip', 'netns', 'del', space], capture_output=True, check=False)

    def _connect(self):
        pass


class Link(Loopback):
    """Two namespaces with a veth pair between them."""

    allow = '198.18.0.0/15'
    address = LINK[0]
    hosts = ['--client-net', '198.18.0.1', '--peer-net', '198.19.0.1']

    def __init__(self, name):
        super().__init__(name)
        self.load_space = name + '-load'

    def _connect(self):
        run('ip', 'link', 'add', 'wire', 'netns', self.server_space, 'type', 'veth',
            'peer', 'name', 'wire', 'netns', self.load_space)
        for space, address in zip((self.server_space, self.load_space), LINK):
            run('ip', '-n', space, 'addr', 'add', f'{address}/30', 'dev', 'wire')
            run('ip', '-n', space, 'link', 'set', 'wire', 'up')
            run('ip', 'netns', 'exec', space, 'ethtool', '-K', 'wire', *CARD_LIKE)
        for net in CLIENT_NET, PEER_NET:
            run('ip', '-n', self.server_space, 'route', 'add', net, 'via', LINK[1])
            run('ip', '-n', self.load_space, 'route', 'add', 'local', net, 'dev', 'lo')
