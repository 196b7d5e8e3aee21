# SPDX-License-Identifier: GPL-3.0-or-later
"""An internet of network namespaces: a host with two addresses for servers, and behind routers of
different kinds one host each. Nothing leaves it, and leaving the with block removes it.

    server  198.51.100.1, .2; 2001:db8::1, ::2
    cone    10.1.0.2 behind 198.51.100.11: one port for all destinations, which lets in answers
    symmetric 10.2.0.2 behind 198.51.100.12: a new port for each destination
    no_udp  10.3.0.2 behind 198.51.100.13: TCP alone passes
    only_tls 10.4.0.2 behind 198.51.100.14: TCP to port 443 alone passes
    ipv6    2001:db8::6 and no IPv4
"""

import os
import subprocess

from support.tap import Skip

SERVER = ('198.51.100.1', '198.51.100.2')
SERVER_IPV6 = ('2001:db8::1', '2001:db8::2')

# What a router does with the packets of its host: the NAT statement, and what may pass.
ROUTERS = {
    'cone': ('masquerade persistent', 'accept'),
    'symmetric': ('masquerade fully-random', 'accept'),
    'no_udp': ('masquerade', 'meta l4proto tcp accept'),
    'only_tls': ('masquerade', 'tcp dport 443 accept'),
}

RULES = """
table ip nat {{
  chain post {{ type nat hook postrouting priority 100; oifname "wan" {nat}; }}
}}
table ip filter {{
  chain forward {{
    type filter hook forward priority 0; policy drop;
    iifname "lan" {passes}
    ct state established,related accept
  }}
  chain input {{
    type filter hook input priority 0; policy drop;
    ct state established,related accept
  }}
}}
"""


def run(*command, text=None):
    done = subprocess.run(command, capture_output=True, text=True, input=text, check=False)
    if done.returncode != 0:
        raise Skip(f'{" ".join(command)}: {(done.stderr or done.stdout).strip()}')


class Internet:
    def __init__(self):
        self._prefix = f'th{os.getpid()}-'
        self._spaces = []

    def __enter__(self):
        try:
            self._space('inet')
            run('ip', '-n', self.space('inet'), 'link', 'add', 'bridge', 'type', 'bridge')
            run('ip', '-n', self.space('inet'), 'link', 'set', 'bridge', 'up')
            self._plug('server', *(f'{host}/24' for host in SERVER),
                       *(f'{host}/64' for host in SERVER_IPV6))
            self._plug('ipv6', '2001:db8::6/64')
            for number, (name, rules) in enumerate(ROUTERS.items(), 1):
                self._router(name, number, *rules)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for space in self._spaces:
            subprocess.run(['ip', 'netns', 'del', space], capture_output=True, check=False)

    def space(self, name):
        """The name of a host's namespace."""
        return self._prefix + name

    def command(self, name, *command):
        """A command to be run on that host."""
        return ['ip', 'netns', 'exec', self.space(name), *command]

    def _space(self, name):
        run('ip', 'netns', 'add', self.space(name))
        self._spaces.append(self.space(name))
        run('ip', '-n', self.space(name), 'link', 'set', 'lo', 'up')

    def _wire(self, one, one_end, other, other_end):
        run('ip', 'link', 'add', one_end, 'netns', self.space(one), 'type', 'veth',
            'peer', 'name', other_end, 'netns', self.space(other))
        for name, end in (one, one_end), (other, other_end):
            run('ip', '-n', self.space(name), 'link', 'set', end, 'up')

    def _addresses(self, name, end, addresses):
        for address in addresses:
            # An address that waits for proof that nobody else has it cannot be bound yet.
            options = ['nodad'] if ':' in address else []
            run('ip', '-n', self.space(name), 'addr', 'add', address, 'dev', end, *options)

    def _plug(self, name, *addresses):
        """A host on the internet itself."""
        self._space(name)
        self._wire('inet', f'to-{name}', name, 'wan')
        run('ip', '-n', self.space('inet'), 'link', 'set', f'to-{name}', 'master', 'bridge')
        self._addresses(name, 'wan', addresses)

    def _router(self, name, number, nat, passes):
        router = f'{name}-r'
        self._plug(router, f'198.51.100.{10 + number}/24')
        self._space(name)
        self._wire(router, 'lan', name, 'eth0')
        self._addresses(router, 'lan', [f'10.{number}.0.1/24'])
        self._addresses(name, 'eth0', [f'10.{number}.0.2/24'])
        run('ip', '-n', self.space(name), 'route', 'add', 'default', 'via', f'10.{number}.0.1')
        run(*self.command(router, 'sysctl', '-qw', 'net.ipv4.ip_forward=1'))
        run(*self.command(router, 'nft', '-f', '-'), text=RULES.format(nat=nat, passes=passes))
