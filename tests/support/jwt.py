# SPDX-License-Identifier: GPL-3.0-or-later
"""JWTs (RFC 7519) with HS256, by nothing but Python's own modules."""

import base64
import hashlib
import hmac
import json


def sign(claims, secret, algorithm='HS256'):
    """A token; whatever algorithm it names, it is signed with HMAC-SHA256."""
    text = f'{_pack({"alg": algorithm, "typ": "JWT"})}.{_pack(claims)}'
    return f'{text}.{_signature(text, secret)}'


def verify(token, secret):
    """The claims of a token, after its header and signature were found right."""
    text, signature = token.rsplit('.', 1)
    header, claims = (json.loads(_decode(part)) for part in text.split('.'))
    assert header == {'alg': 'HS256', 'typ': 'JWT'}, header
    assert signature == _signature(text, secret), token
    return claims


def _signature(text, secret):
    return _encode(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())


def _pack(value):
    return _encode(json.dumps(value, separators=(',', ':')).encode())


def _encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b'=').decode()


def _decode(text):
    assert '=' not in text
    return base64.urlsafe_b64decode(text + '=' * (-len(text) % 4))
