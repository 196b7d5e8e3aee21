#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the TURN server's fuzzer into corpus/turn-server. Run it by hand when they
or the form of its events (see fuzz-turn-server.c) change."""

import pathlib
import struct

TIME, DATAGRAM, MESSAGE, FRAME, FROM_PEER, ICMP, FATE, REPETITION = range(8)
FINGERPRINT, SHA256, MD5_NAMED, SHA256_NAMED = 1, 2, 4, 8
TOKEN, WRONG_PASSWORD, OTHER_USER, INDICATION = 16, 32, 64, 128

BINDING, ALLOCATE, REFRESH, SEND, PERMIT, BIND = 1, 3, 4, 6, 8, 9
ADA, BOB, TCP, IPV6 = range(4)
PUBLIC, PUBLIC_IPV6, PRIVATE, LOOPBACK = 1, 2, 3, 4
RELAYED = 8  # and the number of the client


def event(kind, client=0, details=0):
    return bytes([kind | client << 3 | details << 5])


def attribute(kind, value=b""):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def message(client, method, attributes=b"", options=0, peer=0):
    head = bytes([method | peer << 4, options, len(attributes)])
    return event(MESSAGE, client) + head + attributes


def seconds(n):
    return event(TIME, 0, 4) + struct.pack(">H", n)


def frame(client, number, data, excess=0):
    padded = data + bytes(excess)
    return event(FRAME, client, 3 + excess) + bytes([len(data)]) + padded + bytes([number])


def from_peer(client, peer, data, ipv6=0):
    # IPv6 doubles the length that is said.
    return event(FROM_PEER, client, ipv6) + bytes([peer, len(data) >> ipv6]) + data


def datagram(client, data):
    return event(DATAGRAM, client) + struct.pack(">H", len(data)) + data


def plain(method, *attributes, kind=0):
    body = b"".join(attributes)
    return struct.pack(">HH", method | kind, len(body)) + b"\x21\x12\xa4\x42transaction." + body


UDP = attribute(0x0019, b"\x11\0\0\0")
TCP_TRANSPORT = attribute(0x0019, b"\x06\0\0\0")
ONLY_IPV6 = attribute(0x0017, b"\x02\0\0\0")
CHANGE_BOTH = attribute(0x0003, b"\0\0\0\x06")
BOTH = attribute(0x8000, b"\x02\0\0\0")
EVEN, PAIR = attribute(0x0018, b"\0"), attribute(0x0018, b"\x80")


def lifetime(n):
    return attribute(0x000D, struct.pack(">I", n))


def channel(n):
    return attribute(0x000C, struct.pack(">HH", 0x4000 + n, 0))


def data(text):
    return attribute(0x0013, text)


def allocate(client, *attributes, options=0):
    return message(client, ALLOCATE, UDP + b"".join(attributes), options)


def bind(client, number, peer):
    return message(client, BIND, channel(number), 0, peer)


SEEDS = {
    "allocate-refresh-end": allocate(ADA) + message(ADA, REFRESH, lifetime(3600))
    + message(ADA, REFRESH, lifetime(0)) + message(ADA, REFRESH, lifetime(0)),
    "repeated": allocate(ADA, options=FINGERPRINT) + event(REPETITION, ADA) + allocate(ADA),
    "expiry": allocate(ADA) + seconds(599) + message(ADA, REFRESH) + seconds(600)
    + event(REPETITION),
    "algorithms": allocate(ADA, options=SHA256 | SHA256_NAMED)
    + message(ADA, REFRESH, b"", MD5_NAMED | FINGERPRINT) + message(ADA, REFRESH, b"", SHA256),
    "send-and-data": allocate(ADA) + message(ADA, PERMIT, b"", 0, PUBLIC)
    + message(ADA, SEND, data(b"hello"), INDICATION, PUBLIC) + from_peer(ADA, PUBLIC, b"world"),
    "channels": allocate(ADA) + bind(ADA, 0, PUBLIC) + frame(ADA, 0, b"frame")
    + from_peer(ADA, PUBLIC, b"back") + frame(ADA, 0, b"padded", 2) + seconds(301)
    + frame(ADA, 0, b"late") + message(ADA, PERMIT, b"", 0, PUBLIC) + frame(ADA, 0, b"again"),
    "tcp": allocate(TCP) + bind(TCP, 1, PUBLIC) + from_peer(TCP, PUBLIC, b"12345")
    + message(TCP, SEND, data(b""), INDICATION, PUBLIC) + event(FATE, TCP, 0),
    "ipv6": allocate(IPV6, ONLY_IPV6) + bind(IPV6, 2, PUBLIC_IPV6)
    + from_peer(IPV6, PUBLIC_IPV6, b"12345678", 1),
    "both-families": allocate(ADA, BOTH) + bind(ADA, 0, PUBLIC) + bind(ADA, 1, PUBLIC_IPV6)
    + frame(ADA, 1, b"six") + message(ADA, REFRESH, lifetime(0) + ONLY_IPV6)
    + frame(ADA, 1, b"six"),
    "pair-and-token": allocate(ADA, PAIR) + message(TCP, ALLOCATE, UDP, TOKEN)
    + message(BOB, ALLOCATE, UDP, TOKEN) + allocate(BOB, EVEN) + seconds(40),
    "relay-to-relay": allocate(ADA) + allocate(BOB) + bind(ADA, 0, RELAYED + BOB)
    + bind(BOB, 1, RELAYED + ADA) + frame(ADA, 0, b"over") + message(BOB, REFRESH, lifetime(0))
    + frame(ADA, 0, b"gone"),
    "denied": allocate(ADA) + message(ADA, PERMIT, b"", 0, PRIVATE) + bind(ADA, 0, LOOPBACK)
    + message(ADA, SEND, data(b"x"), INDICATION, PRIVATE),
    "icmp": allocate(ADA) + message(ADA, PERMIT, b"", 0, PUBLIC)
    + event(ICMP, ADA, 0) + bytes([PUBLIC, 3, 4, 5, 120]),
    "wrong-credentials": allocate(ADA, options=WRONG_PASSWORD) + allocate(ADA)
    + message(ADA, REFRESH, lifetime(0), OTHER_USER),
    "quota": allocate(ADA) + allocate(TCP) + allocate(IPV6) + allocate(BOB) + event(FATE, ADA, 5),
    "failing-sockets": event(FATE, 0, 1) + bytes([3]) + allocate(ADA, PAIR) + event(FATE, 0, 2)
    + bytes([1]) + allocate(BOB, BOTH),
    "rotation": allocate(ADA) + event(FATE, 0, 4) + bytes([2]) + message(ADA, REFRESH)
    + seconds(2000) + message(ADA, REFRESH) + event(FATE, 0, 6) + b"\0\1" + allocate(BOB),
    "nat-discovery": datagram(ADA, plain(BINDING, CHANGE_BOTH)) + datagram(ADA, plain(BINDING))
    + datagram(TCP, plain(BINDING, CHANGE_BOTH)) + allocate(ADA, CHANGE_BOTH)
    + datagram(ADA, plain(BINDING, CHANGE_BOTH, attribute(0x0027, bytes(4))))
    + datagram(ADA, plain(BINDING, attribute(0x0003, bytes(2)), attribute(0x0026, bytes(99)))),
    "bad-requests": message(ADA, ALLOCATE) + message(ADA, ALLOCATE, TCP_TRANSPORT)
    + allocate(ADA, attribute(0x7FFF)) + allocate(ADA, EVEN, attribute(0x0022, bytes(8)))
    + message(ADA, BIND) + message(ADA, PERMIT),
    "datagrams": datagram(ADA, plain(BINDING)) + datagram(BOB, plain(ALLOCATE, UDP))
    + datagram(IPV6, plain(SEND, data(b"x"), kind=0x10)) + datagram(ADA, b"\x40\0\0\4abcd")
    + datagram(ADA, b"\x40") + datagram(ADA, plain(BINDING, attribute(0x7FFF)))
    + datagram(TCP, plain(ALLOCATE, attribute(0x0006, b"ada"), attribute(0x0008, bytes(20)))),
}

folder = pathlib.Path(__file__).parent / "corpus" / "turn-server"
folder.mkdir(parents=True, exist_ok=True)
for name, seed in SEEDS.items():
    (folder / name).write_bytes(seed)
