# SPDX-License-Identifier: GPL-3.0-or-later
"""Real browsers open the test page by its link; what it finds arrives in the engine."""

import json
import subprocess
import sys
import threading

import browsers
from support import children
from support.tap import Cases, main

LIMIT_SECONDS = 90
WORKS = 2


def visit(program, browser):
    """What the engine knows of a visit of that browser, from link to verdict."""
    engine = children.start([program], stdout=subprocess.PIPE, text=True)
    timer = threading.Timer(LIMIT_SECONDS, children.stop, [engine])
    timer.start()
    try:
        link = engine.stdout.readline().strip()
        assert '/test?link=' in link, link
        with browsers.visiting(browser, link):
            line = engine.stdout.readline()
        assert line, f'no visit came to its end within {LIMIT_SECONDS} s'
        assert engine.wait(LIMIT_SECONDS) == 0
    finally:
        timer.cancel()
        children.stop(engine)
        engine.stdout.close()
    return json.loads(line)


def check(program, browser, name):
    seen = visit(program, browser)
    assert seen['done'], seen
    assert seen['name'] == f'{name} on Linux', seen['name']
    assert seen['ways']['udp'] == seen['ways']['tcp'] == WORKS, seen
    assert seen['verdict'] in ('good', 'limited'), seen
    assert any(candidate['type'] == 'relay' for candidate in seen['candidates']), seen
    assert seen['pairs'] >= 1 and seen['samples'] >= 5, seen
    assert 0 < seen['rtt'] < 2000 and seen['loss'] < 0.5 and seen['throughput'] > 1e5, seen
    return f"{seen['rtt']:.1f} ms, {seen['throughput'] / 1e6:.1f} Mbit/s"


def run():
    cases = Cases()
    cases.add('/browser/test-page/chromium', check, sys.argv[1], browsers.chromium, 'Chrome')
    cases.add('/browser/test-page/firefox', check, sys.argv[1], browsers.firefox, 'Firefox')
    return cases.run()


main(run)
