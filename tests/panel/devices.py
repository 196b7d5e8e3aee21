# SPDX-License-Identifier: GPL-3.0-or-later
"""Devices that open the test page, without a browser: they tell what its page would tell."""

import base64
import http.client
import json
import os
import re
import socket
import urllib.parse

LOCALHOST = '127.0.0.1'
PHONE = ('Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) '
         'Chrome/126.0.0.0 Mobile Safari/537.36')
LAPTOP = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
TICKET = re.compile(r'name="turnhouse-ticket" content="([\w-]{22})"')
SECONDS = 10
TEXT = 0x81
MASKED = 0x80


def _candidate(kind, address, port, relay='', url=None):
    line = f'candidate:1 1 udp 2122260223 {address} {port} typ {kind}{relay}'
    return {'type': 'candidate', 'line': line} | ({'url': url} if url else {})


def _stats(local, remote):
    def place(name, side, address):
        return {'id': name, 'type': f'{side}-candidate', 'address': address, 'port': 50000,
                'protocol': 'udp', 'candidateType': 'relay'}
    return {'type': 'stats', 'reports': [
        place('l', 'local', local), place('r', 'remote', remote),
        {'id': 'p', 'type': 'candidate-pair', 'localCandidateId': 'l', 'remoteCandidateId': 'r',
         'state': 'succeeded', 'nominated': True},
        {'id': 't', 'type': 'transport', 'selectedCandidatePairId': 'p'}]}


def _way(way, works, took):
    return {'type': 'way', 'way': way, 'state': 'works' if works else 'failed', 'took': took}


GOES_WELL = [
    _candidate('host', '192.168.178.23', 51002),
    _candidate('srflx', '203.0.113.88', 51002, ' raddr 192.168.178.23 rport 51002',
               'stun:turn.example.org:3478'),
    _candidate('relay', '198.51.100.1', 50112, ' raddr 203.0.113.88 rport 51002',
               'turn:turn.example.org:3478?transport=udp'),
    _way('udp', True, 212), _way('tcp', True, 260), _way('tls', True, 344),
    _stats('198.51.100.1', '198.51.100.1'),
    {'type': 'gathered'},
    {'type': 'verdict', 'verdict': 'good', 'rtt': 38.2, 'rttP95': 61.4, 'jitter': 4.1,
     'loss': 0.005, 'throughput': 24.6e6},
]
BLOCKED_UDP = [
    _candidate('host', '10.20.30.40', 60100),
    {'type': 'problem', 'url': 'turn:turn.example.org:3478?transport=udp', 'code': 701,
     'text': 'TURN allocate request timed out.'},
    _way('udp', False, 10000), _way('tcp', True, 190),
    _stats('198.51.100.1', '198.51.100.1'),
    {'type': 'gathered'},
    {'type': 'verdict', 'verdict': 'limited', 'rtt': 51.7, 'rttP95': 80, 'jitter': 9.6, 'loss': 0,
     'throughput': 8.1e6},
]


class Device:
    """Opens a link of the test page, which leads to this machine, inside a with block."""

    def __init__(self, link, user_agent=LAPTOP):
        self._link, self._agent = urllib.parse.urlsplit(link), user_agent
        self._socket = None

    def __enter__(self):
        page = self._fetch()
        ticket = TICKET.search(page)
        assert ticket, f'the link did not open: {page}'
        self._socket = self._open(ticket[1])
        return self

    def __exit__(self, *_):
        self._socket.close()

    def tell(self, *messages):
        for time, message in enumerate(messages):
            self._send(json.dumps({'time': 30 * time} | message).encode())

    def _fetch(self):
        connection = http.client.HTTPConnection(LOCALHOST, self._link.port, timeout=SECONDS)
        connection.request('GET', f'{self._link.path}?{self._link.query}',
                           headers={'Host': self._link.netloc, 'Accept': 'text/html'})
        page = connection.getresponse().read().decode()
        connection.close()
        return page

    def _open(self, ticket):
        stream = socket.create_connection((LOCALHOST, self._link.port), SECONDS)
        key = base64.b64encode(os.urandom(16)).decode()
        stream.sendall(f'GET /test/stream?ticket={ticket} HTTP/1.1\r\n'
                       f'Host: {self._link.netloc}\r\nOrigin: http://{self._link.netloc}\r\n'
                       f'User-Agent: {self._agent}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'
                       f'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n'.encode())
        answer = stream.recv(4096)
        assert answer.startswith(b'HTTP/1.1 101 '), answer
        return stream

    def _send(self, payload):
        length = bytes([MASKED | len(payload)]) if len(payload) < 126 else \
            bytes([MASKED | 126]) + len(payload).to_bytes(2, 'big')
        self._socket.sendall(bytes([TEXT]) + length + bytes(4) + payload)
