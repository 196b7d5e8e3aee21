#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The real panel for a long time, with real clients that come, talk and go.

Graph and table take turns. Every ten seconds the memory, the open descriptors and the threads of
the panel are noted; once it is warm none of them may go on growing. Ends with 0 if none did and the
panel ended well, with 1 if not. Under the sanitizers, which keep what was freed for a while, memory
is not judged: there LeakSanitizer speaks at the end.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir))

# pylint: disable=wrong-import-position
from calls import fetch_credentials
from panel import NO_LIMITS, Panel
from support import children

SAMPLE_SECONDS = 10
VIEW_SECONDS = 45
CLIENTS = 6             # programs at one time, each with several sessions
FLOWS = (1, 15)         # pairs of them
CALL_SECONDS = (4, 40)
QUIET_SECONDS = 20
WARM_PART = 0.25        # of the time, but no more than
WARM_SECONDS = 300
BOUNDS = 4, 4, 2        # of what may grow: MiB, descriptors, threads
KINDS = ([], ['--tcp'], ['--pairs'], ['--pairs', '--tcp'])


def arguments():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--panel', required=True, help='the turnhouse program')
    parser.add_argument('--schemas', required=True, help='the folder of its compiled schema')
    parser.add_argument('--load', required=True, help='the load program of tests/bench')
    parser.add_argument('--minutes', type=float, default=30, help='how long (%(default)s)')
    parser.add_argument('--sanitized', action='store_true', help='memory is not judged')
    parser.add_argument('--seed', type=int, default=1, help='of who comes when (%(default)s)')
    return parser.parse_args()


class Soaked(Panel):
    """The panel on its Connections page, with no limits in the way of clients."""

    def __init__(self, *paths):
        super().__init__(*paths, page='connections', window=(960, 680), settings=NO_LIMITS)

    def sample(self):
        """Resident MiB, descriptors, threads."""
        process = f'/proc/{self._child.pid}'
        return self.memory(), len(os.listdir(f'{process}/fd')), len(os.listdir(f'{process}/task'))


class Clients:
    """Programs that each hold some sessions for a while, and end them."""

    def __init__(self, panel, load, seed):
        self._panel, self._load, self._random = panel, load, random.Random(seed)
        self._folder = tempfile.TemporaryDirectory(prefix='turnhouse-soak-')
        self._running, self._started, self.n_sessions = [], 0, 0

    def tend(self):
        """Starts one where there are too few."""
        self._running = [child for child in self._running if child.poll() is None]
        if len(self._running) < CLIENTS:
            self._start()

    def wait_until_gone(self):
        """Each ends its sessions when its time is over."""
        for child in self._running:
            child.wait(2 * CALL_SECONDS[1])

    def _start(self):
        self._started += 1
        user, password = fetch_credentials(self._panel, user=f'user-{self._started % 40}')
        path = os.path.join(self._folder.name, f'{self._started}')
        with open(path, 'w', encoding='ascii') as file:
            file.write(password)
        flows = 2 * self._random.randint(*FLOWS)  # for pairs
        self.n_sessions += flows
        self._running.append(children.start(
            [self._load, '--port', str(self._panel.port), '--user', user, '--password-file', path,
             '--flows', str(flows), '--rate', str(20 * flows),
             '--seconds', str(self._random.uniform(*CALL_SECONDS)),
             '--client-net', f'127.1.{self._started % 250}.1',
             '--peer-net', f'127.2.{self._started % 250}.1', *self._random.choice(KINDS)],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))


class View:
    """Which of the two is shown."""

    def __init__(self, panel):
        self._program, self._next, self._due = panel.program(), 0, 0

    def tend(self, now):
        if now >= self._due:
            self._due = now + VIEW_SECONDS
            self._program.press('page tab', ('Graph', 'Table')[self._next])
            self._next = 1 - self._next


def say(text):
    print(text, flush=True)


def run(panel, clients, seconds):
    """One sample for each ten seconds."""
    begun, samples, view = time.monotonic(), [], None
    while (now := time.monotonic() - begun) < seconds:
        clients.tend()
        if view is None and now > VIEW_SECONDS / 3:
            view = View(panel)
        if view:
            view.tend(now)
        if now >= len(samples) * SAMPLE_SECONDS:
            samples.append(panel.sample())
            if len(samples) % 6 == 1:
                memory, descriptors, threads = samples[-1]
                say(f'{now / 60:5.1f} min: {memory:.1f} MiB, {descriptors} descriptors, '
                    f'{threads} threads; {clients.n_sessions} sessions so far')
        time.sleep(1)
    return samples


def judge(samples, idle, sanitized):
    """What has grown, in words. idle: two samples without sessions, at the start and at the end"""
    warm = samples[min(int(len(samples) * WARM_PART), WARM_SECONDS // SAMPLE_SECONDS):]
    part = max(len(warm) // 4, 1)
    before, after = (statistics.median(sample[0] for sample in samples)
                     for samples in (warm[:part], warm[-part:]))
    names = 'MiB', 'descriptors', 'threads'
    say(f'memory with sessions: {before:.1f} MiB when warm, {after:.1f} MiB at the end (medians of '
        f'{part * SAMPLE_SECONDS} s), at most {max(sample[0] for sample in samples):.1f} MiB')
    say('without sessions: ' + '; '.join(
        f'{values[0]:.5g} {name} at the start, {values[1]:.5g} at the end'
        for name, values in zip(names, zip(*idle))))
    growths = [after - before, *(idle[1][what] - idle[0][what] for what in (1, 2))]
    return [f'{growth:.1f} {name} more, where {bound} are allowed'
            for name, growth, bound in zip(names, growths, BOUNDS)
            if growth > bound and not (sanitized and name == 'MiB')]


def main():
    options = arguments()
    with Soaked(options.panel, options.schemas) as panel:
        panel.wait_for_first_frame()
        time.sleep(QUIET_SECONDS)
        idle = panel.sample()
        clients = Clients(panel, options.load, options.seed)
        samples = run(panel, clients, options.minutes * 60)
        clients.wait_until_gone()
        time.sleep(QUIET_SECONDS)
        faults = judge(samples, (idle, panel.sample()), options.sanitized)
        try:
            panel.stop()
        except AssertionError as error:
            faults.append(str(error))
    for fault in faults:
        say(f'soak: {fault}')
    say(f'soak: {clients.n_sessions} sessions in {options.minutes:g} minutes: '
        f'{"not well" if faults else "well"}')
    return 1 if faults else 0


if __name__ == '__main__':
    sys.exit(main())
