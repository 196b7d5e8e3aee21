#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the STUN fuzzer into corpus/stun-message. Run it by hand when they change."""

import binascii
import hashlib
import hmac
import pathlib
import struct

KEY = b"VOkJxbRl1RmTxUk/WvJxBt"
COOKIE = bytes.fromhex("2112a442")
ID = b"turnhouse-id"


def attribute(kind, value=b""):
    return struct.pack(">HH", kind, len(value)) + value + bytes(-len(value) % 4)


def message(*attributes, kind=0x0001, length=None, cookie=COOKIE):
    body = b"".join(attributes)
    return struct.pack(">HH", kind, len(body) if length is None else length) + cookie + ID + body


def signed(kind, digest, size, *attributes, after=b""):
    unsigned = message(*attributes)
    length = len(unsigned) - 20 + 4 + size
    unsigned = unsigned[:2] + struct.pack(">H", length) + unsigned[4:]
    mac = hmac.new(KEY, unsigned, digest).digest()[:size]
    whole = unsigned + attribute(kind, mac) + after
    return whole[:2] + struct.pack(">H", len(whole) - 20) + whole[4:]


def fingerprinted(plain):
    longer = plain[:2] + struct.pack(">H", len(plain) - 20 + 8) + plain[4:]
    crc = binascii.crc32(longer) ^ 0x5354554E
    return longer + attribute(0x8028, struct.pack(">I", crc))


def xor_address(kind, family, host):
    mask = COOKIE + ID
    port = struct.pack(">H", 3478 ^ 0x2112)
    masked = bytes(a ^ b for a, b in zip(host, mask))
    return attribute(kind, bytes([0, family]) + port + masked)


USERNAME = attribute(0x0006, b"evtj:h6vY")
PEER4 = xor_address(0x0012, 1, bytes([192, 0, 2, 1]))
PEER6 = xor_address(0x0012, 2, bytes.fromhex("20010db8000000000000000000000001"))
LIFETIME = attribute(0x000D, struct.pack(">I", 600))

SEEDS = {
    "binding": message(),
    "binding-fingerprint": fingerprinted(message()),
    "allocate-sha1-fingerprint": fingerprinted(
        signed(0x0008, hashlib.sha1, 20, USERNAME, attribute(0x0019, b"\x11\0\0\0"), LIFETIME)
    ),
    "sha256-16": signed(0x001C, hashlib.sha256, 16, USERNAME),
    "sha256-32": signed(0x001C, hashlib.sha256, 32, attribute(0x001E, bytes(32)), PEER6),
    "peers": message(PEER4, PEER6, PEER4, kind=0x0008),
    "send-indication": message(PEER4, attribute(0x0013, b"hello"), kind=0x0016),
    "error-438": message(
        attribute(0x0009, b"\0\0\x04\x26Stale Nonce"),
        attribute(0x0014, b"turnhouse"),
        attribute(0x0015, b"obMatJos2AAAC" + bytes(28)),
        attribute(0x8002, bytes.fromhex("0002000000010000")),
        kind=0x0113,
    ),
    "unknown-420": message(
        attribute(0x0009, b"\0\0\x04\x14"),
        attribute(0x000A, b"\x70\x01\x70\x02\x70\x03"),
        kind=0x0113,
    ),
    "after-integrity": signed(
        0x0008, hashlib.sha1, 20, USERNAME, after=PEER4 + attribute(0x001C, bytes(32)) + LIFETIME
    ),
    "nasty-integrity-lengths": message(
        *(attribute(kind, bytes(n)) for n in (0, 19, 21, 32, 12) for kind in (0x0008, 0x001C))
    ),
    "nasty-fingerprint-first": message(attribute(0x8028, bytes(4)), USERNAME, LIFETIME),
    "nasty-empty-attributes": message(*(attribute(n * 7919 % 65536) for n in range(400))),
    "nasty-past-the-end": message(struct.pack(">HH", 0x0006, 0xFFFF) + bytes(8)),
    "nasty-length-ffff": message(USERNAME, length=0xFFFF),
    "nasty-length-odd": message(length=2) + b"\0\0",
    "nasty-missing-padding": message(attribute(0x8022, b"five5")[:-3], length=9),
    "nasty-no-cookie": message(USERNAME, cookie=b"\1\2\3\4"),
    "nasty-first-bits": message(kind=0xC001),
    "nasty-19-bytes": message()[:19],
    "nasty-nothing": b"",
}

folder = pathlib.Path(__file__).parent / "corpus" / "stun-message"
folder.mkdir(parents=True, exist_ok=True)
for name, seed in SEEDS.items():
    (folder / name).write_bytes(seed)
