# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers fetch credentials from the endpoint and talk through turnhouse-server alone.

First two connections inside one page of each browser, then Chromium with Firefox. Random bytes go
both ways over a data channel; their hashes must agree, and every candidate must be a relayed one.
"""

import sys
import tempfile
import urllib.parse

import browsers
from support.certificates import Authority
from support.server import Server
from support.tap import Cases, main
from website import Website

BYTES_IN_ONE_PAGE = 50_000_000
BYTES_BETWEEN_BROWSERS = 10_000_000
LIMIT_SECONDS = 150

# An authority that only these browsers know has signed it.
CERTIFICATE = """
[tls]
certificate = {}
private-key = {}
"""


def page(website, server, role, transport, count):
    endpoint = f'http://127.0.0.1:{server.endpoint_port}/api/ice-servers'
    return website.url + 'page.html?' + urllib.parse.urlencode(
        {'role': role, 'transport': transport, 'bytes': count, 'endpoint': endpoint})


def ends(result):
    assert 'error' not in result, f'{result["browser"]}: {result["error"]}'
    return result['ends']


def check(one, other, transport, count):
    """What both ends saw of one exchange; returns its speed in words."""
    for end in one, other:
        assert end['bytes'] == count
        assert end['local'] == end['remote'] == 'relay', end
        assert end['relayProtocol'] == transport, end
        assert all(' typ relay ' in candidate for candidate in end['candidates']), end
    assert one['sent'] == other['received'] and other['sent'] == one['received'], (one, other)
    assert one['sent'] != other['sent']
    return f'{count / max(one["seconds"], other["seconds"]) / 1e6:.1f} MB/s each way'


def one_page(server, browser, transport, count=BYTES_IN_ONE_PAGE):
    with Website() as website:
        url = page(website, server, 'both', transport, count)
        with browsers.visiting(browser, url, server.root):
            both = ends(website.result('both', LIMIT_SECONDS))
    return check(*both, transport, count)


def two_browsers(server, transport):
    with Website() as website:
        urls = [page(website, server, role, transport, BYTES_BETWEEN_BROWSERS)
                for role in ('caller', 'callee')]
        with browsers.visiting(browsers.chromium, urls[0]), \
                browsers.visiting(browsers.firefox, urls[1]):
            caller = ends(website.result('caller', LIMIT_SECONDS))
            callee = ends(website.result('callee', LIMIT_SECONDS))
    return check(*caller, *callee, transport, BYTES_BETWEEN_BROWSERS)


def run_cases(server):
    cases = Cases()
    for transport in 'udp', 'tcp':
        for browser in browsers.chromium, browsers.firefox:
            cases.add(f'/browser/{browser.__name__}/{transport}', one_page, server, browser,
                      transport)
        cases.add(f'/browser/chromium-to-firefox/{transport}', two_browsers, server, transport)
    cases.add('/browser/chromium/tls', one_page, server, browsers.chromium, 'tls')
    cases.add('/browser/firefox/tls', one_page, server, browsers.firefox, 'tls',
              BYTES_BETWEEN_BROWSERS)
    cases.add_last('/browser/server-stops-cleanly', server.stop)
    return cases.run()


def run():
    with tempfile.TemporaryDirectory() as directory:
        authority = Authority(directory)
        settings = CERTIFICATE.format(*authority.pair('relay'))
        with Server(sys.argv[1], settings, tls=True) as server:
            server.root = authority.root
            return run_cases(server)


main(run)
