# SPDX-License-Identifier: GPL-3.0-or-later
"""/client.mjs in a real browser: an app's page fetches, keeps, renews, connects, and falls back."""

import secrets
import sys
import urllib.parse

import browsers
from support.server import Server
from support.tap import Cases, main
from website import Website

LIMIT_SECONDS = 60


class Visit:
    """One browser on the page, and what it has reported."""

    def __init__(self, website):
        self._website = website
        self._results = {}

    def result(self, name):
        if name not in self._results:
            self._results[name] = self._website.result(name, LIMIT_SECONDS)
        assert 'error' not in self._results[name], self._results[name]['error']
        return self._results[name]


def is_kept(visit):
    """The page has a credential for its user, and does not ask twice."""
    seen = visit.result('alive')
    assert seen['kept'].endswith(':anna'), seen
    assert seen['cached'], seen


def connects(visit):
    """With nothing but what the module gave, over the relay alone."""
    assert visit.result('alive')['talked'] == {'local': 'relay', 'remote': 'relay', 'whole': True}


def is_renewed(visit):
    """At half of ten seconds, and long before they are over."""
    seen = visit.result('alive')
    assert 4500 <= seen['after'] <= 9000, seen
    assert seen['second'] > seen['first'], seen
    return f'renewed after {seen["after"]} ms of 10000'


def falls_back(visit, website, server):
    """The endpoint dies: when the credential has expired, STUN is what is left."""
    visit.result('waiting')
    server.stop()
    website.box('/mail/gone').put(b'{}')
    seen = visit.result('gone')
    stun = [entry for entry in seen['before']['iceServers'] if 'credential' not in entry]
    assert stun and seen['left'] == {'iceServers': stun, 'fallback': True}, seen


def run():
    cases = Cases()
    token = secrets.token_hex(16)
    settings = f'trust-loopback = false\ntokens = page:{token}\ncors-origins = '
    with Website() as website, Server(sys.argv[1], settings + website.url.rstrip('/')) as server:
        page = website.url + 'module.html?' + urllib.parse.urlencode(
            {'url': f'http://127.0.0.1:{server.endpoint_port}', 'token': token})
        with browsers.visiting(browsers.chromium, page):
            visit = Visit(website)
            cases.add('/browser/client-module/keeps-what-it-was-given', is_kept, visit)
            cases.add('/browser/client-module/relay-only-connection', connects, visit)
            cases.add('/browser/client-module/renews-at-half-life', is_renewed, visit)
            cases.add('/browser/client-module/falls-back-to-stun', falls_back, visit, website,
                      server)
            return cases.run()


main(run)
