# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers fetch credentials from the endpoint and talk through turnhouse-server alone.

First two connections inside one page of each browser, then Chromium with Firefox. Random bytes go
both ways over a data channel; their hashes must agree, and every candidate must be a relayed one.
"""

import sys
import urllib.parse

import browsers
from support.server import Server
from support.tap import Cases, main
from website import Website

BYTES_IN_ONE_PAGE = 50_000_000
BYTES_BETWEEN_BROWSERS = 10_000_000
LIMIT_SECONDS = 150


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


def one_page(server, browser, transport):
    with Website() as website:
        url = page(website, server, 'both', transport, BYTES_IN_ONE_PAGE)
        with browsers.visiting(browser, url):
            both = ends(website.result('both', LIMIT_SECONDS))
    return check(*both, transport, BYTES_IN_ONE_PAGE)


def two_browsers(server, transport):
    with Website() as website:
        urls = [page(website, server, role, transport, BYTES_BETWEEN_BROWSERS)
                for role in ('caller', 'callee')]
        with browsers.visiting(browsers.chromium, urls[0]), \
                browsers.visiting(browsers.firefox, urls[1]):
            caller = ends(website.result('caller', LIMIT_SECONDS))
            callee = ends(website.result('callee', LIMIT_SECONDS))
    return check(*caller, *callee, transport, BYTES_BETWEEN_BROWSERS)


def run():
    cases = Cases()
    with Server(sys.argv[1]) as server:
        for transport in 'udp', 'tcp':
            for browser in browsers.chromium, browsers.firefox:
                cases.add(f'/browser/{browser.__name__}/{transport}', one_page, server, browser,
                          transport)
            cases.add(f'/browser/chromium-to-firefox/{transport}', two_browsers, server, transport)
        cases.add_last('/browser/server-stops-cleanly', server.stop)
        return cases.run()


main(run)
