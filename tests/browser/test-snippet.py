# SPDX-License-Identifier: GPL-3.0-or-later
"""The snippets for web apps in a real browser, as they are: in a page of this machine, with a
running server, until the browser has a relayed candidate.

Arguments: turnhouse-server, write-snippets.
"""

import sys
import tempfile

from browsers import chromium, firefox, visiting
from support import snippets
from support.server import Server
from support.tap import Cases, main
from website import Website

SERVER, WRITE = sys.argv[1:]
SECONDS = 60

PAGE = """\
<!doctype html>
<title>Turnhouse browser test</title>
<script>
  const report = (result) => fetch('/result/page', { method: 'POST', body: JSON.stringify(result) });
  onerror = (message) => report(`error: ${message}`);
  onunhandledrejection = ({ reason }) => report(`rejected: ${reason}`);
</script>
<script type="module">
%s
connection.onicecandidate = ({ candidate }) => {
  if (candidate === null || candidate.type === 'relay') report(candidate && candidate.candidate);
};
connection.createDataChannel('any');
await connection.setLocalDescription();
</script>
"""


def gathers_a_relayed_candidate(browser, name, token):
    settings = f'trust-loopback = false\ntokens = app:{token}\n' if token else ''
    with Website() as website, tempfile.TemporaryDirectory(prefix='turnhouse-test-') as directory, \
            Server(SERVER, f'{settings}cors-origins = {website.url.rstrip("/")}\n') as server:
        snippets.write_for_server(WRITE, directory, server, token=token)
        website.pages['/snippet.html'] = (PAGE % snippets.read(directory, name)).encode()
        with visiting(browser, website.url + 'snippet.html'):
            candidate = website.result('page', SECONDS)
        assert candidate and ' typ relay' in candidate, candidate
        server.stop()
    return candidate


def run():
    cases = Cases()
    for browser in chromium, firefox:
        for name in 'web-module', 'web-fetch':
            for token in None, 'a-token':
                cases.add(f'/browser/snippet/{browser.__name__}/{name}'
                          f'/{"with" if token else "without"}-token',
                          gathers_a_relayed_candidate, browser, name, token)
    return cases.run(at_once=2)


main(run)
