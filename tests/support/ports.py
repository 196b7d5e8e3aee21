# SPDX-License-Identifier: GPL-3.0-or-later
"""Free ports on loopback, below those that the kernel hands out for outgoing connections."""

import random
import socket

SINGLE_PORTS = range(20000, 32000)
RELAY_PORTS = range(10000, 20000)
RELAY_PORTS_PER_SERVER = 500


def free_port(following=0):
    """A port that is free for UDP and TCP over IPv4 and IPv6, as are so many following it."""
    while True:
        port = random.choice(SINGLE_PORTS)
        if all(_is_free(port + step) for step in range(following + 1)):
            return port


def relay_range():
    """First and last port of a range for one server's relay sockets."""
    first = random.choice(RELAY_PORTS[::RELAY_PORTS_PER_SERVER])
    return first, first + RELAY_PORTS_PER_SERVER - 1


def _is_free(port):
    for family, host in (socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'):
        for kind in socket.SOCK_DGRAM, socket.SOCK_STREAM:
            with socket.socket(family, kind) as attempt:
                try:
                    attempt.bind((host, port))
                except OSError:
                    return False
    return True
