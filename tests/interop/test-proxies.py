# SPDX-License-Identifier: GPL-3.0-or-later
"""HAProxy and nginx in front of turnhouse-server: a client of coturn's that comes through either
loses nothing, and the relay knows the address that it has on the other side."""

import os
import re
import shutil
import socket
import sys
import tempfile
import time

from support import children
from support.ports import free_port
from support.server import Server
from support.tap import Cases, main

CLIENT = '127.0.0.5'  # the proxies connect from 127.0.0.1
MESSAGES = 20
SECONDS = 60

HAPROXY = """\
global
  maxconn 100
defaults
  mode tcp
  timeout connect 10s
  timeout client 60s
  timeout server 60s
listen first
  bind 127.0.0.1:{ports[haproxy-v1]}
  server relay 127.0.0.1:{relay} send-proxy check inter 200
listen second
  bind 127.0.0.1:{ports[haproxy-v2]}
  server relay 127.0.0.1:{relay} send-proxy-v2 proxy-v2-options unique-id,crc32c check inter 200
"""

NGINX = """\
daemon off;
pid {directory}/nginx.pid;
error_log {directory}/nginx.log;
load_module /usr/lib/nginx/modules/ngx_stream_module.so;
events {{ }}
stream {{
  server {{
    listen 127.0.0.1:{ports[nginx]};
    proxy_pass 127.0.0.1:{relay};
    proxy_protocol on;
  }}
}}
"""


class Behind(Server):
    """A relay that takes everyone from loopback for a proxy."""

    def configuration(self):
        return re.sub('(?m)^port = ', 'proxy-protocol-from = 127.0.0.0/8\nport = ',
                      super().configuration(), count=1)


class Proxies:
    """HAProxy on two ports, speaking a version of the protocol on each, and nginx on a third."""

    def __init__(self, relay):
        self._relay = relay
        self.ports = {name: free_port() for name in ('haproxy-v1', 'haproxy-v2', 'nginx')}

    def __enter__(self):
        haproxy, nginx = children.program('haproxy'), children.program('nginx')
        self._directory = tempfile.mkdtemp(prefix='turnhouse-proxies-')
        os.chmod(self._directory, 0o755)  # nginx's workers are another user's
        self._children = [
            children.start([haproxy, '-db', '-f', self._write('haproxy.cfg', HAPROXY)]),
            children.start([nginx, '-p', self._directory, '-c', self._write('nginx.conf', NGINX)])]
        for port in self.ports.values():
            _wait_for(port)
        return self

    def __exit__(self, *_):
        for child in self._children:
            children.stop(child)
        shutil.rmtree(self._directory, ignore_errors=True)

    def _write(self, name, template):
        path = os.path.join(self._directory, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(template.format(ports=self.ports, relay=self._relay,
                                       directory=self._directory))
        return path


def _wait_for(port):
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            return socket.create_connection(('127.0.0.1', port), 5).close()
        except OSError:
            assert time.monotonic() < deadline, f'nobody listens on port {port}'
            time.sleep(0.05)


def relays_through(server, peer_port, port, name, *options):
    code, written = children.output(
        [children.program('turnutils_uclient'), '-t', *options, '-c', '-n', str(MESSAGES), '-L', CLIENT,
         '-u', name, '-W', server.secret, '-p', str(port), '-e', '127.0.0.1', '-r', str(peer_port),
         '127.0.0.1'], SECONDS)
    assert code == 0 and 'Total lost packets 0 (' in written, written
    seen = re.findall(rf'.*{name}.*', server.log())
    assert any(re.search(rf'\b{re.escape(CLIENT)}:\d+', line) for line in seen), server.log()


def ends(server, hello):
    with socket.create_connection(('127.0.0.1', server.port), SECONDS) as connection:
        connection.sendall(hello)
        try:
            assert connection.recv(1) == b''
        except ConnectionResetError:
            pass


def check_knows_that_it_must_say_who_it_is(binary):
    with Behind(binary) as server:
        server.stop()
        written = server.run('--check')
    assert 'TCP' in written, written


def run(binary):
    os.environ['G_MESSAGES_DEBUG'] = 'turnhouse-server'  # each call, with its client
    cases = Cases()
    peer_port = free_port(following=1)
    peer = children.start([children.program('turnutils_peer'), '-L', '127.0.0.1', '-p',
                           str(peer_port)])
    with Behind(binary, tls=True) as server, Proxies(server.port) as proxies:
        for name, port in proxies.ports.items():
            cases.add(f'relays-through/{name}', relays_through, server, peer_port, port, name)
            cases.add(f'relays-through/{name}/tls', relays_through, server, peer_port, port,
                      f'{name}-tls', '-S')
        cases.add('ends-without-a-header', ends, server, bytes(20))
        cases.add('check-knows-that-it-must-say-who-it-is',
                  check_knows_that_it_must_say_who_it_is, binary)
        cases.add_last('server-stops-cleanly', server.stop)
        code = cases.run(8)
    children.stop(peer)
    return code


if __name__ == '__main__':
    main(lambda: run(*sys.argv[1:]))
