# SPDX-License-Identifier: GPL-3.0-or-later
"""Credentials as LiveKit's embedded TURN server has them, by another road than ours."""

import hashlib

ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'


def base62(data):
    """As a text of binary digits that is cut from its end: six at a time, or five where six would
    be 30, 31, 62 or 63; what is left at last may be 30 or 31."""
    digits = ''.join(f'{byte:08b}' for byte in data)
    text = ''
    while digits:
        taken = min(len(digits), 6)
        value = int(digits[-taken:], 2)
        if value & 30 == 30 and (len(digits) > 6 or value > 31):
            taken, value = 5, value & 31
        text += ALPHABET[value]
        digits = digits[:-taken]
    return text


def credential(api_key, api_secret, user, expires_at):
    """User name and password."""
    password = hashlib.sha256(f'{api_secret}|{user}|{expires_at}'.encode()).digest()
    return base62(f'{api_key}|{user}|{expires_at}'.encode()), base62(password)
